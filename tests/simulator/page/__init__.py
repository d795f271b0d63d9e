"""The Gmail-like page: how add-ons are called, and how their answers are judged."""
