"""A sender's look: one statement takes or renews the lease of a mailbox, and reads the first
message in line with everything its decision needs.

Nothing is locked afterwards. A decision is applied only to a message that is unchanged since (its
version).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from backend.domain.ids import ConversationId, MailboxId, MemberId, PendingId, WorkspaceId
from backend.domain.sending.throttle import ROLLING_DAY
from backend.domain.sync.leases import LEASE
from backend.store.outbox.gate import GATE, SenderLimits, sender_limits_of
from backend.store.outbox.rows import RANK_SQL
from backend.store.session import Store
from backend.store.statements import Statement

LOOK = Statement(
    f"""
    WITH m AS (
      UPDATE mailboxes
         SET send_lease_owner = %(owner)s, send_lease_until = %(until)s
       WHERE id = %(mailbox)s
         AND (send_lease_until IS NULL OR send_lease_until < %(now)s
              OR send_lease_owner = %(owner)s)
      RETURNING *
    ), due AS (
      SELECT * FROM pending_messages
       WHERE mailbox_id = (SELECT id FROM m) AND state = 'scheduled' AND not_before <= %(now)s
       ORDER BY {RANK_SQL}, due_at, id
       LIMIT 2
    ), p AS (
      SELECT *, (SELECT count(*) > 1 FROM due) AS more FROM due LIMIT 1
    )
    SELECT CASE WHEN p.id IS NULL THEN json_build_object('mail', NULL) ELSE json_build_object(
      'more', p.more,
      'mail', json_build_object(
        'id', p.id, 'version', p.version, 'author_id', p.author_id, 'kind', p.kind,
        'urgency', p.urgency, 'subject', p.subject, 'body_text', p.body_text, 'to', p."to",
        'cc', p.cc, 'bcc', p.bcc, 'reply_to', p.reply_to, 'due_at', p.due_at,
        'not_before', p.not_before, 'attempts', p.attempts,
        'decided_at', coalesce(p.edited_at, p.created_at),
        'conversation_id', p.conversation_id, 'parent_id', p.parent_message_id,
        'answered_at', (SELECT last_inbound_at FROM conversations WHERE id = p.conversation_id),
        'author', (
          SELECT json_build_object('name', name, 'zone', time_zone)
            FROM team_members WHERE id = p.author_id),
        'parent', (
          SELECT json_build_object(
            'rfc_id', rfc_id, 'references', "references", 'sent_at', sent_at,
            'conversation_id', conversation_id)
            FROM messages WHERE id = p.parent_message_id),
        'unsubscribe_offer', p.unsubscribe_offer,
        'unsubscribe_line', (
          SELECT json_build_array(unsubscribe_prefix, unsubscribe_link_text) FROM workspaces
           WHERE id = m.workspace_id AND unsubscribes_on_at IS NOT NULL
             AND p.unsubscribe_offer = 'offered'),
        'has_files', EXISTS (SELECT FROM pending_files WHERE pending_id = p.id),
        'thread_id', (
          SELECT t.thread_id FROM gmail_threads t
           WHERE p.parent_message_id IS NOT NULL AND t.conversation_id = p.conversation_id
             AND t.mailbox_id = m.id
           ORDER BY EXISTS (
             SELECT FROM message_copies c
              WHERE c.message_id = p.parent_message_id AND c.mailbox_id = t.mailbox_id
                AND c.thread_id = t.thread_id) DESC, t.thread_id DESC LIMIT 1)),
      {GATE}) END
      FROM m LEFT JOIN p ON true
    """  # noqa: S608 - only our own text is put together
)
"""Of several Gmail threads that hold the conversation, the reply goes to that of the message
replied to, or else to the newest.
"""

MOMENTS = ("due_at", "not_before", "decided_at", "answered_at")


@dataclass(frozen=True, kw_only=True)
class Parent:
    """The message replied to."""

    rfc_id: str | None
    references: list[str]
    conversation_id: ConversationId
    sent_at: datetime


@dataclass(frozen=True, kw_only=True)
class DueMail:
    """The first message in line, with its surroundings.

    `decided_at` is when a person last decided that it shall leave as it is; `answered_at` is the
    newest incoming message of its conversation; `thread_id` is Gmail's, in the sending mailbox;
    `unsubscribe_line` is prefix and text of the link at its end, if any.
    """

    id: PendingId
    version: int
    author_id: MemberId
    author_name: str
    author_zone: str
    kind: str
    urgency: str
    subject: str
    body_text: str
    to: list[dict[str, str]]
    cc: list[dict[str, str]]
    bcc: list[dict[str, str]]
    reply_to: str | None
    due_at: datetime
    not_before: datetime
    attempts: int
    decided_at: datetime
    conversation_id: ConversationId | None
    parent_id: int | None
    answered_at: datetime | None
    parent: Parent | None
    thread_id: str | None
    has_files: bool
    unsubscribe_offer: str | None
    unsubscribe_line: tuple[str, str] | None


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
    """Take or renew the lease, and read the first message in line."""
    values = {
        "mailbox": mailbox_id,
        "owner": owner,
        "now": now,
        "until": now + LEASE,
        "day_ago": now - ROLLING_DAY,
    }
    [found] = store.write(workspace_id, (LOOK, values))
    if found is None:
        return InOtherHands()
    if found["mail"] is None:
        return NothingDue()
    return NextDue(_mail_of(found["mail"]), sender_limits_of(found), found["more"])


def _mail_of(found: Mapping[str, Any]) -> DueMail:
    rest = {**found}
    author, parent = rest.pop("author"), rest.pop("parent")
    read = {"id": UUID(rest["id"]), **{name: _moment(rest[name]) for name in MOMENTS}}
    return DueMail(
        **{**rest, **read},
        author_name=author["name"],
        author_zone=author["zone"],
        parent=parent and Parent(**{**parent, "sent_at": _moment(parent["sent_at"])}),
    )


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
