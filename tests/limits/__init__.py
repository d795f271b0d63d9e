"""The shared limits, against a real server that speaks Redis."""
