"""A member's own sending: limits with their effect, windows, own copy, signature."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.deps import Deps
from backend.domain.ids import MailboxId
from backend.domain.people.actor import Actor
from backend.domain.sender_limits import window
from backend.domain.sending.throttle import (
    HOUR,
    ROLLING_DAY,
    SendLimits,
    effective_daily,
    reachable_in_a_day,
)
from backend.domain.sending.windows import open_within
from backend.domain.summaries.administration import AliasLine, EmailSettingsView
from backend.queries.mailboxes.lines import mailbox_summaries, of_member
from backend.queries.pending.outlook import left_since
from backend.store import team
from backend.store.alias_rows import LISTED
from backend.store.models import MailboxAlias
from backend.store.outbox.gate import windows_of
from backend.store.workspace_rules import policies

SOURCES = {
    "send_as": "Proven by Gmail's “Send mail as”",
    "admin": "Confirmed by an admin",
    LISTED: "Listed by you",
}


def email_settings(deps: Deps, actor: Actor) -> EmailSettingsView:
    """The reader's own settings with their effect."""
    now = deps.now()
    with deps.store.begin(actor.workspace_id) as session:
        member = team.themselves(session, actor)
        row = of_member(session, actor.member_id)
        windows = tuple(
            window(row.days, row.starts, row.ends, zone=member.time_zone)
            for row in windows_of(session, member.id)
        )
        chosen = policies(session)
        daily = effective_daily(
            member.daily_limit, admin_cap=chosen.admin_cap, ceiling=chosen.provider_ceiling
        )
        hourly = min(member.hourly_limit, chosen.hourly_limit)
        box = row.mailbox.id if row else None
        return EmailSettingsView(
            mailbox=mailbox_summaries(session, [row], now)[0] if row else None,
            daily_limit=member.daily_limit,
            hourly_limit=member.hourly_limit,
            effective_daily=daily,
            reachable=reachable_in_a_day(
                SendLimits(daily=daily, hourly=hourly),
                open_within(windows, now, timedelta(days=7)) / 7,
            ),
            most_files_mb=chosen.max_attachment_mb,
            left_today=left_since(session, box, now - ROLLING_DAY) if box else 0,
            left_this_hour=left_since(session, box, now - HOUR) if box else 0,
            windows=windows,
            time_zone=member.time_zone,
            always_bcc=member.always_bcc or "",
            undo_seconds=member.undo_seconds,
            signature_html=member.signature_html,
            aliases=tuple(
                AliasLine(
                    address=one.address,
                    source=SOURCES.get(one.source, one.source),
                    proven_at=one.proven_at,
                    own=one.source == LISTED,
                )
                for one in (_aliases(session, box) if box else ())
            ),
        )


def _aliases(session: Session, mailbox_id: MailboxId) -> Sequence[MailboxAlias]:
    """The further addresses of a mailbox."""
    query = (
        select(MailboxAlias).where(MailboxAlias.mailbox_id == mailbox_id).order_by(MailboxAlias.key)
    )
    return session.scalars(query).all()
