"""Updates a stored copy when its labels change in Gmail, and says where the copy is (D-22).

Separate from reading the history, because resync and audit bring whole sets of labels instead of
changes. Nothing here ever removes a message: a deletion in Gmail leaves a copy that is GONE.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from backend.domain.mail.labels import Label


class Place(StrEnum):
    """The place of a copy in its mailbox. Every transition is possible, except from GONE."""

    INBOX = "inbox"
    ARCHIVE = "archive"
    TRASH = "trash"
    SPAM = "spam"
    GONE = "gone"


TRANSITIONS = frozenset(
    (before, after)
    for before in Place
    for after in Place
    if before is not after and before is not Place.GONE
)


@dataclass(frozen=True, slots=True)
class LabelDelta:
    """Labels put on and taken off one message; no label is on both sides."""

    added: frozenset[str] = frozenset()
    removed: frozenset[str] = frozenset()


def delta_to(stored: Collection[str], listed: Collection[str]) -> LabelDelta:
    """The change from the stored labels to the listed ones."""
    before, after = frozenset(stored), frozenset(listed)
    return LabelDelta(added=after - before, removed=before - after)


def merged(stored: Collection[str], delta: LabelDelta, *, follow: bool) -> frozenset[str]:
    """The labels of a stored copy afterwards. Applying a change again changes nothing.

    When changes in Gmail are not followed, the labels stay those the message arrived with.

    >>> sorted(merged({"INBOX", "UNREAD"}, LabelDelta(removed=frozenset({"UNREAD"})), follow=True))
    ['INBOX']
    >>> sorted(merged({"INBOX"}, LabelDelta(added=frozenset({"TRASH"})), follow=False))
    ['INBOX']
    """
    if not follow:
        return frozenset(stored)
    return (frozenset(stored) | delta.added) - delta.removed


def place(labels: Collection[str], *, deleted: bool) -> Place:
    """The copy's place. Without INBOX it is archived, as is mail that a filter files away.

    >>> place({"TRASH", "INBOX"}, deleted=False).value
    'trash'
    """
    if deleted:
        return Place.GONE
    for label, where in (Label.SPAM, Place.SPAM), (Label.TRASH, Place.TRASH):
        if label in labels:
            return where
    return Place.INBOX if Label.INBOX in labels else Place.ARCHIVE
