"""Comparing what is stored of a mailbox with what Gmail has: labels that changed, copies that are
gone.

History tells both, but not what happened while the cursor was lost. Only what was asked for by its
id and is not there counts as gone: a list alone proves nothing. Live sync waits meanwhile, so that
its changes are the later ones.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

import structlog

from backend.domain.label_changes import delta_to
from backend.domain.labels import Label
from backend.errors import MessageGone, RapportError
from backend.services.deps import Deps
from backend.services.importing.draining import BATCH
from backend.services.importing.opening import Box
from backend.store import copies, fetching, mailboxes
from backend.store.capture.rules import policies

if TYPE_CHECKING:
    from backend.google.gmail import GmailMailbox

log = structlog.get_logger(__name__)

NEVER_CHANGE = frozenset({Label.SENT, Label.DRAFT, Label.CHAT})
"""Labels nobody can put on or take off; a draft that was sent is another message."""

MOST_LABELS = 60
"""Labels compared, the system's first: each costs a call. More are rare, and history follows them
anyhow.
"""


@dataclass
class Found:
    """What Gmail has, as far as it was asked: labels by copy, and the copies that are gone."""

    labels: dict[str, frozenset[str]] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)


def compare(deps: Deps, box: Box, gmail: "GmailMailbox", since: datetime) -> bool:
    """Bring copies from `since` on up to date. False when live sync is at work: try again."""
    owner = deps.random_bytes(8).hex()
    with deps.store.begin(box.workspace_id) as session:
        if not mailboxes.take_lease(session, box.mailbox_id, owner, deps.now()):
            return False
        stored = copies.labels_since(session, box.mailbox_id, since)
    try:
        found = look(deps, box, gmail, since, stored) if stored else Found()
        return write_down(deps, box, owner, stored=stored, found=found)
    finally:
        with deps.store.begin(box.workspace_id) as session:
            mailboxes.give_lease_back(session, box.mailbox_id, owner)


def look(
    deps: Deps,
    box: Box,
    gmail: "GmailMailbox",
    since: datetime,
    stored: Mapping[str, frozenset[str]],
) -> Found:
    """Ask Gmail: by label for all copies, by id for those no list names."""
    listed = listed_since(deps, box, gmail, since, label=None)
    found = Found(labels={one: frozenset() for one in stored if one in listed})
    for label in labels_to_compare(gmail):
        for one in listed_since(deps, box, gmail, since, label=label) & found.labels.keys():
            found.labels[one] |= {label}
    for one in found.labels:
        found.labels[one] |= stored[one] & NEVER_CHANGE
    missing = sorted(stored.keys() - listed)
    for start in range(0, len(missing), BATCH):
        answers = gmail.labels_of(missing[start : start + BATCH])
        for one, answer in answers.items():
            if isinstance(answer, MessageGone):
                found.gone.add(one)
            elif not isinstance(answer, RapportError):
                found.labels[one] = answer
    return found


def labels_to_compare(gmail: "GmailMailbox") -> list[str]:
    """The labels that may have changed. Spam and trash are seen on what no list names."""
    left_out = NEVER_CHANGE | {Label.SPAM, Label.TRASH}
    names = [label for label in gmail.labels() if label not in left_out]
    return sorted(names, key=lambda label: (label.startswith("Label_"), label))[:MOST_LABELS]


def listed_since(
    deps: Deps, box: Box, gmail: "GmailMailbox", since: datetime, *, label: str | None
) -> set[str]:
    """The ids of all messages since then, with a label or of the whole mailbox.

    What has no decision yet came this minute, so only a page of older mail ends the list.
    """
    ids: set[str] = set()
    page: str | None = None
    while True:
        found = gmail.list_ids(label=label, page=page)
        names = [gmail_id for gmail_id, _ in found.ids]
        ids.update(names)
        page = found.next_page
        if page is None or (names and not has_young(deps, box, names, since)):
            return ids


def has_young(deps: Deps, box: Box, names: Collection[str], since: datetime) -> bool:
    """Whether one of these messages is from after `since`, or not known yet."""
    with deps.store.begin(box.workspace_id) as session:
        known = fetching.known(session, box.mailbox_id, list(names), before=deps.now(), since=since)
    return known.oldest is not None or known.before < len(names)


def write_down(
    deps: Deps, box: Box, owner: str, *, stored: Mapping[str, frozenset[str]], found: Found
) -> bool:
    """Follow the labels and bury what is gone, if no live sync came between."""
    deltas = {
        one: delta
        for one, labels in found.labels.items()
        if (delta := delta_to(stored[one], labels)).added or delta.removed
    }
    now = deps.now()
    with deps.store.begin(box.workspace_id) as session:
        if not mailboxes.take_lease(session, box.mailbox_id, owner, now):
            return False
        copies.relabel(session, box.mailbox_id, deltas, follow=policies(session).gmail_changes)
        copies.bury(session, box.mailbox_id, found.gone, now)
    log.info(
        "mailbox_compared",
        mailbox_id=box.mailbox_id,
        copies=len(stored),
        relabelled=len(deltas),
        gone=len(found.gone),
    )
    return True
