"""The audit log, who did what and when, and the browsers in which a member is signed in."""

from collections.abc import Iterator
from typing import Any

from flask import Response as FlaskResponse
from flask import render_template, request, session, url_for
from werkzeug.wrappers import Response

from backend.console.blueprints import members_only
from backend.console.context import current_actor, current_deps
from backend.console.csv_files import csv_file
from backend.console.flash import go, say
from backend.console.helpers import plural
from backend.console.request_parsing import list_query, text
from backend.console.sessions import ServerSession
from backend.console.templating import page
from backend.domain.ids import MemberId
from backend.domain.paging import whole_id
from backend.domain.people.audit_words import GROUPS, called
from backend.domain.summaries.audit import AuditLine
from backend.queries.audit_log import BY_RULE, audit_log, require_audit, who_acted, whole_audit_log
from backend.services import signed_in

bp = members_only("audit_log", __name__)
FILTERS = ("who", "what", "since", "until")


@bp.get("/settings/audit-log")
def index() -> str:
    """A page of it; only its region for htmx."""
    deps, actor, query = current_deps(), current_actor(), list_query(*FILTERS)
    return page(
        "audit_log/index.html",
        fragment="audit_log/_list.html",
        query=query,
        found=audit_log(deps, actor, query),
        members=[*who_acted(deps, actor), (BY_RULE, "Nobody: a rule")],
        groups=[(key, name) for key, (name, _) in GROUPS.items()],
        called=called,
        address_of=address_of,
    )


@bp.get("/settings/audit-log.csv")
def download() -> FlaskResponse:
    """Everything that matches the filters, as a file."""
    require_audit(current_actor())
    deps, actor = current_deps(), current_actor()
    return csv_file("audit-log.csv", rows(whole_audit_log(deps, actor, list_query(*FILTERS))))


def rows(lines: Iterator[AuditLine]) -> Iterator[tuple[str, ...]]:
    """The file's rows, the header first. Times are in UTC."""
    yield ("When (UTC)", "Who", "What", "Action", "Thing", "Details")
    for one in lines:
        at = one.at.strftime("%Y-%m-%dT%H:%M:%SZ")
        yield (at, one.who or "", called(one.action), one.action, one.subject, one.detail)


def address_of(subject: str) -> str:
    """The page of an entry's subject; empty where it has none."""
    kind, _, number = subject.partition(":")
    row_id = whole_id(number)
    if row_id is None:
        return ""
    pages: dict[str, tuple[str, str]] = {
        "contact": ("contacts.show", "contact_id"),
        "account": ("accounts.show", "account_id"),
        "list": ("customer_lists.show", "list_id"),
        "conversation": ("conversations.show", "conversation_id"),
    }
    if kind not in pages:
        return ""
    endpoint, name = pages[kind]
    values: dict[str, Any] = {name: row_id}
    return url_for(endpoint, **values)


@bp.get("/settings/sessions")
def sessions() -> str:
    """The reader's signed-in browsers."""
    return _sessions(None)


@bp.get("/settings/team/<id:member_id>/sessions")
def sessions_of(member_id: int) -> str:
    """A member's signed-in browsers, for an admin."""
    return _sessions(MemberId(member_id))


@bp.post("/settings/sessions")
def end_own() -> Response:
    """End one of the reader's sessions, or all but this one."""
    return _end(None)


@bp.post("/settings/team/<id:member_id>/sessions")
def end_of(member_id: int) -> Response:
    """End a member's sessions, by an admin."""
    return _end(MemberId(member_id))


def _sessions(member_id: MemberId | None) -> str:
    found = signed_in.sessions_of(current_deps(), current_actor(), member_id, here=_token())
    return render_template("audit_log/sessions.html", found=found, member_id=member_id)


def _end(member_id: MemberId | None) -> Response:
    number = signed_in.end_sessions(
        current_deps(), current_actor(), member_id, key=text("key"), here=_token()
    )
    say(f"{plural(number, 'browser is', 'browsers are')} signed out.")
    return go(request.path)


def _token() -> str:
    return session.token if isinstance(session, ServerSession) else ""
