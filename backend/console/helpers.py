"""Small template functions: words, days, choices, and the page's own address."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import cast
from urllib.parse import quote, urlencode

from flask import g, request

from backend.console import times
from backend.console.context import actor_or_none, current_actor, current_deps
from backend.domain.people import invitations
from backend.domain.people.roles import Permission, allowed
from backend.domain.sending.window_entry import describe
from backend.domain.sending.windows import SendingWindow
from backend.domain.summaries.administration import EmailSettingsView
from backend.domain.summaries.chrome import Chrome
from backend.domain.summaries.pending import SendingOutlook
from backend.domain.summaries.timeline import InteractionLine
from backend.queries import chrome as framing
from backend.queries.settings.policies import redacts_after_disconnecting
from backend.services import connecting

SECTIONS = {
    "pending": "conversations",
    "composing": "conversations",
    "timeline": "conversations",
    "email_settings": "settings",
    "integrations": "settings",
    "shared_mailboxes": "settings",
    "email_templates": "settings",
    "adding": "settings",
    "never_log": "settings",
    "team": "settings",
    "policies": "settings",
    "customer_lists": "imports",
    "audit_log": "settings",
    "coverage": "settings",
}


def initials(name: str) -> str:
    """Two letters for an avatar: "Dana Reyes" is "DR"."""
    words = [word for word in name.replace("@", " ").split() if word[0].isalnum()]
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper() or "?"


def kept_history() -> str:
    """What happens to the history of a mailbox that is disconnected (D-21)."""
    if redacts_after_disconnecting(current_deps(), current_actor()):
        return (
            "Of what was synced before, this workspace keeps who wrote, when and the subject. The "
            "texts and files that no other mailbox here has are removed for good."
        )
    return "What was synced before stays here."


def plural(count: int, one: str, many: str = "") -> str:
    """A count with its noun: "1 email", "1,204 emails"."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def same_twice(value: str) -> tuple[str, str]:
    """A choice whose text is its value."""
    return value, value


@dataclass(frozen=True)
class DayOfHistory:
    """The entries of one day under their heading."""

    heading: str
    entries: tuple[InteractionLine, ...]


def by_day(lines: Sequence[InteractionLine]) -> list[DayOfHistory]:
    """A history grouped by day, in the reader's calendar."""
    days = groupby(lines, key=lambda line: times.heading(line.at))
    return [DayOfHistory(heading, tuple(entries)) for heading, entries in days]


def describe_windows(windows: Sequence[SendingWindow]) -> str:
    """Sending windows in one line."""
    return "; ".join(describe(window) for window in windows) or "Any time"


def outlook_line(mine: EmailSettingsView, outlook: SendingOutlook | None) -> str:
    """A form's line about when the message leaves, before anything is chosen."""
    if outlook is None:
        return "Connect your Gmail first."
    left = f"{outlook.left_today:,} of {outlook.daily_limit:,} sent in the last 24 hours"
    windows = describe_windows(mine.windows)
    return f"Leaves under your limits and inside your window ({windows}). {left}."


def same_page(**changes: str) -> str:
    """The page's own address with some of its query changed; empty values are dropped."""
    query = {**request.args.to_dict(), **changes}
    kept = {name: value for name, value in query.items() if value}
    return f"{request.path}?{urlencode(kept)}" if kept else request.path


def letter(email: str, workspace: str, sign_in: str) -> str:
    """A mailto link that opens an invitation in the reader's own mail program."""
    subject, body = invitations.letter(workspace, sign_in)
    said = urlencode({"subject": subject, "body": body}, quote_via=quote)
    return f"mailto:{quote(email, safe='@')}?{said}"


def section() -> str:
    """The menu entry of the page."""
    return SECTIONS.get(request.blueprint or "", request.blueprint or "")


def chrome() -> Chrome:
    """What every page shows: the mailbox's state and how many messages wait. Loaded once."""
    if "chrome" not in g:
        g.chrome = framing.chrome(current_deps(), current_actor())
    return cast("Chrome", g.chrome)


def is_away() -> bool:
    """Whether the reader left for Google to connect and has not returned."""
    return connecting.is_away(current_deps(), current_actor())


def may(permission: str, *, own: bool) -> bool:
    """Whether the reader's role permits it. What a role may not do is absent, not greyed out."""
    actor = actor_or_none()
    return actor is not None and allowed(actor.role, Permission(permission), own=own)
