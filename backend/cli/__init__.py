"""The command `rapport`. Each command is one call into the product; none decides anything."""
