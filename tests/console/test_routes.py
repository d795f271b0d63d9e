"""Every page of the route table: it answers, is a whole page, and stays behind sign-in."""

import re
from html import unescape

import pytest
from flask import Flask

from tests.console.conftest import Visitor, member, visitor, words
from tests.support.company import ANA, DANA, ROBIN, Company

TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
HEADING = re.compile(r"<h1[ >]")
OTHERS = ("addon", "gmail_push", "probes", "hooks", "unsubscribing", "public")
"""Other edges, and pages for people who never sign in."""

OTHER_WAYS = ("/signin", "/mailbox/callback", "/static", "/connect")
"""Pages with tests of their own: they lead to Google and back."""

NOBODY = "00000000-0000-4000-8000-000000000000"
LEADS_ON = (
    "/signin",
    "/first-run",
    "/workspaces",
    "/connect",
    "/mailbox/callback",
    "/mailbox/confirmation",
    "/static",
)
PROVEN_BY_CODE = {"/first-run"}
"""Forms that ask for the operator's code, and belong to no session."""

MAX_PAGE = 62_000
"""Bytes of HTML before compression."""


def console_rules(app: Flask, method: str) -> list[str]:
    """The addresses of the console that take this method, with ids that exist nowhere."""
    return sorted(
        re.sub(r"<uuid:\w+>", NOBODY, re.sub(r"<(id:)?\w+>", "987654321", rule.rule))
        for rule in app.url_map.iter_rules()
        if method in (rule.methods or ()) and not rule.endpoint.startswith(OTHERS)
    )


def app_of(one: Visitor) -> Flask:
    return one.client.application


def test_every_page_answers_and_is_complete(ana: Visitor, quiet_company: Company) -> None:
    quiet_company.receives(**{"from": DANA, "subject": "Renewal"})
    quiet_company.connected(ROBIN)
    pages = [path for path in console_rules(app_of(ana), "GET") if "987" not in path]
    titles: dict[str, str] = {}
    for path in pages:
        if NOBODY in path or path.startswith(LEADS_ON):
            continue
        answer = ana.get(path)
        assert answer.status_code in {200, 301}, (path, words(answer)[:300])
        if answer.status_code == 301 or path.endswith(
            ("/signature", "/forecast", "/suggested", "/pill", ".csv", ".json", ".zip")
        ):
            continue
        text = answer.get_data(as_text=True)
        assert len(HEADING.findall(text)) == 1, path
        assert len(text) < MAX_PAGE, (path, len(text))
        title = unescape(TITLE.findall(text)[0])
        assert titles.setdefault(title, path) == path
    assert len(titles) >= 14


def test_what_does_not_exist_is_a_404_page(ana: Visitor) -> None:
    missing = [p for p in console_rules(app_of(ana), "GET") if "987" in p or NOBODY in p]
    assert missing
    for path in missing:
        answer = ana.get(path)
        known = path.endswith("/why")  # the page says that nothing is known of such a message
        assert answer.status_code == (200 if known else 404), path
        assert "Go to Home" in words(answer) or known


def test_every_page_is_closed_to_strangers(quiet_company: Company) -> None:
    somebody = visitor(quiet_company)
    for path in console_rules(app_of(somebody), "GET"):
        if path.startswith(("/signin", "/static", "/first-run")):
            continue
        answer = somebody.get(path)
        assert answer.status_code == 302, path
        assert answer.headers["Location"].startswith("/signin"), path


def test_every_form_is_closed_to_strangers(quiet_company: Company) -> None:
    somebody = visitor(quiet_company)
    for path in console_rules(app_of(somebody), "POST"):
        if path in PROVEN_BY_CODE:
            continue
        assert somebody.client.post(path).status_code in {302, 303, 400}, path


def test_every_form_needs_the_token_of_its_session(ana: Visitor) -> None:
    forms = console_rules(app_of(ana), "POST")
    assert len(forms) >= 20
    for path in set(forms) - PROVEN_BY_CODE:
        answer = ana.client.post(path)
        assert answer.status_code == 400, path
        assert "This form is too old" in words(answer)


def test_another_sessions_token_is_refused(ana: Visitor, robin: Visitor) -> None:
    answer = ana.client.post("/settings/integrations/gmail", data={"csrf_token": robin.token()})
    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("path", "leads_to"),
    [
        ("/dashboard", "/"),
        ("/pending", "/conversations/pending"),
        ("/users", "/contacts"),
        ("/customers", "/accounts"),
        ("/settings", "/settings/email"),
        ("/settings/profile", "/settings/email"),
        ("/settings/gmail", "/settings/integrations/gmail"),
        ("/settings/data-management/integrations/gmail", "/settings/integrations/gmail"),
        ("/apps/email", "/settings/integrations/gmail"),
    ],
)
def test_the_paths_of_other_documents_lead_to_the_page(
    robin: Visitor, path: str, leads_to: str
) -> None:
    answer = robin.get(path)
    assert (answer.status_code, answer.headers["Location"]) == (301, leads_to)


def test_the_other_workspace_sees_nothing_of_ours(
    quiet_company: Company, outsider: Visitor
) -> None:
    quiet_company.receives(**{"from": DANA, "subject": "Renewal"})
    quiet_company.connected(ROBIN)
    ids = {
        "accounts": quiet_company.value("SELECT id FROM accounts ORDER BY id LIMIT 1"),
        "contacts": quiet_company.value("SELECT id FROM contacts ORDER BY id LIMIT 1"),
        "conversations": quiet_company.value("SELECT id FROM conversations"),
    }
    message = quiet_company.value("SELECT id FROM messages")
    run = quiet_company.value("SELECT id FROM import_runs")
    ours = member(quiet_company, ANA)
    paths = [f"/{noun}/{number}" for noun, number in ids.items()]
    for path in [*paths, f"/messages/{message}/body", f"/imports/{run}"]:
        assert ours.get(path).status_code == 200, path
        assert outsider.get(path).status_code == 404, path
    assert "Renewal" not in outsider.page("/conversations")
