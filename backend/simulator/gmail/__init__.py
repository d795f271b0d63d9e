"""Gmail API v1, as the simulator answers it."""
