"""Members who visit the console over HTTP, signed in through the simulator as through Google."""

import re
from dataclasses import dataclass, field, replace
from html import unescape
from typing import Any

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from backend.console.context import EXTENSION, PERSON, WHO
from backend.console.sessions import COOKIE
from backend.deps import Deps
from backend.services import founding, web_sessions
from backend.services.founding import Wanted
from backend.wsgi import create_app
from tests.support.company import ANA, DANA, KIM, ROBIN, Company, allow
from tests.support.templates import with_compiled_templates

OUTSIDER = "olga@elsewhere.example"
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
APPS: list[Flask] = []
SPACES = re.compile(r"\s+")
TAGS = re.compile(r"<[^>]+>")


@dataclass(frozen=True)
class Visitor:
    """A browser without JavaScript."""

    client: FlaskClient
    company: Company
    tokens: dict[str, str] = field(default_factory=dict, kw_only=True)

    def get(self, path: str, **headers: str) -> TestResponse:
        return self.client.get(path, headers=headers)

    def page(self, path: str) -> str:
        """The page's words, after it answered 200."""
        answer = self.get(path)
        assert answer.status_code == 200, (path, answer.status_code, words(answer)[:500])
        return words(answer)

    def post(self, path: str, **form: Any) -> TestResponse:
        """A form sent with the token of this session; names with "_" stay as they are."""
        return self.client.post(path, data={"csrf_token": self.token(), **form})

    def follow(self, answer: TestResponse) -> str:
        """Where a form's answer leads, as words."""
        return self.page(at(answer))

    def back_from_google(self, begun: TestResponse, email: str, **how: Any) -> TestResponse:
        """The callback from Google for a person who allowed everything, or did as `how` says."""
        back = allow(at(begun), email, **how)
        return self.client.get("/mailbox/callback", query_string=back)

    def token(self) -> str:
        """The CSRF token of this session. Fetched once: its page takes time."""
        session = self.client.get_cookie(COOKIE)
        held = session.value if session else ""
        if held not in self.tokens:
            found = TOKEN.search(self.get("/why").get_data(as_text=True))
            assert found is not None
            self.tokens[held] = found.group(1)
        return self.tokens[held]

    def sign_in(self, email: str) -> "Visitor":
        """By way of Google's page, into the only workspace there is for them."""
        one = self.arrive(email)
        assert one.get("/").status_code == 200
        return one

    def arrive(self, email: str, wanted: str = "/") -> "Visitor":
        """Back from Google, wherever that leads."""
        begun = self.client.get("/signin/google", query_string={"next": wanted})
        answer = self.client.get("/signin/callback", query_string=allow(at(begun), email))
        assert answer.status_code == 303, words(answer)
        return self

    def press(self, action: str, page: str = "/workspaces", **form: Any) -> TestResponse:
        """A button of a page outside the shell."""
        found = TOKEN.search(self.get(page).get_data(as_text=True))
        assert found is not None
        return self.client.post(action, data={"csrf_token": found.group(1), **form})


def at(answer: TestResponse) -> str:
    """Where a form or Google leads."""
    assert answer.status_code == 303, (answer.status_code, words(answer)[:500])
    return str(answer.headers["Location"])


def words(answer: TestResponse) -> str:
    """What a reader sees, without tags and with single spaces."""
    return SPACES.sub(" ", unescape(TAGS.sub(" ", answer.get_data(as_text=True)))).strip()


class Window(FlaskClient):
    """A browser at the application that all tests share: making one takes longer than a page.

    Each request carries its company; the console keeps nothing else between two.
    """

    company: Company

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        self.application.extensions[EXTENSION] = self.company.deps
        return super().open(*args, **kwargs)


def visitor(company: Company, deps: Deps | None = None) -> Visitor:
    """Somebody who has not signed in. `deps` replaces the company's own outside world, in an
    application of its own.
    """
    if deps is not None:
        app = with_compiled_templates(create_app(deps, company.settings))
        return Visitor(app.test_client(), company)
    window = Window(shared_app(company), Response)
    window.company = company
    return Visitor(window, company)


def shared_app(company: Company) -> Flask:
    """The application of the first office that asks; only its console is visited."""
    if not APPS:
        APPS.append(create_app(company.deps, company.settings))
    return APPS[0]


def member(company: Company, email: str) -> Visitor:
    """Somebody with a session, without the way to Google that test_signin goes."""
    actor = company.actor(email)
    token = web_sessions.new_token(company.deps)
    sub = f"of {email}"
    data = {WHO: [actor.workspace_id, actor.member_id], PERSON: [sub, email, actor.name, ""]}
    web_sessions.write(company.deps, token, data, begun_at=None)
    return resumed(company, token)


def resumed(company: Company, token: str) -> Visitor:
    """The visitor of a session."""
    one = visitor(company)
    one.client.set_cookie(COOKIE, token)
    return one


def signed_in(company: Company, email: str) -> Visitor:
    """Somebody who came by way of Google's page."""

    def sign_in() -> str:
        session = visitor(company).sign_in(email).client.get_cookie(COOKIE)
        assert session is not None
        return session.value

    return resumed(company, company.begun(f"{email} signed in", sign_in))


@pytest.fixture
def robin(quiet_company: Company) -> Visitor:
    """A member."""
    return member(quiet_company, ROBIN)


@pytest.fixture
def kim(quiet_company: Company) -> Visitor:
    """A leader."""
    return member(quiet_company, KIM)


@pytest.fixture
def ana(quiet_company: Company) -> Visitor:
    """An admin."""
    return member(quiet_company, ANA)


@pytest.fixture
def outsider(quiet_company: Company) -> Visitor:
    """An admin of another workspace of the same installation."""

    def found() -> None:
        person = {"email": OUTSIDER, "name": "Olga", "role": "team"}
        quiet_company.simulator.post("/simulator/people", person)
        elsewhere = Wanted(name="Elsewhere", admin=OUTSIDER, domains=(), time_zone="UTC")
        founding.found(quiet_company.deps, elsewhere)

    quiet_company.begun("another workspace", found)
    return signed_in(quiet_company, OUTSIDER)


@pytest.fixture
def connected(quiet_company: Company, request: pytest.FixtureRequest) -> Visitor:
    """A member with a live mailbox, connected before anybody signs in."""
    quiet_company.connected(ROBIN)
    robin: Visitor = request.getfixturevalue("robin")
    return robin


@pytest.fixture
def at_https(quiet_company: Company) -> Visitor:
    """A visitor of an installation whose public address is https."""
    deps = replace(quiet_company.deps, public_url="https://crm.example.com")
    return visitor(quiet_company, deps)


@pytest.fixture
def letter(connected: Visitor) -> str:
    """The address of a pending mail of Robin's that waits for a day."""
    answer = connected.post(
        "/conversations",
        to=DANA,
        subject="Renewal check-in",
        body_text="Hi Dana,\n\nyour plan <renews> soon.",
        when="delay",
        delay="1",
        delay_unit="days",
    )
    return str(answer.headers["Location"])
