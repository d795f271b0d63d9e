"""Shared by tests of several folders: servers, databases, the simulator."""
