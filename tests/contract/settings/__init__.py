"""Where the documents disagree: each choice, and what it changes."""
