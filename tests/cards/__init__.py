"""Tests of the cards: golden answers, each parsed by Google's own types."""
