"""Gmail and Calendar in one product."""
