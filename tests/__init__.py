"""Tests, and the checks that `python -m tests check` runs."""
