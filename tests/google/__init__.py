"""Tests of google, against real servers."""
