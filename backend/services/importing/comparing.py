"""Compares the stored copies of a mailbox with Gmail's: changed labels, deleted copies.

History reports both, but not what happened while the cursor was lost. Only a copy that was
requested by id and not found counts as deleted: a list alone proves nothing. Live sync waits
meanwhile, so that its changes are the later ones; when there is much to check, it gets its turn in
between.
"""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

import structlog
from sqlalchemy.orm import Session

from backend.deps import Deps
from backend.domain.ids import MailboxKey
from backend.domain.mail.labels import Label
from backend.domain.sync.label_changes import delta_to
from backend.errors import Interrupted, MessageGone, RapportError
from backend.services.importing.draining import BATCH
from backend.services.importing.labels import relabel
from backend.store import copies, decided, mailboxes
from backend.store.workspace_rules import policies

if TYPE_CHECKING:
    from backend.google.gmail import GmailMailbox

log = structlog.get_logger(__name__)

NEVER_CHANGE = frozenset({Label.SENT, Label.DRAFT, Label.CHAT})
"""Labels nobody can add or remove; a draft that was sent is another message."""

BINS = (Label.SPAM, Label.TRASH)
"""Labels whose messages no other list names."""

MOST_LABELS = 60
"""Labels compared, system labels first: each costs a call. More are rare; a copy keeps its further
ones, and history follows them.
"""

OVERTAKEN = "Another process has taken this mailbox over."

MOST_ASKED = 8 * BATCH
"""Copies fetched by id before live sync gets its turn: about 45 seconds of Gmail's rate."""


@dataclass
class Found:
    """What Gmail has, of what was asked so far: labels by copy, the deleted copies, and how many
    are still to check.
    """

    labels: dict[str, frozenset[str]] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    unasked: int = 0


def compare(deps: Deps, key: MailboxKey, gmail: "GmailMailbox", since: datetime) -> bool:
    """Update copies from `since` on. False when live sync is running, or when more is left than one
    job does: try again.
    """
    owner = deps.random_bytes(8).hex()
    with deps.store.begin(key.workspace_id) as session:
        if not mailboxes.take_lease(session, key.mailbox_id, owner, deps.now()):
            return False
        stored = copies.labels_since(session, key.mailbox_id, since)
        follow = policies(session).gmail_changes
    one = Comparison(
        deps=deps, key=key, gmail=gmail, since=since, owner=owner, stored=stored, follow=follow
    )
    try:
        found = one.look() if stored else Found()
        one.write_down(found)
    finally:
        with deps.store.begin(key.workspace_id) as session:
            mailboxes.give_lease_back(session, key.mailbox_id, owner)
    return found.unasked == 0


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """One comparison of a mailbox, under its lease. `stored` has the labels of copies as we know
    them, which only change when the workspace wants to `follow` Gmail.
    """

    deps: Deps
    key: MailboxKey
    gmail: "GmailMailbox"
    since: datetime
    owner: str
    stored: Mapping[str, frozenset[str]]
    follow: bool

    def look(self) -> Found:
        """Ask Gmail: by label for all copies, by id for those no list names."""
        listed = self._listed()
        found = Found()
        if self.follow:
            found.labels = self._labels(listed)
        missing = sorted(self.stored.keys() - listed - self._known_as_binned())
        self._ask(missing[:MOST_ASKED], found)
        found.unasked = len(missing[MOST_ASKED:])
        return found

    def write_down(self, found: Found) -> None:
        """Apply the labels and mark deleted copies, unless live sync came in between."""
        deltas = {
            one: delta
            for one, labels in found.labels.items()
            if (delta := delta_to(self.stored[one], labels)).added or delta.removed
        }
        now = self.deps.now()
        with self.deps.store.begin(self.key.workspace_id) as session:
            self._keep(session)
            relabel(session, self.key.mailbox_id, deltas, follow=self.follow)
            copies.bury(session, self.key.mailbox_id, found.gone, now)
        log.info(
            "mailbox_compared",
            mailbox_id=self.key.mailbox_id,
            copies=len(self.stored),
            relabelled=len(deltas),
            gone=len(found.gone),
            unasked=found.unasked,
        )

    def _labels(self, listed: Set[str]) -> dict[str, frozenset[str]]:
        """The labels of the listed copies: those whose lists name the copy, and those that were not
        compared.
        """
        every = self.gmail.labels()
        compared = labels_to_compare(every)
        kept = NEVER_CHANGE | (set(every) - set(compared) - set(BINS))
        labels = {one: self.stored[one] & kept for one in self.stored.keys() & listed}
        for label in compared:
            for one in self._labelled(label, listed) & labels.keys():
                labels[one] |= {label}
        return labels

    def _listed(self) -> set[str]:
        """The ids of all messages since then, without those in spam or trash.

        Mail from before the import has no decision either, so the list does not end before a known
        message has been seen; after that, the first page without mail of that time ends it.
        """
        ids: set[str] = set()
        page: str | None = None
        known_before = False
        while True:
            found = self.gmail.list_ids(page=page)
            names = [gmail_id for gmail_id, _ in found.ids]
            ids.update(names)
            page = found.next_page
            with self.deps.store.begin(self.key.workspace_id) as session:
                self._keep(session)
                known = decided.known(
                    session, self.key.mailbox_id, names, before=self.deps.now(), since=self.since
                )
            known_before |= known.before > 0
            if page is None or (known_before and names and known.oldest is None):
                return ids

    def _labelled(self, label: str, among: Set[str]) -> set[str]:
        """Which of these messages have the label. A page that names none of them ends the list."""
        ids: set[str] = set()
        page: str | None = None
        while True:
            found = self.gmail.list_ids(label=label, page=page)
            names = {gmail_id for gmail_id, _ in found.ids}
            ids |= names & among
            page = found.next_page
            with self.deps.store.begin(self.key.workspace_id) as session:
                self._keep(session)
            if page is None or (names and not names & among):
                return ids

    def _known_as_binned(self) -> set[str]:
        """Copies that are in spam or trash, as we know already or need not know: not checked."""
        found: set[str] = set()
        for label in BINS:
            wanted = {
                one for one, labels in self.stored.items() if not self.follow or label in labels
            }
            if wanted:
                found |= self._labelled(label, wanted)
        return found

    def _ask(self, missing: Sequence[str], found: Found) -> None:
        for start in range(0, len(missing), BATCH):
            answers = self.gmail.labels_of(missing[start : start + BATCH])
            with self.deps.store.begin(self.key.workspace_id) as session:
                self._keep(session)
            for one, answer in answers.items():
                if isinstance(answer, MessageGone):
                    found.gone.add(one)
                elif not isinstance(answer, RapportError):
                    found.labels[one] = answer

    def _keep(self, session: Session) -> None:
        if not mailboxes.keep_lease(session, self.key.mailbox_id, self.owner, self.deps.now()):
            raise Interrupted(OVERTAKEN)


def labels_to_compare(labels: Sequence[str]) -> list[str]:
    """The labels that may have changed. Spam and trash show on messages that no list names."""
    names = [label for label in labels if label not in NEVER_CHANGE and label not in BINS]
    return sorted(names, key=lambda label: (label.startswith("Label_"), label))[:MOST_LABELS]
