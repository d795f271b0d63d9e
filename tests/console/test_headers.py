"""What every answer says to the browser about trust, and how files are served."""

from dataclasses import replace

from backend.console.sessions import COOKIE
from backend.store.session import Store
from tests.console.conftest import Visitor, visitor, words
from tests.support.company import Company


def test_nothing_foreign_and_nothing_inline_may_run(robin: Visitor, quiet_company: Company) -> None:
    headers = robin.get("/").headers
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
    assert "unsafe" not in policy
    assert f"form-action 'self' {quiet_company.simulator.root};" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "HX-Request" in headers["Vary"]
    assert "Strict-Transport-Security" not in headers


def test_https_is_for_good(at_https: Visitor) -> None:
    assert at_https.get("/signin").headers["Strict-Transport-Security"].startswith("max-age=")


def test_files_are_served_small_and_for_a_year(quiet_company: Company) -> None:
    somebody = visitor(quiet_company)
    path = "/static/vendor/tabler.min.css"
    raw = somebody.get(path)
    small = somebody.get(path, **{"Accept-Encoding": "br"})
    assert small.headers["Content-Encoding"] == "br"
    assert int(small.headers["Content-Length"]) < 60_000 < int(raw.headers["Content-Length"])
    assert "max-age=31536000" in raw.headers["Cache-Control"]
    assert raw.headers["X-Content-Type-Options"] == "nosniff"
    raw.close()
    small.close()


def test_a_fault_of_ours_tells_a_reference_and_no_more(quiet_company: Company) -> None:
    somebody = visitor(quiet_company, quiet_company.deps)

    def fail() -> str:
        raise RuntimeError("a secret detail")

    somebody.client.application.add_url_rule("/broken", view_func=fail)
    answer = somebody.get("/broken")
    assert answer.status_code == 500
    assert "Reference" in words(answer)
    assert "secret" not in words(answer)


def test_without_postgres_the_page_says_so(robin: Visitor, quiet_company: Company) -> None:
    nowhere = Store.connect("postgresql://nobody@127.0.0.1:1/nothing?connect_timeout=1")
    again = visitor(quiet_company, replace(quiet_company.deps, store=nowhere))
    cookie = robin.client.get_cookie(COOKIE)
    assert cookie is not None
    again.client.set_cookie(COOKIE, cookie.value)
    answer = again.get("/")
    assert answer.status_code == 503
    assert "database can't be reached" in words(answer)
    assert 'href="/">Try again' in answer.get_data(as_text=True)


def test_an_error_leads_back_to_the_page_it_came_from(
    robin: Visitor, quiet_company: Company
) -> None:
    here = {"Referer": "http://localhost/accounts?q=north"}
    assert 'href="/accounts?q=north">Back to the page' in robin.get("/accounts/987654", **here).text
    elsewhere = {"Referer": "http://evil.example/accounts"}
    assert "evil.example" not in robin.get("/accounts/987654", **elsewhere).text


def test_private_pages_are_kept_by_no_cache(robin: Visitor) -> None:
    for path in ("/", "/conversations", "/accounts/987654", "/settings/email", "/help"):
        assert robin.get(path).headers["Cache-Control"] == "no-store"
