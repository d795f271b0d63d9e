"""What templates may use: filters for times and numbers, the files' addresses, and small words."""

from typing import Any
from urllib.parse import urlencode

from flask import Flask, render_template, request
from jinja2 import StrictUndefined

from backend.console import times
from backend.console.assets import asset
from backend.console.context import actor_or_none, current_actor, current_deps, wants_fragment
from backend.console.navigation import entries
from backend.console.words import MAILBOX_WORDS, PENDING_WORDS
from backend.domain.roles import Permission, Role, allowed
from backend.domain.summaries.chrome import Chrome
from backend.services.showing import framing

FILTERS = {
    "moment": times.moment,
    "day": times.day,
    "ago": times.ago,
    "clock": times.clock,
    "heading": times.heading,
    "plain_date": times.plain_date,
    "for_input": times.for_input,
    "number": times.number,
    "size": times.size,
}

SECTIONS = {
    "pending": "conversations",
    "composing": "conversations",
    "email_settings": "settings",
    "integrations": "settings",
    "never_log": "settings",
    "team": "settings",
    "policies": "settings",
}


def prepare_templates(app: Flask) -> None:
    """Install filters and globals; a name that a template does not know is an error."""
    app.jinja_options = {**app.jinja_options, "undefined": StrictUndefined}
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters |= {**FILTERS, "initials": initials, "plural": plural}
    app.jinja_env.globals |= {
        "asset": asset,
        "zone_name": times.zone_name,
        "same_page": same_page,
        "may": may,
        "section": section,
        "chrome": chrome,
        "navigation": entries,
        "pending_words": PENDING_WORDS,
        "mailbox_words": MAILBOX_WORDS,
    }
    app.context_processor(lambda: {"me": actor_or_none()})


def page(template: str, *, fragment: str | None = None, **values: Any) -> str:
    """A page, or only its changing region when htmx asks for that."""
    return render_template(fragment if fragment and wants_fragment() else template, **values)


def initials(name: str) -> str:
    """Two letters for a face: "Dana Reyes" is "DR"."""
    words = [word for word in name.replace("@", " ").split() if word[0].isalnum()]
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper() or "?"


def plural(count: int, one: str, many: str = "") -> str:
    """A count with its noun: "1 email", "1,204 emails"."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def same_page(**changes: str) -> str:
    """The page's own address with some of its query changed; an empty value is left out."""
    query = {**request.args.to_dict(), **changes}
    kept = {name: value for name, value in query.items() if value}
    return f"{request.path}?{urlencode(kept)}" if kept else request.path


def section() -> str:
    """The menu entry that the page belongs to."""
    return SECTIONS.get(request.blueprint or "", request.blueprint or "")


def chrome() -> Chrome:
    """What stands around every page: the mailbox's state and how much mail waits."""
    return framing.chrome(current_deps(), current_actor())


def may(permission: str, *, own: bool) -> bool:
    """Whether the reader's role suffices. What a role may not do is absent, not grey."""
    actor = actor_or_none()
    return actor is not None and allowed(Role(actor.role), Permission(permission), own=own)
