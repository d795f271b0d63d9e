"""A mailbox that lives, and our copy of it: whatever Gmail repeats or shuffles, they agree.

The machine plays both sides. Its mailbox moves; each move writes a record with a growing id, as
Gmail does. Syncing hands over some suffix of the records that reaches back at least to the cursor,
in any order and with any repetition, and applies the result as the importing service does.
"""

from dataclasses import dataclass, field

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from backend.domain.mail.labels import refused_unread
from backend.domain.sync.changes import coalesce
from backend.domain.sync.history import HistoryRecord, Relabelled, Seen
from backend.domain.sync.label_changes import merged

MOVABLE = ["INBOX", "UNREAD", "TRASH", "SPAM", "Label_7"]


@dataclass
class Local:
    """What we have stored: labels of copies, tombstones, and ids that were decided unread."""

    copies: dict[str, frozenset[str]] = field(default_factory=dict)
    tombstones: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)


class Mailbox(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.messages: dict[str, frozenset[str]] = {}
        self.records: list[HistoryRecord] = []
        self.deleted: set[str] = set()
        self.cursor = 0
        self.synced = True
        self.local = Local()
        self.count = 0

    def seen(self, gmail_id: str) -> Seen:
        return Seen(gmail_id, f"t-{gmail_id}", self.messages[gmail_id])

    def record_id(self) -> int:
        self.synced = False
        return 999_990 + 7 * (len(self.records) + 1)

    @rule(labels=st.sets(st.sampled_from([*MOVABLE, "SENT", "DRAFT", "CHAT"])))
    def appear(self, labels: set[str]) -> None:
        self.count += 1
        gmail_id = f"m{self.count}"
        self.messages[gmail_id] = frozenset(labels)
        self.records.append(HistoryRecord(id=self.record_id(), added=(self.seen(gmail_id),)))

    @precondition(lambda self: self.messages)
    @rule(data=st.data(), label=st.sampled_from(MOVABLE))
    def toggle(self, data: st.DataObject, label: str) -> None:
        gmail_id = data.draw(st.sampled_from(sorted(self.messages)))
        before = self.messages[gmail_id]
        self.messages[gmail_id] = before ^ {label}
        change = (Relabelled(self.seen(gmail_id), frozenset({label})),)
        record_id = self.record_id()
        self.records.append(
            HistoryRecord(id=record_id, labels_removed=change)
            if label in before
            else HistoryRecord(id=record_id, labels_added=change)
        )

    def drafts(self) -> list[str]:
        kept = self.messages.items()
        return sorted(one for one, labels in kept if "DRAFT" in labels and "SENT" not in labels)

    @precondition(lambda self: self.drafts())
    @rule(data=st.data())
    def send_draft(self, data: st.DataObject) -> None:
        drafts = self.drafts()
        gmail_id = data.draw(st.sampled_from(drafts))
        self.messages[gmail_id] = self.messages[gmail_id] - {"DRAFT"} | {"SENT"}
        change = (Relabelled(self.seen(gmail_id), frozenset({"SENT"})),)
        self.records.append(HistoryRecord(id=self.record_id(), labels_added=change))

    @precondition(lambda self: self.messages)
    @rule(data=st.data())
    def delete(self, data: st.DataObject) -> None:
        gmail_id = data.draw(st.sampled_from(sorted(self.messages)))
        record = HistoryRecord(id=self.record_id(), deleted=(self.seen(gmail_id),))
        del self.messages[gmail_id]
        self.deleted.add(gmail_id)
        self.records.append(record)

    @rule(data=st.data(), overlap=st.integers(min_value=0, max_value=5))
    def sync(self, data: st.DataObject, overlap: int) -> None:
        handed = self.records[max(0, self.cursor - overlap) :]
        shuffled = data.draw(st.permutations([*handed, *handed[::2]]))
        assert coalesce(shuffled) == coalesce(handed)
        self.apply(handed)
        self.cursor = len(self.records)
        self.synced = True

    def apply(self, records: list[HistoryRecord]) -> None:
        changes = coalesce(records)
        for gmail_id in changes.deleted & self.local.copies.keys():
            self.local.tombstones.add(gmail_id)
        for gmail_id in changes.fetch:
            self.local.copies.setdefault(gmail_id, self.messages[gmail_id])
        for gmail_id, delta in changes.labels.items():
            if gmail_id in self.local.copies:
                stored = self.local.copies[gmail_id]
                self.local.copies[gmail_id] = merged(stored, delta, follow=True)
        self.local.refused |= changes.refused.keys()

    @invariant()
    def nothing_is_lost_once_all_is_read(self) -> None:
        if not self.synced:
            return
        for gmail_id, labels in self.messages.items():
            if refused_unread(labels) is None:
                assert gmail_id in self.local.copies
            else:
                assert gmail_id in self.local.copies.keys() | self.local.refused
            if gmail_id in self.local.copies:
                assert self.local.copies[gmail_id] == labels

    @invariant()
    def nothing_stored_ever_disappears(self) -> None:
        gone = self.local.copies.keys() - self.messages.keys()
        assert gone <= self.deleted
        if self.synced:
            assert gone == self.local.tombstones


Mailbox.TestCase.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
TestMailbox = Mailbox.TestCase
