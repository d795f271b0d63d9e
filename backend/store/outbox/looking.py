"""A sender's look: one statement takes or renews the lease of a mailbox, and reads the first
message in line with everything its decision needs.

Nothing is locked afterwards. A decision is applied only to a message that is unchanged since (its
version).
"""

from dataclasses import dataclass
from datetime import datetime

from backend.domain.ids import ConversationId, MailboxId, MemberId, PendingId, WorkspaceId
from backend.domain.mail.message import NamedAddress
from backend.domain.sender_limits import SenderLimits, SendingFacts
from backend.domain.sending.rule import SendKind, Urgency
from backend.domain.sending.throttle import ROLLING_DAY
from backend.domain.sync.leases import LEASE
from backend.domain.writing.unsubscribing import Offer
from backend.store.outbox.gate import SENDING
from backend.store.outbox.rows import RANK_SQL
from backend.store.session import Store
from backend.store.statements import optional, sql


@dataclass(frozen=True, kw_only=True)
class Parent:
    """The message replied to."""

    rfc_id: str | None
    references: tuple[str, ...]
    conversation_id: ConversationId
    sent_at: datetime


@dataclass(frozen=True, kw_only=True)
class Author:
    """Who wrote a mail. `zone` is an IANA name, `bcc` where their own copies go."""

    name: str
    zone: str
    bcc: str | None
    signature: str


@dataclass(frozen=True, kw_only=True)
class DueMail:
    """The first message in line, with its surroundings.

    `decided_at` is when a person last decided that it shall leave as it is; `answered_at` is the
    newest incoming message of its conversation; `thread_id` is Gmail's, in the sending mailbox;
    `unsubscribe_line` is prefix and text of the link at its end, and `template` the HTML around it,
    if any.
    """

    id: PendingId
    version: int
    author_id: MemberId
    author: Author
    kind: SendKind
    urgency: Urgency
    subject: str
    body_text: str
    to: tuple[NamedAddress, ...]
    cc: tuple[NamedAddress, ...]
    bcc: tuple[NamedAddress, ...]
    reply_to: str | None
    due_at: datetime
    not_before: datetime
    attempts: int
    decided_at: datetime
    conversation_id: ConversationId | None
    answered_at: datetime | None
    parent: Parent | None
    template: str | None
    thread_id: str | None
    has_files: bool
    unsubscribe_offer: Offer | None
    unsubscribe_line: tuple[str, str] | None


@dataclass(frozen=True, kw_only=True)
class DueFound(SendingFacts):
    """The mail that is first in line, and whether more of them are due."""

    mail: DueMail
    more: bool


@dataclass(frozen=True)
class LookFound:
    """The lease is ours; there may be nothing to send."""

    due: DueFound | None


LOOK = optional(sql("look_for_due_mail", rank=RANK_SQL, sending=SENDING), LookFound)


@dataclass(frozen=True)
class NextDue:
    """The lease is ours; this is the first message in line, its gate, and whether more are due."""

    mail: DueMail
    way: SenderLimits
    more: bool


@dataclass(frozen=True)
class NothingDue:
    """The lease is ours, and nothing may leave now."""


@dataclass(frozen=True)
class InOtherHands:
    """Another process holds the lease."""


def look(
    store: Store, workspace_id: WorkspaceId, mailbox_id: MailboxId, *, owner: str, now: datetime
) -> NextDue | NothingDue | InOtherHands:
    """Take or renew the lease, and see what is first in line."""
    asked = LOOK.bind(
        mailbox=mailbox_id, owner=owner, now=now, until=now + LEASE, day_ago=now - ROLLING_DAY
    )
    found = store.write(workspace_id, asked)
    if found is None:
        return InOtherHands()
    if found.due is None:
        return NothingDue()
    return NextDue(found.due.mail, SenderLimits.of(found.due), found.due.more)
