"""C-1: the rep's day, put together for the home card."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from backend.domain.paging import ListQuery
from backend.domain.people.actor import Actor
from backend.domain.summaries.mail import UndeliveredLine
from backend.domain.summaries.panel import HomePanel, WaitingLine
from backend.domain.summaries.pending import PendingLine, SendingOutlook
from backend.queries.pending.listing import pending_mail
from backend.queries.pending.outlook import outlook
from backend.queries.smart_bcc import own_address
from backend.services.deps import Deps
from backend.services.showing import undelivered
from backend.services.showing.mailboxes import my_mailbox
from backend.store import panel_home
from backend.store.panel_home import Waiting

PATIENCE = timedelta(days=3)
"""How long an answer may take before it is called missing."""

REACH = timedelta(days=30)
"""What is older has been given up."""

MOST = 8
HELD_SHOWN = 3


def home_panel(deps: Deps, actor: Actor) -> HomePanel:
    """What the card shows, whatever state the mailbox is in."""
    mailbox = my_mailbox(deps, actor)
    room = outlook(deps, actor) if mailbox else None
    now, member_id = deps.now(), actor.member_id
    with deps.store.begin(actor.workspace_id) as session:
        enabled = panel_home.gmail_is_enabled(session)
        leaving = panel_home.leaving(session, member_id, _end_of_day(actor, now))
        smart_bcc = own_address(deps, session, actor)
        silent = panel_home.unanswered(
            session, member_id, since=now - REACH, until=now - PATIENCE, most=MOST
        )
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
                *(_bounced(one) for one in undelivered.newly(deps, actor)),
                *(_silent(now, one) for one in silent),
            ][:MOST]
        ),
    )


def _held(deps: Deps, actor: Actor, room: SendingOutlook | None) -> tuple[PendingLine, ...]:
    if room is None or not room.held:
        return ()
    query = ListQuery(filters={"view": "held", "sender": str(actor.member_id)}, limit=HELD_SHOWN)
    return pending_mail(deps, actor, query).items


def _end_of_day(actor: Actor, now: datetime) -> datetime:
    """Midnight as the member's calendar has it."""
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
