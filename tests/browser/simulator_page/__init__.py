"""The Gmail-like page in Chromium, with a real add-on server beside it."""
