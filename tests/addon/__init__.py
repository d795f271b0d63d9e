"""Tests of what Gmail's side panel calls."""
