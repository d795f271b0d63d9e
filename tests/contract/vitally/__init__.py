"""Gmail integration."""
