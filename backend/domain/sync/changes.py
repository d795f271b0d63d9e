"""What a stretch of Gmail's history amounts to: what to fetch, which labels changed, what is gone.

Gmail repeats records, delivers empty pages, and signals a sent mail through its labels. Records are
deduplicated and applied in the order of their own ids, so that neither the order of arrival nor
repetition matters.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import NamedTuple

from backend.domain.mail.labels import Label, refused_unread
from backend.domain.reasons import Reason
from backend.domain.sync.history import HistoryRecord, Seen
from backend.domain.sync.label_changes import LabelDelta


class Arrival(StrEnum):
    """How a message came into view; the first that applies is reported."""

    ADDED = "added"
    SENT = "sent"
    INBOX = "inbox"
    RESTORED = "restored"


ORDER = tuple(Arrival)
ARRIVES_WITH: Mapping[str, Arrival] = {Label.SENT: Arrival.SENT, Label.INBOX: Arrival.INBOX}
"""Putting one of these on is an arrival: a draft that was sent, a mail that was no spam after all.
"""
HIDDEN_BY = frozenset({Label.SPAM, Label.TRASH, Label.DRAFT})
"""Taking one of these off is an arrival: it may have been refused while it carried the label."""


@dataclass(frozen=True, slots=True)
class Fetch:
    """A message to read. Reading one that is stored already changes nothing."""

    thread_id: str
    arrival: Arrival


@dataclass(frozen=True, slots=True)
class Changes:
    """All of it, by Gmail's message id.

    `refused` are arrivals that need no fetch; the reason becomes the decision of a message that has
    none yet. `deleted` copies get a tombstone, never more.
    """

    fetch: Mapping[str, Fetch] = field(default_factory=dict)
    refused: Mapping[str, Reason] = field(default_factory=dict)
    labels: Mapping[str, LabelDelta] = field(default_factory=dict)
    deleted: frozenset[str] = frozenset()


def coalesce(records: Iterable[HistoryRecord]) -> Changes:
    """Fold the records of all pages. What was deleted for good needs nothing but a tombstone.

    >>> from backend.domain.sync.history import Relabelled
    >>> draft = Seen("18a", "t1", frozenset({"DRAFT"}))
    >>> sent = Relabelled(Seen("18a", "t1", frozenset({"SENT"})), frozenset({"SENT"}))
    >>> coalesce([HistoryRecord(id=1, added=(draft,))]).refused
    {'18a': <Reason.DRAFT: 'draft'>}
    >>> both = [HistoryRecord(id=2, labels_added=(sent,)), HistoryRecord(id=1, added=(draft,))]
    >>> sorted(coalesce(both).fetch)
    ['18a']
    """
    stories: dict[str, _Story] = {}
    for step in sorted(set(_steps(records))):
        stories.setdefault(step.gmail_id, _Story(step)).tell(step)
    alive = {gmail_id: story for gmail_id, story in stories.items() if not story.deleted}
    arrived = {gmail_id: story for gmail_id, story in alive.items() if story.arrivals}
    refused = {gmail_id: refused_unread(story.labels) for gmail_id, story in arrived.items()}
    return Changes(
        fetch={
            gmail_id: Fetch(story.thread_id, min(story.arrivals, key=ORDER.index))
            for gmail_id, story in arrived.items()
            if refused[gmail_id] is None
        },
        refused={gmail_id: reason for gmail_id, reason in refused.items() if reason is not None},
        labels={gmail_id: story.delta() for gmail_id, story in alive.items() if story.changed},
        deleted=frozenset(stories.keys() - alive.keys()),
    )


class _Kind(IntEnum):
    """What happens to a message, in the order within one record."""

    ADDED = 1
    LABELLED = 2
    UNLABELLED = 3
    DELETED = 4


class _Step(NamedTuple):
    """One thing that happened to one message. Steps sort by their fields, record id first."""

    record_id: int
    kind: _Kind
    gmail_id: str
    thread_id: str
    snapshot: tuple[str, ...]
    labels: tuple[str, ...]


def _steps(records: Iterable[HistoryRecord]) -> Iterator[_Step]:
    for record in records:
        for seen in record.added:
            yield _step(record, _Kind.ADDED, seen)
        for change in record.labels_added:
            yield _step(record, _Kind.LABELLED, change.message, change.labels)
        for change in record.labels_removed:
            yield _step(record, _Kind.UNLABELLED, change.message, change.labels)
        for seen in record.deleted:
            yield _step(record, _Kind.DELETED, seen)


def _step(
    record: HistoryRecord, kind: _Kind, seen: Seen, labels: frozenset[str] = frozenset()
) -> _Step:
    snapshot = tuple(sorted(seen.labels))
    return _Step(record.id, kind, seen.gmail_id, seen.thread_id, snapshot, tuple(sorted(labels)))


class _Story:
    """What the steps so far say of one message. It begins with the labels of the first step."""

    def __init__(self, first: _Step) -> None:
        self.thread_id = first.thread_id
        self.labels = set(first.snapshot)
        self.arrivals: set[Arrival] = set()
        self.changed: dict[str, bool] = {}
        self.deleted = False

    def tell(self, step: _Step) -> None:
        match step.kind:
            case _Kind.ADDED:
                self.labels.update(step.snapshot)
                self.arrivals.add(Arrival.ADDED)
            case _Kind.LABELLED:
                self.labels.update(step.labels)
                self.changed.update(dict.fromkeys(step.labels, True))
                self.arrivals.update(ARRIVES_WITH[x] for x in step.labels if x in ARRIVES_WITH)
            case _Kind.UNLABELLED:
                self.labels.difference_update(step.labels)
                self.changed.update(dict.fromkeys(step.labels, False))
                self.arrivals.update(Arrival.RESTORED for x in step.labels if x in HIDDEN_BY)
            case _Kind.DELETED:
                self.deleted = True

    def delta(self) -> LabelDelta:
        return LabelDelta(
            added=frozenset(label for label, on in self.changed.items() if on),
            removed=frozenset(label for label, on in self.changed.items() if not on),
        )
