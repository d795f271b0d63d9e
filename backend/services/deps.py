"""What every service verb is handed, under its older name."""

from backend.deps import Deps

__all__ = ["Deps"]
