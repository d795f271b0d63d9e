"""The result of one check, as doctor, Health and Admin setup show it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class CheckState(StrEnum):
    """UNSEEN: neither works nor fails yet. LOOK: works, and yet somebody should look at it."""

    WORKS = "works"
    UNSEEN = "unseen"
    LOOK = "look"
    BROKEN = "broken"


@dataclass(frozen=True, kw_only=True)
class Check:
    """One thing that was checked: `sentence` is the evidence, from the time `at`; `advice` is the
    next step, empty where nothing is to be done.
    """

    name: str
    state: CheckState
    sentence: str
    advice: str = ""
    at: datetime | None = None

    @property
    def works(self) -> bool | None:
        """True or False; None while somebody should look at it, or nothing was seen yet."""
        return {CheckState.WORKS: True, CheckState.BROKEN: False}.get(self.state)

    @property
    def is_trouble(self) -> bool:
        """Whether somebody has to act."""
        return self.state in {CheckState.LOOK, CheckState.BROKEN}
