"""The rep's day: what leaves, who has not replied, and whom mail did not reach (C-1)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
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
from backend.queries.tasks import of_today
from backend.store.asking import fetch
from backend.store.failures import Failed
from backend.store.models import Mailbox, PendingMessage, Workspace
from backend.store.statements import sql, statement

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


HERE = Path(__file__).parent
UNANSWERED = statement(sql("unanswered", HERE), list[Waiting])
NEWLY = statement(sql("newly_failed", HERE), list[NewlyFailed])


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
        tasks=of_today(deps, actor),
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
    return fetch(session, UNANSWERED.bind(member_id=member_id, since=since, until=until, most=most))


def _failed_newly(
    session: Session, member_id: MemberId, *, since: datetime, most: int
) -> list[NewlyFailed]:
    """Addresses that the member's messages did not reach, or messages to the member's people; each
    once, newest first, until the address writes or a person lifts it.
    """
    asked = NEWLY.bind(member=member_id, since=since, looked_at=LOOKED_AT)
    found: dict[str, NewlyFailed] = {}
    for one in fetch(session, asked):
        found.setdefault(one.failed.key, one)
    return list(found.values())[:most]
