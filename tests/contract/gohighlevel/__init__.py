"""Gmail two-way sync."""
