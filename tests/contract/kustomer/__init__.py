"""Connecting a Gmail address."""
