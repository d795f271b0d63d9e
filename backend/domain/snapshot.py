"""What a listing of a mailbox says against what we know: what to fetch, and what is no longer
there.

Separate from reading the history, because after a lost cursor (resync) and each night (audit) there
is no history to read. Only a complete listing can tell that something is absent.
"""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum


class Listing(StrEnum):
    """Whether every page of the listing was read."""

    COMPLETE = "complete"
    PARTIAL = "partial"


@dataclass(frozen=True, slots=True)
class Difference:
    """`unexplained` have no decision and are fetched; `absent` copies get a tombstone."""

    unexplained: frozenset[str]
    absent: frozenset[str]


def compare(
    listed: AbstractSet[str],
    *,
    decided: AbstractSet[str],
    held: AbstractSet[str],
    listing: Listing,
) -> Difference:
    """Compare Gmail ids. `decided` have a decision; `held` are stored copies that the same listing
    would show if they still existed, so none in spam or trash, and none older than it reaches.

    >>> found = compare({"a", "b"}, decided={"a", "c"}, held={"c"}, listing=Listing.COMPLETE)
    >>> sorted(found.unexplained), sorted(found.absent)
    (['b'], ['c'])
    >>> part = compare({"a", "b"}, decided={"a", "c"}, held={"c"}, listing=Listing.PARTIAL)
    >>> sorted(part.absent)
    []
    """
    absent = held - listed if listing is Listing.COMPLETE else frozenset[str]()
    return Difference(unexplained=frozenset(listed - decided), absent=frozenset(absent))
