"""The first workspace of an empty installation: by a set-up code, once, and its admin gets in."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from werkzeug.test import TestResponse

from backend.errors import Conflict
from backend.services import founding
from tests.console.conftest import Visitor, at, visitor, words
from tests.support.bare import bare_installation
from tests.support.company import ANA, KIM, Company, allow
from tests.support.databases import Database
from tests.support.simulator import Simulator

PAGE = "/first-run"


@pytest.fixture
def bare(database: Database, redis_url: str, running_google: Simulator) -> Iterator[Company]:
    with bare_installation(database, redis_url, running_google) as company:
        yield company


def code_of(company: Company) -> str:
    fresh = founding.make_code(company.deps)
    assert fresh is not None
    return fresh.code


def send(one: Visitor, code: str, **changed: Any) -> TestResponse:
    form = {"name": "Lumen Works", "admin": ANA, "time_zone": "Europe/Berlin", **changed}
    return one.client.post(PAGE, data={"code": code, **form})


@pytest.mark.parametrize("path", ["/", "/signin", "/signin/google", "/settings/team"])
def test_every_way_into_an_empty_installation_leads_to_its_set_up(bare: Company, path: str) -> None:
    answer = visitor(bare).client.get(path, follow_redirects=True)
    assert answer.request.path == PAGE
    assert "Run “rapport doctor” on the server" in words(answer)
    assert bare.value("SELECT count(*) FROM web_sessions") == 0


def test_the_first_admin_goes_from_the_code_to_the_first_steps(bare: Company) -> None:
    somebody = visitor(bare)
    done = send(somebody, code_of(bare).lower().replace("-", " "))
    assert "Lumen Works is ready. Sign in as ana@" in words(somebody.get(at(done)))
    begun = somebody.get("/signin/google?next=/first-steps")
    back = allow(at(begun), ANA)
    landed = somebody.client.get("/signin/callback", query_string=back)
    assert at(landed) == "/first-steps"
    page = somebody.page("/first-steps")
    assert "Lumen Works is yours to set up" in page
    assert "Turn Gmail on first." in page
    assert 'href="/imports/customers"' in somebody.get("/first-steps").text
    turned_on = somebody.post("/settings/integrations/gmail", switch="on", then="first-steps")
    assert "Connect my Gmail" in somebody.page(at(turned_on))
    team = somebody.page("/settings/team")
    assert "lumenworks.example Proven by Ana Lindt's Google account" in team
    assert "Ana Lindt (you)" in team
    assert somebody.post("/mailbox/connection").status_code == 303


def test_nobody_but_the_named_admin_gets_in(bare: Company) -> None:
    somebody = visitor(bare)
    send(somebody, code_of(bare))
    back = allow(at(somebody.get("/signin/google")), KIM)
    assert somebody.client.get("/signin/callback", query_string=back).status_code == 403


def test_the_page_is_closed_once_there_is_a_workspace(bare: Company) -> None:
    first, late = visitor(bare), visitor(bare)
    code = code_of(bare)
    late.get(PAGE)
    send(first, code)
    assert (first.get(PAGE).status_code, first.get("/signin").status_code) == (410, 200)
    assert "Set up already" in words(first.get(PAGE))
    assert send(late, code, name="Other").status_code == 410
    assert bare.value("SELECT count(*) FROM workspaces") == 1
    assert founding.make_code(bare.deps) is None


def test_a_code_that_does_not_open_says_why(bare: Company) -> None:
    somebody = visitor(bare)
    old = code_of(bare)
    code = code_of(bare)
    for typed, told in (
        ("", "This is not the set-up code"),
        ("AAAA-BBBB-CCCC-DDDD", "This is not the set-up code"),
        ("x" * 5_000, "This is not the set-up code"),
        (old, "A newer set-up code has replaced this one"),
    ):
        answer = send(somebody, typed)
        assert answer.status_code == 422
        assert told in words(answer)
    next_day = visitor(bare.later(hours=24, minutes=1))
    assert "older than 24 hours" in words(send(next_day, code))
    assert bare.value("SELECT count(*) FROM workspaces") == 0


def test_a_code_lasts_24_hours_and_only_its_hash_is_stored(bare: Company) -> None:
    fresh = founding.make_code(bare.deps)
    assert fresh is not None
    assert timedelta(hours=23) < fresh.expires_at - bare.deps.now() <= timedelta(hours=24)
    stored = bare.dump()
    assert fresh.code not in stored
    assert fresh.code.replace("-", "") not in stored


def test_guessing_is_stopped_after_a_few_tries(bare: Company) -> None:
    somebody = visitor(bare)
    code = code_of(bare)
    answers = [send(somebody, "AAAA") for _ in range(founding.MOST_TRIES)]
    assert {one.status_code for one in answers} == {422}
    stopped = send(somebody, code)
    assert stopped.status_code == 429
    assert "Wait ten minutes" in words(stopped)
    bare.forget_redis()
    assert send(somebody, code).status_code == 303


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("name", "", "Write the name of the workspace"),
        ("name", "x" * 201, "Shorten the name"),
        ("name", "\u202eskroW", "without control characters"),
        ("admin", "ana", "This is not an email address"),
        ("admin", "a" * 100_000 + "@lumenworks.example", "This is not an email address"),
        ("domains", "gmail.com", "gmail.com belongs to everybody"),
        ("domains", "co.uk", "co.uk belongs to nobody"),
        ("domains", "x" * 90_000, "Write a domain such as"),
        ("domains", "a.example " * 60, "At most 50 domains"),
        ("time_zone", "Mars/Olympus", "Choose a time zone"),
    ],
)
def test_what_cannot_be_used_is_said_at_its_field(
    bare: Company, field: str, value: str, told: str
) -> None:
    somebody, code = visitor(bare), code_of(bare)
    answer = send(somebody, code, **{field: value})
    assert answer.status_code == 422
    assert f'id="f-{field}-wrong"' in answer.text
    assert told in words(answer)
    assert send(somebody, code).status_code == 303


def test_what_nobody_can_see_is_left_out_of_what_is_typed(bare: Company) -> None:
    somebody, code = visitor(bare), code_of(bare)
    typed = {"name": "Lumen\0 Works", "admin": f"\0{ANA}", "domains": "lumenworks\0.example"}
    assert send(somebody, code, **typed).status_code == 303
    assert bare.value("SELECT name FROM workspaces") == "Lumen Works"


def test_two_who_send_the_code_at_once_make_one_workspace(bare: Company) -> None:
    code = code_of(bare)
    wanted = founding.Wanted(name="Lumen Works", admin=ANA, domains=(), time_zone="UTC")

    def try_it(caller: str) -> str:
        try:
            founding.found_by_code(bare.deps, wanted, code=code, caller=caller)
        except Conflict:
            return "closed"
        return "made"

    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(try_it, "abcd"))
    assert sorted(outcomes) == ["closed", "closed", "closed", "made"]
    assert bare.value("SELECT count(*) FROM workspaces") == 1
    assert bare.value("SELECT count(*) FROM team_members") == 1
