"""Installs the console in an application: its pages, sessions, headers, files and error pages."""

from flask import Flask

from backend.console import (
    account_traits,
    accounts,
    add_address,
    audit_log,
    composing,
    connect,
    contact_edits,
    contacts,
    conversations,
    coverage,
    customer_lists,
    email_settings,
    email_templates,
    exports,
    first_run,
    first_steps,
    forecasts,
    forwarding,
    health,
    help_pages,
    home,
    imports,
    integrations,
    mailbox,
    never_log,
    notes,
    pending,
    policies,
    public_pages,
    quick_jump,
    rearranging,
    received_files,
    setup,
    shared_mailboxes,
    signin,
    smart_bcc,
    suppressions,
    tasks,
    team,
    time_zone,
    timeline,
    unmatched,
    unsubscribes,
    why,
    workspaces,
)
from backend.console.assets import serve_assets
from backend.console.blueprints import csrf
from backend.console.context import EXTENSION
from backend.console.error_pages import install_error_pages
from backend.console.headers import add_headers, note_window
from backend.console.request_parsing import IdConverter
from backend.console.requests import TypedRequest
from backend.console.sessions import ServerSessions
from backend.console.templating import prepare_templates
from backend.console.visiting import judge_visit
from backend.deps import Deps
from backend.domain.summaries.setup import GoogleSide

NOUNS = (
    *(home, conversations, received_files, timeline, composing, forecasts, forwarding, pending),
    *(accounts, contacts, contact_edits, unmatched, rearranging, tasks, notes),
    *(imports, customer_lists, audit_log, coverage, exports),
    *(health, setup, why, help_pages, quick_jump, signin, first_run, first_steps),
    *(workspaces, mailbox, connect),
    *(email_settings, time_zone, integrations, add_address, never_log, suppressions, team),
    *(account_traits, unsubscribes, policies, smart_bcc, shared_mailboxes, email_templates),
)
MAX_FORM = 2_000_000
"""Bytes of a form: the longest message with room to spare."""


def install_console(app: Flask, deps: Deps, *, secret_key: str, side: GoogleSide) -> None:
    """Install the console. `secret_key` signs CSRF tokens; `side` is shown to admins, who
    enter it at Google.
    """
    app.extensions[EXTENSION] = deps
    app.config[setup.SIDE] = side
    app.secret_key = secret_key
    app.config |= {
        "WTF_CSRF_CHECK_DEFAULT": False,  # the blueprints of the console ask for it themselves
        "WTF_CSRF_TIME_LIMIT": None,  # a token lives as long as its session
        "MAX_FORM_MEMORY_SIZE": MAX_FORM,
    }
    app.request_class = TypedRequest
    app.session_interface = ServerSessions()
    app.url_map.converters["id"] = IdConverter
    csrf.init_app(app)
    prepare_templates(app)
    install_error_pages(app)
    app.before_request(note_window)
    app.before_request(judge_visit)
    app.after_request(add_headers)
    for noun in NOUNS:
        app.register_blueprint(noun.bp)
    app.register_blueprint(unsubscribes.public)
    app.register_blueprint(public_pages.bp)
    serve_assets(app)
