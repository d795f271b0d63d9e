"""A member's own email settings: mailbox, limits, windows, own copy, signature."""

import re
from dataclasses import dataclass, field, replace
from functools import cache
from html import escape, unescape
from zoneinfo import available_timezones

from flask import Response as FlaskResponse
from flask import redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from backend.console.blueprints import members_only
from backend.console.context import current_actor, current_deps
from backend.console.flash import go, say
from backend.console.framing import framed
from backend.console.imports import what_is_imported
from backend.console.request_parsing import text
from backend.domain.sending.throttle import WHY_LIMITS
from backend.domain.sending.window_entry import WHY_WINDOWS, enter_window
from backend.domain.sending.windows import SendingWindow, Weekday
from backend.domain.summaries.administration import EmailSettingsView
from backend.errors import InputError
from backend.queries.mailboxes.imports import import_choice
from backend.queries.settings.email_settings import email_settings
from backend.queries.smart_bcc import smart_bcc_view
from backend.services import connecting
from backend.services.settings import UNDO_SECONDS, EmailChoices, change_email_settings

bp = members_only("email_settings", __name__)
SPARE_ROWS = 1
MOST_ROWS = 10
TAG = re.compile(r"</?[a-zA-Z]")
ONE_PARAGRAPH = re.compile(r"^\s*<p>((?:(?!</?p\b).)*)</p>\s*$", re.DOTALL)
BLOCKS = ("<p", "<div", "<table", "<br", "<ul", "<ol")


@dataclass(frozen=True)
class WindowRow:
    """One window in the form."""

    days: frozenset[str] = frozenset()
    start: str = ""
    end: str = ""


@dataclass(frozen=True, kw_only=True)
class SettingsForm:
    """The values of the fields."""

    daily_limit: str
    hourly_limit: str
    always_bcc: str
    undo_seconds: str
    signature: str
    time_zone: str
    windows: tuple[WindowRow, ...]
    errors: dict[str, str] = field(default_factory=dict)


@bp.get("/settings/email")
def index() -> str:
    """The settings as they are."""
    view = email_settings(current_deps(), current_actor())
    return render(view, _shown(view))


def with_wrong_name(errors: dict[str, str]) -> str:
    """The present settings, with the typed name and its error."""
    view = email_settings(current_deps(), current_actor())
    return render(view, replace(_shown(view), errors=errors))


@bp.post("/settings/email")
def save() -> Response | tuple[str, int]:
    """Save the settings, or show the errors."""
    form = _typed()
    try:
        change_email_settings(
            current_deps(),
            current_actor(),
            wanted=EmailChoices(
                daily_limit=form.daily_limit.strip(),
                hourly_limit=form.hourly_limit.strip(),
                always_bcc=form.always_bcc,
                undo_seconds=form.undo_seconds,
                signature_html=_as_html(form.signature),
                time_zone=form.time_zone,
                windows=_entered(form),
            ),
        )
    except InputError as error:
        view = email_settings(current_deps(), current_actor())
        return render(view, replace(form, errors=error.fields)), 422
    say("Saved. Pending mail follows the new settings.")
    return go(url_for("email_settings.index"))


@bp.get("/settings/email/signature")
def signature() -> FlaskResponse:
    """The saved signature, for a frame that runs nothing."""
    view = email_settings(current_deps(), current_actor())
    html = Markup(view.signature_html)  # noqa: S704 - cleaned when it was saved, and framed here
    return framed(render_template("conversations/body.html", html=html, text="", ask=""))


@bp.get("/settings")
@bp.get("/settings/profile")
@bp.get("/settings/personal/email-settings")
@bp.get("/settings/sending-windows")
def elsewhere() -> Response:
    """Redirects paths that other documents name."""
    return redirect(url_for("email_settings.index"), code=301)


