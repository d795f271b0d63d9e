"""Members who visit the console over HTTP, signed in through the simulator as through Google."""

import re
from dataclasses import dataclass, replace
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from backend.console.context import WHO
from backend.console.sessions import COOKIE
from backend.services import web_sessions
from backend.services.deps import Deps
from backend.wsgi import create_app
from tests.support.office import ANA, KIM, ROBIN, Office, allow
from tests.support.templates import with_compiled_templates

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
SPACES = re.compile(r"\s+")
TAGS = re.compile(r"<[^>]+>")


@dataclass(frozen=True)
class Visitor:
    """A browser without JavaScript."""

    client: FlaskClient
    office: Office

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
        """What we answer to whoever allowed everything at Google, or did as `how` says."""
        back = allow(at(begun), email, **how)
        return self.client.get("/mailbox/callback", query_string=back)

    def token(self) -> str:
        found = TOKEN.search(self.get("/why").get_data(as_text=True))
        assert found is not None
        return found.group(1)

    def sign_in(self, email: str) -> "Visitor":
        """By way of Google's page."""
        answer = self.get("/signin/google")
        back = allow(answer.headers["Location"], email)
        answer = self.client.get("/signin/callback", query_string=back)
        assert answer.status_code == 303, words(answer)
        return self


def at(answer: TestResponse) -> str:
    """Where a form or Google leads."""
    assert answer.status_code == 303, (answer.status_code, words(answer)[:500])
    return str(answer.headers["Location"])


def words(answer: TestResponse) -> str:
    """What a reader sees, without tags and with single spaces."""
    return SPACES.sub(" ", unescape(TAGS.sub(" ", answer.get_data(as_text=True)))).strip()


def visitor(office: Office, deps: Deps | None = None) -> Visitor:
    """Somebody who has not signed in. `deps` replaces the office's own outside world."""
    app = with_compiled_templates(create_app(deps or office.deps, office.settings))
    return Visitor(app.test_client(), office)


def member(office: Office, email: str) -> Visitor:
    """Somebody with a session, without the way to Google that test_signin goes."""
    one, actor = visitor(office), office.actor(email)
    token = web_sessions.new_token(office.deps)
    data = {WHO: [actor.workspace_id, actor.member_id]}
    web_sessions.write(office.deps, token, data, begun_at=None)
    one.client.set_cookie(COOKIE, token)
    return one


@pytest.fixture
def robin(quiet_office: Office) -> Visitor:
    """A member."""
    return member(quiet_office, ROBIN)


@pytest.fixture
def kim(quiet_office: Office) -> Visitor:
    """A leader."""
    return member(quiet_office, KIM)


@pytest.fixture
def ana(quiet_office: Office) -> Visitor:
    """An admin."""
    return member(quiet_office, ANA)


@pytest.fixture
def connected(quiet_office: Office, robin: Visitor) -> Visitor:
    """A member with a live mailbox."""
    quiet_office.connected(ROBIN)
    return robin


@pytest.fixture
def at_https(quiet_office: Office) -> Visitor:
    """A visitor of an installation whose public address is https."""
    deps = replace(quiet_office.deps, public_url="https://crm.example.com")
    return visitor(quiet_office, deps)
