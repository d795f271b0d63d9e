"""The one way of all mail into the store: gather the facts, ask the capture rule, file, note the
decision.

Import, live sync, audit and a rep's click call the same function, so they cannot decide
differently.
"""

from backend.store.capture.batch import Batch, capture
from backend.store.capture.place import Captured, Place
from backend.store.capture.rules import rules_for

__all__ = ["Batch", "Captured", "Place", "capture", "rules_for"]
