"""The embedded servers and the parts of `rapport up`."""
