"""Tests of store, against real servers."""
