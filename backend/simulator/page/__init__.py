"""The Gmail-like page of the simulator, and the part of Google's servers that calls add-ons."""

from backend.simulator.page.routes import blueprint

__all__ = ["blueprint"]