def render(view: EmailSettingsView, form: SettingsForm) -> str:
    """The page, with a spare row for one more window."""
    spare = (WindowRow(),) * (SPARE_ROWS if len(form.windows) < MOST_ROWS else 0)
    return render_template(
        "settings/email.html",
        view=view,
        smart_bcc=smart_bcc_view(current_deps(), current_actor()),
        form=form,
        rows=form.windows + spare,
        named=text("display_name"),
        days=[day.name.lower() for day in Weekday],
        zones=time_zones(),
        undo_choices=[(str(seconds), in_words(seconds)) for seconds in UNDO_SECONDS],
        why_limits=WHY_LIMITS,
        why_windows=WHY_WINDOWS,
        barred=connecting.may_connect(current_deps(), current_actor()),
        promise=what_is_imported(import_choice(current_deps(), current_actor()))["promise"],
    )


def in_words(seconds: int) -> str:
    """An undo time in words."""
    return f"For {seconds} seconds" if seconds else "Not at all"


def shown_with(errors: dict[str, str]) -> str:
    """The present settings, with an error beside the field."""
    view = email_settings(current_deps(), current_actor())
    return render(view, replace(_shown(view), errors=errors))


@cache
def time_zones() -> tuple[str, ...]:
    """The zones to choose from, cached: finding them takes longer than the rest of the page."""
    return tuple(sorted(zone for zone in available_timezones() if "/" in zone or zone == "UTC"))


def _shown(view: EmailSettingsView) -> SettingsForm:
    return SettingsForm(
        daily_limit=str(view.daily_limit),
        hourly_limit=str(view.hourly_limit),
        always_bcc=view.always_bcc,
        undo_seconds=str(view.undo_seconds),
        signature=_as_text(view.signature_html),
        time_zone=view.time_zone,
        windows=tuple(_row(window) for window in view.windows),
    )


def _row(window: SendingWindow) -> WindowRow:
    days = frozenset(day.name.lower() for day in window.days)
    return WindowRow(days, f"{window.start:%H:%M}", f"{window.end:%H:%M}")


def _typed() -> SettingsForm:
    rows = []
    for number in range(MOST_ROWS):
        row = WindowRow(
            frozenset(request.form.getlist(f"window-{number}-days")),
            text(f"window-{number}-start"),
            text(f"window-{number}-end"),
        )
        if (row.days or row.start or row.end) and not text(f"window-{number}-remove"):
            rows.append(row)
    return SettingsForm(
        daily_limit=text("daily_limit"),
        hourly_limit=text("hourly_limit"),
        always_bcc=text("always_bcc"),
        undo_seconds=text("undo_seconds"),
        signature=text("signature"),
        time_zone=text("time_zone"),
        windows=tuple(rows),
    )


def _entered(form: SettingsForm) -> tuple[SendingWindow, ...]:
    """The windows of the form. Raises InputError with the row in its fields."""
    windows: list[SendingWindow] = []
    wrong: dict[str, str] = {}
    for number, row in enumerate(form.windows):
        try:
            windows.append(enter_window(row.days, row.start, row.end, zone=form.time_zone))
        except InputError as error:
            zone = error.fields.pop("zone", "")
            wrong |= {"time_zone": zone} if zone else {}
            wrong |= {f"window-{number}-{name}": said for name, said in error.fields.items()}
    if wrong:
        raise InputError("The settings were not saved. Correct the marked fields.", wrong)
    return tuple(windows)


def _as_html(signature: str) -> str:
    """Turns the lines of a signature typed as text into HTML."""
    typed = signature.strip().replace("\r\n", "\n")
    typed = typed if TAG.search(typed) else escape(typed, quote=False)
    return typed if any(tag in typed.lower() for tag in BLOCKS) else typed.replace("\n", "<br>")


def _as_text(signature_html: str) -> str:
    """The reverse, for a signature that has only lines."""
    lines = ONE_PARAGRAPH.sub(r"\1", signature_html).replace("<br>", "\n")
    if any(tag in lines.lower() for tag in BLOCKS):
        return signature_html
    plain = unescape(lines)
    return lines if TAG.search(plain) else plain
