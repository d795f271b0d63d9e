"""Tests of services, against real servers."""
