"""Tests of hooks, against real servers."""
