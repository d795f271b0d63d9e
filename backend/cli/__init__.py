"""The command `rapport`. Each command is one call into a part; none of them decides anything."""
