"""The rep's day: what leaves, who has not replied, and whom mail did not reach (C-1)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from backend.deps import Deps
from backend.domain.ids import AccountId, ContactId, ConversationId, MemberId
from backend.domain.paging import ListQuery
from backend.domain.people.actor import Actor
from backend.domain.sending.delivery_report import Outcome
from backend.domain.sending.pending import PendingState
from backend.domain.summaries.mail import UndeliveredLine
from backend.domain.summaries.panel import HomePanel, WaitingLine
from backend.domain.summaries.pending import PendingLine, SendingOutlook
from backend.queries.mailboxes.listing import my_mailbox
from backend.queries.pending.listing import pending_mail
from backend.queries.pending.outlook import outlook
from backend.queries.smart_bcc import own_address
from backend.store.failures import Failed, failed_of
from backend.store.models import Mailbox, PendingMessage, Workspace

PATIENCE = timedelta(days=3)
"""How long a reply may take before it counts as missing."""

REACH = timedelta(days=30)
"""Older ones are given up."""

MOST = 8
HELD_SHOWN = 3
RECENTLY = timedelta(days=14)
"""How long a failed address is shown on the home card; afterwards it still shows beside the
contact.
"""

# The newest message of the conversation is ours.
UNANSWERED = text("""
SELECT v.id, v.last_message_at AS at, c.name,
       (SELECT a.name FROM account_contacts x JOIN accounts a ON a.id = x.account_id
         WHERE x.contact_id = c.id ORDER BY x.since, a.id LIMIT 1) AS account_name
  FROM conversations v
  JOIN contacts c ON c.id = coalesce(v.owner_contact_id, (
         SELECT k.contact_id FROM conversation_contacts k
          WHERE k.conversation_id = v.id ORDER BY k.contact_id LIMIT 1))
 WHERE v.last_message_at BETWEEN :since AND :until AND v.message_count > 0
   AND (v.last_inbound_at IS NULL OR v.last_inbound_at < v.last_message_at)
   AND (SELECT m.outgoing FROM messages m WHERE m.conversation_id = v.id
         ORDER BY m.sent_at DESC, m.id DESC LIMIT 1)
   AND EXISTS (SELECT FROM gmail_threads g JOIN mailboxes b ON b.id = g.mailbox_id
                WHERE g.conversation_id = v.id AND b.owner_id = :member_id)
 ORDER BY v.last_message_at DESC LIMIT :most
""")
NEWLY = text("""
SELECT b.key, b.address, b.outcome, b.diagnostic, b.happened_at,
       (SELECT m.conversation_id FROM messages m
         WHERE m.id = coalesce(b.message_id, b.report_id)) AS conversation_id,
       c.id AS contact_id, c.name, x.account_id, n.name AS account_name
  FROM (SELECT * FROM bounces
         WHERE happened_at > :since AND outcome <> 'delayed'
         ORDER BY happened_at DESC LIMIT :looked_at) b
  LEFT JOIN LATERAL (
    SELECT c.* FROM contact_addresses a JOIN contacts c ON c.id = a.contact_id
     WHERE a.key = b.key ORDER BY a.preferred_at DESC NULLS LAST, c.id LIMIT 1) c ON true
  LEFT JOIN LATERAL (
    SELECT x.account_id FROM account_contacts x
     WHERE x.contact_id = c.id ORDER BY x.since, x.account_id LIMIT 1) x ON true
  LEFT JOIN accounts n ON n.id = x.account_id
 WHERE NOT EXISTS (SELECT FROM suppressions s
                    WHERE s.key = b.key AND s.lifted_at >= b.happened_at)
   AND (c.last_reply_at IS NULL OR c.last_reply_at < b.happened_at)
   AND (c.assigned_to = :member OR n.csm_id = :member OR n.ae_id = :member
        OR EXISTS (SELECT FROM pending_messages p JOIN mailboxes o ON o.id = p.mailbox_id
                    WHERE p.id = b.pending_id AND o.owner_id = :member)
        OR EXISTS (SELECT FROM message_copies y JOIN mailboxes o ON o.id = y.mailbox_id
                    WHERE y.message_id = b.message_id AND 'SENT' = ANY(y.labels)
                      AND o.owner_id = :member))
 ORDER BY b.happened_at DESC
""")
LOOKED_AT = 500
"""The newest failures of a workspace that are searched for one member's."""


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """Somebody who has not replied, and since when."""

    at: datetime
    name: str
    account_name: str | None
    conversation_id: ConversationId


@dataclass(frozen=True, kw_only=True)
class NewlyFailed:
    """A failure with the contact and member it concerns, if known."""

    failed: Failed
    name: str | None
    contact_id: ContactId | None
    account_id: AccountId | None
    account_name: str | None
    conversation_id: ConversationId | None


