"""The context of every card beside its summary: addresses, the time, and the nonce of this drawing.

Cards are pure: they never read a clock, a setting or a source of randomness.
"""

from dataclasses import dataclass
from datetime import datetime, tzinfo

from cards.calls import PREFIX, Call


@dataclass(frozen=True, kw_only=True)
class CardContext:
    """One drawing of a card. `zone` is the reader's; `nonce` is new for each drawing.

    `note_field` is the name of the note's input: a new name clears what was typed, because Gmail
    keeps the value of a field that keeps its name.
    """

    public_url: str
    now: datetime
    zone: tzinfo
    nonce: str
    note_field: str = "note"

    def function(self, call: Call) -> str:
        """The full address of a call. Google wants no function names, only whole URLs."""
        return self.public_url + call.path

    def page(self, path: str) -> str:
        """A page of the console."""
        return f"{self.public_url}{path}"

    def image(self, name: str) -> str:
        """One of our own images; cards take PNG and JPEG, never SVG."""
        return f"{self.public_url}{PREFIX}/static/{name}.png"

    def click_nonce(self, call: Call) -> str:
        """The nonce of one button of this drawing, so that a replayed click is recognised."""
        return f"{self.nonce}:{call.rpartition('/')[2]}"
