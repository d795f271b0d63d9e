"""Strangers at the console: how often they may knock, and what is kept of them."""

import pytest

from backend.limits.visits import ALLOWED, Visit
from backend.services import sweeping
from tests.console.conftest import Visitor, visitor, words
from tests.support.company import ROBIN, Company

ROWS = "SELECT (SELECT count(*) FROM web_sessions) + (SELECT count(*) FROM oauth_attempts)"


def knock(somebody: Visitor, path: str, address: str) -> tuple[int, str]:
    answer = somebody.client.get(path, environ_base={"REMOTE_ADDR": address})
    if answer.status_code == 429:
        assert 1 <= int(answer.headers["Retry-After"]) <= 60
    return answer.status_code, words(answer)


@pytest.mark.parametrize(
    ("path", "what"), [("/signin/google", Visit.SIGN_IN), ("/signin", Visit.PAGE)]
)
def test_too_many_visits_of_one_address_are_told_to_wait(
    path: str, what: Visit, quiet_company: Company
) -> None:
    somebody = visitor(quiet_company)
    answers = [knock(somebody, path, "192.0.2.1") for _ in range(ALLOWED[what].amount + 1)]
    assert 429 not in {status for status, _ in answers[:-1]}
    status, said = answers[-1]
    assert status == 429
    assert "Wait" in said
    assert "Nothing was changed." in said
    assert knock(somebody, path, "192.0.2.2")[0] != 429


def test_members_are_not_counted(quiet_company: Company, robin: Visitor) -> None:
    somebody = visitor(quiet_company)
    for _ in range(ALLOWED[Visit.PAGE].amount):
        knock(somebody, "/signin", "192.0.2.1")
    assert knock(somebody, "/signin", "192.0.2.1")[0] == 429
    assert knock(robin, "/", "192.0.2.1")[0] == 200


def test_looking_around_leaves_nothing_behind(quiet_company: Company) -> None:
    before = quiet_company.value(ROWS)
    somebody = visitor(quiet_company)
    for path in ("/", "/signin", "/accounts", "/connect", "/signin?next=/connect", "/nowhere"):
        assert somebody.get(path).status_code in {200, 302, 303, 404}
    for ahead in ({"Sec-Purpose": "prefetch;prerender"}, {"Purpose": "prefetch"}):
        assert somebody.get("/signin/google", **ahead).status_code == 204
    assert somebody.client.head("/signin/google").status_code == 204
    assert quiet_company.value(ROWS) == before


def test_what_was_begun_and_left_is_swept(quiet_company: Company) -> None:
    before = quiet_company.value(ROWS)
    visitor(quiet_company).get("/signin/google")
    assert quiet_company.value(ROWS) == before + 2
    for minutes in (11, 40):
        later = quiet_company.later(minutes=minutes)
        sweeping.sweep(later.deps)
    assert quiet_company.value(ROWS) == before


def test_a_session_outlives_the_sweep(quiet_company: Company) -> None:
    somebody = visitor(quiet_company).sign_in(ROBIN)
    sweeping.sweep(quiet_company.later(minutes=40).deps)
    assert somebody.get("/").status_code == 200
