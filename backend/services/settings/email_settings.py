"""A member's own sending: limits, windows, the own copy, and the signature."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import available_timezones

from sqlalchemy.orm import Session

from backend.domain.mail.address import is_valid_address
from backend.domain.mail.foreign_html import shown_html
from backend.domain.people.actor import Actor
from backend.domain.policies import Level, check
from backend.domain.sending.throttle import (
    HOUR,
    ROLLING_DAY,
    SendLimits,
    effective_daily,
    reachable_in_a_day,
)
from backend.domain.sending.windows import SendingWindow, open_within
from backend.domain.summaries.administration import AliasLine, EmailSettingsView
from backend.errors import InputError, NotFound
from backend.queries.pending.outlook import left_since
from backend.services.deps import Deps
from backend.services.settings.own_mailbox import LISTED
from backend.services.showing.mailbox_rows import mailbox_summaries
from backend.store import audit, choices, mailbox_lists, team
from backend.store.capture.rules import policies
from backend.store.models import TeamMember
from backend.store.outbox.gate import windows_of
from backend.store.outbox.planning import rules_changed

MAX_SIGNATURE = 20_000
MAX_WINDOWS = 10
UNDO_SECONDS = (0, 5, 10, 20, 30, 60)
"""For how long a mail that shall leave at once can be taken back: Gmail's choices, none, and a
minute.
"""

SOURCES = {
    "send_as": "Proven by Gmail's “Send mail as”",
    "admin": "Confirmed by an admin",
    LISTED: "Listed by you",
}


@dataclass(frozen=True, kw_only=True)
class EmailChoices:
    """What a member entered. Numbers are texts as typed; `windows` are entered already. Without
    `undo_seconds` those stay as they are.
    """

    daily_limit: str
    hourly_limit: str
    always_bcc: str
    signature_html: str
    time_zone: str
    windows: Sequence[SendingWindow]
    undo_seconds: str = ""


def email_settings(deps: Deps, actor: Actor) -> EmailSettingsView:
    """The reader's own settings with what they amount to."""
    now = deps.now()
    with deps.store.begin(actor.workspace_id) as session:
        member = _member(session, actor)
        row = mailbox_lists.of_member(session, actor.member_id)
        windows = windows_of(session, member)
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
                for one in (mailbox_lists.aliases(session, box) if box else ())
            ),
        )


def change_email_settings(deps: Deps, actor: Actor, *, wanted: EmailChoices) -> None:
    """Save one's own settings and forecast anew. Raises InputError that names each bad field."""
    _check(wanted)
    with deps.store.begin(actor.workspace_id) as session:
        member = _member(session, actor)
        member.daily_limit = int(wanted.daily_limit)
        member.hourly_limit = int(wanted.hourly_limit)
        member.undo_seconds = int(wanted.undo_seconds or member.undo_seconds)
        member.always_bcc = wanted.always_bcc.strip() or None
        member.signature_html = shown_html(wanted.signature_html) or ""
        member.time_zone = wanted.time_zone
        choices.replace_windows(
            session,
            actor,
            [
                {
                    "days": sorted(day + 1 for day in window.days),
                    "starts": window.start,
                    "ends": window.end,
                }
                for window in wanted.windows
            ],
        )
        audit.note(
            session, actor, "email_settings.changed", f"member:{actor.member_id}", now=deps.now()
        )
        row = mailbox_lists.of_member(session, actor.member_id)
        if row is not None:
            rules_changed(session, mailbox_lists.id_of(row), deps.now())


def _member(session: Session, actor: Actor) -> TeamMember:
    member = team.by_id(session, actor.member_id)
    if member is None:
        raise NotFound("Your access to this workspace has ended.")
    return member


def _check(wanted: EmailChoices) -> None:
    wrong = _numbers_wrong(wanted)
    if wanted.always_bcc.strip() and not is_valid_address(wanted.always_bcc.strip()):
        wrong["always_bcc"] = "This is not an e-mail address. Leave it empty for no copy."
    if len(wanted.signature_html) > MAX_SIGNATURE:
        wrong["signature"] = f"Shorten the signature to {MAX_SIGNATURE:,} characters."
    if wanted.time_zone not in available_timezones():
        wrong["time_zone"] = "Choose a time zone from the list, such as Europe/Berlin."
    if len(wanted.windows) > MAX_WINDOWS:
        wrong["windows"] = f"At most {MAX_WINDOWS} windows."
    if wrong:
        raise InputError("The settings were not saved. Correct the marked fields.", wrong)


def _numbers_wrong(wanted: EmailChoices) -> dict[str, str]:
    wrong: dict[str, str] = {}
    for field, name, text in (
        ("daily_limit", "send.daily", wanted.daily_limit),
        ("hourly_limit", "send.hourly", wanted.hourly_limit),
    ):
        try:
            check(name, text, level=Level.MEMBER)
        except InputError as error:
            wrong[field] = error.sentence
    if wanted.undo_seconds and wanted.undo_seconds not in set(map(str, UNDO_SECONDS)):
        wrong["undo_seconds"] = "Choose one of the times in the list."
    return wrong
