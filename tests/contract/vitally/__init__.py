"""Gmail integration, and conversations."""
