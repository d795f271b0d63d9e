"""A finding of the checks about an answer: its severity, its path, and in words.

Every check and the inspector share it.
"""

from dataclasses import dataclass
from enum import StrEnum

Json = dict[str, object]


class Severity(StrEnum):
    """What follows from a finding."""

    REFUSED = "refused"  # Google's parser refuses the whole answer: the error card
    WRONG = "wrong"  # drawn or ignored, but against a rule of the reference
    ADVICE = "advice"  # against Google's style guide, or it will not fit 300 pixels


@dataclass(frozen=True)
class Finding:
    """One thing to tell. `path` is where in the answer, as a developer would write it."""

    severity: Severity
    path: str
    text: str

    def as_json(self) -> Json:
        """As the inspector reads it."""
        return {"severity": self.severity.value, "path": self.path, "text": self.text}


def refused(path: str, text: str) -> Finding:
    """Something Google's parser does not take."""
    return Finding(Severity.REFUSED, path, text)


def wrong(path: str, text: str) -> Finding:
    """Something against the reference."""
    return Finding(Severity.WRONG, path, text)


def advice(path: str, text: str) -> Finding:
    """Something that could look better."""
    return Finding(Severity.ADVICE, path, text)
