"""A member's own sending: limits, windows, own copy, signature."""

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import available_timezones

from backend.deps import Deps
from backend.domain.mail.address import is_valid_address
from backend.domain.mail.foreign_html import shown_html
from backend.domain.people.actor import Actor
from backend.domain.policies import Level, check
from backend.domain.sending.windows import SendingWindow
from backend.errors import InputError
from backend.services.planning import rules_changed
from backend.store import audit, choices, mailboxes, team

MAX_SIGNATURE = 20_000
MAX_WINDOWS = 10
UNDO_SECONDS = (0, 5, 10, 20, 30, 60)
"""How long a message that leaves at once can be taken back: Gmail's choices, none, and a minute."""


@dataclass(frozen=True, kw_only=True)
class EmailChoices:
    """What a member entered. Numbers are typed text; `windows` are parsed. Without `undo_seconds`
    those stay as they are.
    """

    daily_limit: str
    hourly_limit: str
    always_bcc: str
    signature_html: str
    time_zone: str
    windows: Sequence[SendingWindow]
    undo_seconds: str = ""


def change_email_settings(deps: Deps, actor: Actor, *, wanted: EmailChoices) -> None:
    """Save one's own settings and replan. Raises InputError that names each bad field."""
    _check(wanted)
    with deps.store.begin(actor.workspace_id) as session:
        member = team.themselves(session, actor)
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
        mailbox = mailboxes.of_member(session, actor.member_id)
        if mailbox is not None:
            rules_changed(session, mailbox.id, deps.now())


def _check(wanted: EmailChoices) -> None:
    wrong = _numbers_wrong(wanted)
    if wanted.always_bcc.strip() and not is_valid_address(wanted.always_bcc.strip()):
        wrong["always_bcc"] = "This is not an email address. Leave it empty for no copy."
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
