"""The console served from this process to a real browser, with a day's mail in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page
from werkzeug.serving import make_server

from backend.console.context import WHO
from backend.console.sessions import COOKIE
from backend.local.ports import free_port
from backend.services import composing, tasks, web_sessions
from backend.wsgi import create_app
from tests.browser.chromium import DESKTOP, PATIENCE_MS, Complaints
from tests.support.company import ANA, DANA, ROBIN, Company
from tests.support.serving import at_work
from tests.support.templates import with_compiled_templates

OFFER = composing.NewFile("Renewal offer for Northwind Traders.html", b"<script>alert(1)</script>")


@dataclass(frozen=True)
class Served:
    """A company whose console listens on `root`."""

    company: Company
    root: str
    conversation: int
    pending: str
    task: int

    def cookie(self, email: str) -> Any:
        actor, deps = self.company.actor(email), self.company.deps
        token = web_sessions.new_token(deps)
        who = {WHO: [actor.workspace_id, actor.member_id]}
        web_sessions.write(deps, token, who, begun_at=None)
        return {"name": COOKIE, "value": token, "url": self.root}


@pytest.fixture
def served(quiet_company: Company) -> Iterator[Served]:
    quiet_company.receives(
        ROBIN, **{"from": DANA, "subject": "Pilot results", "html": "<p>Hi <b>Robin</b></p>"}
    )
    quiet_company.receives(ROBIN, **{"from": "mei@fabrikam.example", "subject": "Second line"})
    quiet_company.connected(ROBIN)
    pending = composing.start(
        quiet_company.deps,
        quiet_company.actor(ROBIN),
        draft=composing.Draft(
            to=[DANA],
            subject="Renewal check-in",
            body_text="Hi Dana,\n\nshall we talk?",
            due_at=quiet_company.deps.now() + timedelta(days=2),
            files=composing.FileChanges(added=[OFFER]),
        ),
        nonce="browser",
    )
    port = free_port()
    root = f"http://127.0.0.1:{port}"
    deps = replace(quiet_company.deps, public_url=root)
    conversation = quiet_company.value("SELECT id FROM conversations WHERE subject LIKE 'Pilot%%'")
    task = tasks.create(
        quiet_company.deps,
        quiet_company.actor(ROBIN),
        tasks.TaskText(title="Ask again about the pilot", due="2026-01-05"),
        tasks.TaskPlace(conversation_id=conversation),
        nonce="browser",
    )
    app = with_compiled_templates(create_app(deps, quiet_company.settings))
    with listening(app, port):
        yield Served(quiet_company, root, int(conversation), str(pending), int(task or 0))


@contextmanager
def listening(app: Flask, port: int) -> Iterator[None]:
    server = make_server("127.0.0.1", port, app, threaded=True)
    # Waited for at the end: a request that outlives the company would leave its connection open.
    vars(server)["daemon_threads"] = False
    with at_work(server):
        yield


@dataclass(frozen=True)
class Surfer:
    """A signed-in browser window, and what its pages complained about."""

    page: Page
    complaints: Complaints


@contextmanager
def surfing(browser: Browser, served: Served, email: str, **options: Any) -> Iterator[Surfer]:
    options = {"viewport": DESKTOP, "locale": "en-GB", **options}
    context: BrowserContext = browser.new_context(base_url=served.root, **options)
    context.set_default_timeout(PATIENCE_MS)
    context.add_cookies([served.cookie(email)])
    page, complaints = context.new_page(), Complaints()
    page.on("pageerror", lambda error: complaints.texts.append(str(error)))
    page.on(
        "console",
        lambda line: complaints.texts.append(line.text) if line.type == "error" else None,
    )
    try:
        yield Surfer(page, complaints)
    finally:
        context.close()


@pytest.fixture
def robin(chromium: Browser, served: Served) -> Iterator[Surfer]:
    """A member with JavaScript."""
    with surfing(chromium, served, ROBIN) as surfer:
        yield surfer


@pytest.fixture
def plain_robin(chromium: Browser, served: Served) -> Iterator[Surfer]:
    """The same without JavaScript."""
    with surfing(chromium, served, ROBIN, java_script_enabled=False) as surfer:
        yield surfer


def pages_of(served: Served) -> list[str]:
    """One address for each kind of page, and the states that look different."""
    company = served.company
    account = company.value("SELECT id FROM accounts WHERE name = 'Northwind Traders'")
    contact = company.value("SELECT id FROM contacts WHERE name = 'Dana Reyes'")
    message = company.value("SELECT min(id) FROM messages")
    return [
        *("/", "/conversations", f"/conversations/{served.conversation}", "/conversations/new"),
        *("/conversations?q=nothing", "/conversations/pending", f"/pending/{served.pending}"),
        f"/conversations/pending?open={served.pending}",
        *(f"/conversations/{served.conversation}/{page}" for page in ("split", "merge")),
        *(f"/pending/{served.pending}/edit", f"/pending/{served.pending}/departure"),
        *("/tasks?view=team", "/tasks/new", f"/tasks/{served.task}"),
        *("/accounts", f"/accounts/{account}", "/contacts", f"/contacts/{contact}"),
        *(
            "/imports",
            "/imports/customers",
            "/health",
            "/why",
            f"/messages/{message}/why",
            "/jump?q=da",
        ),
        *(
            "/settings/email",
            "/settings/never-log",
            "/settings/stopped-addresses",
            "/settings/integrations/gmail",
            *("/settings/shared-mailboxes", "/settings/email-templates/new"),
        ),
        *(
            "/settings/team",
            "/settings/policies",
            "/settings/audit-log",
            *("/settings/sessions", "/settings/coverage"),
            "/nowhere",
        ),
        *("/mailboxes/new", "/mailboxes/new/gmail", "/mailbox/address"),
        *("/help", "/help/connecting", "/setup", "/first-steps", f"/messages/{message}/removal"),
    ]


ADMIN = ANA
