"""The names templates may use, installed once; an unknown name in a template is an error."""

from flask import Flask, render_template
from jinja2 import StrictUndefined

from backend.console import helpers, times
from backend.console.assets import asset
from backend.console.context import actor_or_none, wants_fragment
from backend.console.labels import (
    MAILBOX_WORDS,
    PENDING_WORDS,
    SHARING_WORDS,
    STOP_WORDS,
    deleting,
    sending_now,
)
from backend.console.navigation import entries
from backend.console.written import written, written_beside
from backend.domain.customers.account_health import health_level
from backend.domain.oauth.refusals import WHERE_NOBODY_RETURNS
from backend.domain.recency import CHOICES

FILTERS = {
    "moment": times.moment,
    "spoken": times.spoken,
    "day": times.day,
    "day_spoken": times.day_spoken,
    "ago": times.ago,
    "ago_spoken": times.ago_spoken,
    "clock": times.clock,
    "heading": times.heading,
    "plain_date": times.plain_date,
    "for_input": times.for_input,
    "number": times.number,
    "size": times.size,
    "seconds_until": times.seconds_until,
    "initials": helpers.initials,
    "health_level": health_level,
    "plural": helpers.plural,
    "same_twice": helpers.same_twice,
}
GLOBALS = {
    "asset": asset,
    "zone_name": times.zone_name,
    "navigation": entries,
    "pending_words": PENDING_WORDS,
    "sending_now": sending_now,
    "deleting": deleting,
    "mailbox_words": MAILBOX_WORDS,
    "sharing_words": SHARING_WORDS,
    "stop_words": STOP_WORDS,
    "same_page": helpers.same_page,
    "may": helpers.may,
    "kept_history": helpers.kept_history,
    "is_away": helpers.is_away,
    "refusals_at_google": WHERE_NOBODY_RETURNS,
    "section": helpers.section,
    "letter": helpers.letter,
    "chrome": helpers.chrome,
    "by_day": helpers.by_day,
    "describe_windows": helpers.describe_windows,
    "outlook_line": helpers.outlook_line,
    "written": written,
    "written_beside": written_beside,
    "googles_limits": "https://support.google.com/a/answer/166852",
    "recency_choices": tuple(CHOICES.items()),
}


def prepare_templates(app: Flask) -> None:
    """Install filters, globals and the signed-in member."""
    app.jinja_options = {**app.jinja_options, "undefined": StrictUndefined}
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters |= FILTERS
    app.jinja_env.globals |= GLOBALS
    app.context_processor(lambda: {"me": actor_or_none()})


def page(template: str, *, fragment: str | None = None, **values: object) -> str:
    """A page, or only its changing region when htmx asks for that."""
    return render_template(fragment if fragment and wants_fragment() else template, **values)
