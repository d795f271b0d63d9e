"""The command `rapport`."""
