"""Tests of worker, against real servers."""
