"""Where a card is shown, because some rules depend on it.

The checks share it and the page names it.
"""

from dataclasses import dataclass
from enum import StrEnum


class Spot(StrEnum):
    """The three places in which Gmail shows a card."""

    HOMEPAGE = "homepage"
    MESSAGE = "message"
    COMPOSE = "compose"


@dataclass(frozen=True)
class Place:
    """A place, and the addresses the deployment lets cards link to."""

    spot: Spot
    link_prefixes: tuple[str, ...] = ()
