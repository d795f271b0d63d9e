"""What happens with earlier mail when a person becomes a contact (M4, D-5).

It starts from a contact and not from a message. Earlier mail passes the same capture rule as new
mail.
"""

from dataclasses import dataclass

from backend.domain.policies import LateMatch

COUNTED = 1_000
"""Earlier mails that are counted exactly."""


@dataclass(frozen=True, slots=True)
class LeaveOut:
    """Earlier mail stays out: mail counts from the moment the contact exists (S-44)."""


@dataclass(frozen=True, slots=True)
class Offer:
    """Ask, with the number of mails found."""

    count: int

    @property
    def sentence(self) -> str:
        """The button's text.

        >>> Offer(3).sentence, Offer(1001).sentence
        ('Log earlier mail (3 found)', 'Log earlier mail (more than 1,000 found)')
        """
        number = f"{self.count:,}" if self.count <= COUNTED else f"more than {COUNTED:,}"
        return f"Log earlier mail ({number} found)"


@dataclass(frozen=True, slots=True)
class BringIn:
    """Bring it in without asking."""

    count: int

    @property
    def sentence(self) -> str:
        """The announcement.

        >>> BringIn(1).sentence, BringIn(3).sentence
        ('1 earlier email will be logged too', '3 earlier emails will be logged too')
        """
        if self.count > COUNTED:
            return f"More than {COUNTED:,} earlier emails will be logged too"
        noun = "email" if self.count == 1 else "emails"
        return f"{self.count:,} earlier {noun} will be logged too"


def on_new_address(policy: LateMatch, found: int) -> LeaveOut | Offer | BringIn:
    """Decide when a contact or an address is added and `found` earlier mails carry it.

    >>> on_new_address(LateMatch.ASK, 3)
    Offer(count=3)
    >>> on_new_address(LateMatch.OFF, 3)
    LeaveOut()
    """
    if found == 0 or policy is LateMatch.OFF:
        return LeaveOut()
    return Offer(found) if policy is LateMatch.ASK else BringIn(found)
