"""Who gets in, and how a session begins, lasts and ends."""

from datetime import timedelta

import pytest

from backend.console.sessions import COOKIE
from tests.console.conftest import Visitor, Window, visitor, words
from tests.support.company import ROBIN, Company, allow
from tests.support.decisions import remove_member


def test_strangers_are_sent_to_sign_in_and_back_to_where_they_were(quiet_company: Company) -> None:
    somebody = visitor(quiet_company)
    answer = somebody.get("/accounts?q=north")
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/signin?next=/accounts?q%3Dnorth"
    begun = somebody.get("/signin/google?next=/accounts?q%3Dnorth")
    back = allow(begun.headers["Location"], ROBIN)
    done = somebody.client.get("/signin/callback", query_string=back)
    assert done.headers["Location"] == "/accounts?q=north"


def test_a_region_asked_for_by_a_stranger_sends_the_whole_page_to_sign_in(
    quiet_company: Company,
) -> None:
    answer = visitor(quiet_company).get("/accounts", **{"HX-Request": "true"})
    assert answer.status_code == 204
    assert answer.headers["HX-Redirect"].startswith("/signin")


def test_only_the_hash_of_the_cookie_is_stored(robin: Visitor, quiet_company: Company) -> None:
    cookie = robin.client.get_cookie(COOKIE)
    assert cookie is not None
    stored = quiet_company.rows("SELECT token_hash, data FROM web_sessions")
    assert len(stored) == 1
    assert cookie.value.encode() not in bytes(stored[0][0])
    assert cookie.value not in str(stored[0][1])


def test_the_cookie_is_for_this_site_only_and_closed_to_scripts(quiet_company: Company) -> None:
    answer = visitor(quiet_company).get("/signin/google")
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie


def test_over_https_the_cookie_is_secure(at_https: Visitor) -> None:
    assert "Secure" in at_https.get("/signin/google").headers["Set-Cookie"]


def test_signing_in_changes_the_cookie(quiet_company: Company) -> None:
    somebody = visitor(quiet_company)
    somebody.get("/signin/google")
    before = somebody.client.get_cookie(COOKIE)
    somebody.sign_in(ROBIN)
    after = somebody.client.get_cookie(COOKIE)
    assert before is not None
    assert after is not None
    assert before.value != after.value
    assert quiet_company.value("SELECT count(*) FROM web_sessions") == 1


def test_signing_out_ends_the_session_on_our_side(robin: Visitor, quiet_company: Company) -> None:
    cookie = robin.client.get_cookie(COOKIE)
    assert robin.post("/signout").headers["Location"] == "/signin"
    assert robin.client.post("/signout").headers["Location"] == "/signin"
    assert quiet_company.value("SELECT count(*) FROM web_sessions") == 0
    assert cookie is not None
    robin.client.set_cookie(COOKIE, cookie.value)
    assert robin.get("/").status_code == 302


def test_a_way_back_begun_in_another_browser_signs_nobody_in(quiet_company: Company) -> None:
    other = visitor(quiet_company)
    back = allow(other.get("/signin/google").headers["Location"], ROBIN)
    answer = visitor(quiet_company).client.get("/signin/callback", query_string=back)
    assert answer.status_code == 401
    assert "not begun in this browser" in words(answer)


def test_a_google_account_that_nobody_invited_is_refused(quiet_company: Company) -> None:
    somebody = visitor(quiet_company)
    back = allow(somebody.get("/signin/google").headers["Location"], "noor@elsewhere.example")
    answer = somebody.client.get("/signin/callback", query_string=back)
    assert answer.status_code == 403
    assert "not a member" in words(answer)
    assert somebody.get("/").status_code == 302


def test_not_pressing_allow_leaves_one_at_the_sign_in_page(quiet_company: Company) -> None:
    somebody = visitor(quiet_company)
    back = allow(somebody.get("/signin/google").headers["Location"], ROBIN, cancel=True)
    answer = somebody.client.get("/signin/callback", query_string=back)
    assert answer.status_code == 401
    assert "Sign in with Google" in words(answer)


@pytest.mark.parametrize(
    ("unused_for", "status"),
    [
        pytest.param(timedelta(hours=11), 200, id="eleven hours without use"),
        pytest.param(timedelta(hours=13), 302, id="thirteen hours without use"),
    ],
)
def test_a_session_ends_after_twelve_hours_without_use(
    robin: Visitor, quiet_company: Company, unused_for: timedelta, status: int
) -> None:
    later = quiet_company.later(seconds=unused_for.total_seconds())
    again = visitor(quiet_company, later.deps)
    cookie = robin.client.get_cookie(COOKIE)
    assert cookie is not None
    again.client.set_cookie(COOKIE, cookie.value)
    assert again.get("/why").status_code == status


def test_a_session_ends_after_fourteen_days_whatever_is_done(
    robin: Visitor, quiet_company: Company
) -> None:
    used = {}
    for hours in range(10, 15 * 24, 10):
        assert isinstance(robin.client, Window)
        robin.client.company = quiet_company.later(hours=hours)
        used[hours] = robin.get("/why").status_code
    assert {hours for hours, status in used.items() if status == 200} == set(range(10, 336, 10))


def test_somebody_whose_access_was_taken_away_is_out_at_once(
    robin: Visitor, quiet_company: Company
) -> None:
    remove_member(quiet_company, ROBIN)
    assert robin.get("/").status_code == 302


def test_a_cookie_made_up_by_somebody_opens_nothing(quiet_company: Company) -> None:
    somebody = visitor(quiet_company)
    somebody.client.set_cookie(COOKIE, "x" * 500)
    assert somebody.get("/").status_code == 302