def home_panel(deps: Deps, actor: Actor) -> HomePanel:
    """What the card shows, in any state of the mailbox."""
    mailbox = my_mailbox(deps, actor)
    room = outlook(deps, actor) if mailbox else None
    now, member_id = deps.now(), actor.member_id
    with deps.store.begin(actor.workspace_id) as session:
        enabled = _gmail_is_enabled(session)
        leaving = _count_leaving(session, member_id, _end_of_day(actor, now))
        smart_bcc = own_address(deps, session, actor)
        silent = _unanswered(session, member_id, since=now - REACH, until=now - PATIENCE, most=MOST)
    return HomePanel(
        greeting_name=actor.name.partition(" ")[0] or actor.email,
        mailbox=mailbox,
        gmail_enabled=enabled,
        smart_bcc=smart_bcc,
        outlook=room,
        leaving_today=leaving,
        held=_held(deps, actor, room),
        waiting=tuple(
            [
                *(_bounced(one) for one in undelivered(deps, actor)),
                *(_silent(now, one) for one in silent),
            ][:MOST]
        ),
    )


def undelivered(deps: Deps, actor: Actor) -> tuple[UndeliveredLine, ...]:
    """Those of the reader's own messages and people, newest first."""
    with deps.store.begin(actor.workspace_id) as session:
        found = _failed_newly(session, actor.member_id, since=deps.now() - RECENTLY, most=MOST)
    return tuple(_line(one) for one in found)


def _line(one: NewlyFailed) -> UndeliveredLine:
    name = one.name or one.failed.address
    return UndeliveredLine(
        who=f"{name}, {one.account_name}" if one.account_name else name,
        sentence=one.failed.sentence,
        at=one.failed.at,
        complaint=one.failed.outcome is Outcome.COMPLAINT,
        contact_id=one.contact_id,
        account_id=one.account_id,
        conversation_id=one.conversation_id,
    )


def _held(deps: Deps, actor: Actor, room: SendingOutlook | None) -> tuple[PendingLine, ...]:
    if room is None or not room.held:
        return ()
    query = ListQuery(filters={"view": "held", "sender": str(actor.member_id)}, limit=HELD_SHOWN)
    return pending_mail(deps, actor, query).items


def _end_of_day(actor: Actor, now: datetime) -> datetime:
    """Midnight in the member's calendar."""
    there = now.astimezone(ZoneInfo(actor.time_zone))
    return (there + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)


def _silent(now: datetime, one: Waiting) -> WaitingLine:
    return WaitingLine(
        title=f"No reply for {(now - one.at).days} days",
        who=f"{one.name}, {one.account_name}" if one.account_name else one.name,
        at=one.at,
        conversation_id=one.conversation_id,
    )


def _bounced(one: UndeliveredLine) -> WaitingLine:
    return WaitingLine(
        title="Reported as spam" if one.complaint else "Bounced",
        who=one.who,
        at=one.at,
        account_id=one.account_id,
        conversation_id=one.conversation_id,
    )


def _gmail_is_enabled(session: Session) -> bool:
    """Whether somebody switched Gmail on for the workspace."""
    return session.scalar(select(Workspace.gmail_enabled_at)) is not None


def _count_leaving(session: Session, member_id: MemberId, until: datetime) -> int:
    """How many of the member's messages are expected to leave before then."""
    at = func.coalesce(PendingMessage.forecast_at, PendingMessage.not_before)
    query = (
        select(func.count())
        .select_from(PendingMessage)
        .join(Mailbox, Mailbox.id == PendingMessage.mailbox_id)
        .where(
            Mailbox.owner_id == member_id,
            PendingMessage.state == PendingState.SCHEDULED,
            at < until,
        )
    )
    return session.scalar(query) or 0


def _unanswered(
    session: Session, member_id: MemberId, *, since: datetime, until: datetime, most: int
) -> Sequence[Waiting]:
    """Conversations of the member's mailbox in which we wrote last, newest first."""
    values = {"member_id": member_id, "since": since, "until": until, "most": most}
    return [
        Waiting(
            at=row.at,
            name=row.name,
            account_name=row.account_name,
            conversation_id=ConversationId(row.id),
        )
        for row in session.execute(UNANSWERED, values)
    ]


def _failed_newly(
    session: Session, member_id: MemberId, *, since: datetime, most: int
) -> list[NewlyFailed]:
    """Addresses that the member's messages did not reach, or messages to the member's people; each
    once, newest first, until the address writes or a person lifts it.
    """
    values = {"member": member_id, "since": since, "looked_at": LOOKED_AT}
    found: dict[str, NewlyFailed] = {}
    for row in session.execute(NEWLY, values):
        found.setdefault(
            row.key,
            NewlyFailed(
                failed=failed_of(row),
                name=row.name,
                contact_id=row.contact_id,
                account_id=row.account_id,
                account_name=row.account_name,
                conversation_id=row.conversation_id,
            ),
        )
    return list(found.values())[:most]
