"""Whatever is sent to an address of the console: an answer, and never a fault of ours."""

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from backend.domain.policies import SETTINGS
from tests.console.conftest import Visitor, at, visitor, words
from tests.house.tree import sources, text_of
from tests.support.company import DANA, Company

NAMES = re.compile(
    r"\b(?:text|addresses|moment|get|getlist|chosen|ticked|list_query)\(\s*\"(\w+)\""
)
FIELDS = re.compile(r"\bField\(\s*name=\"(\w+)\"")
"""The fields of records that are edited: services name them."""
POISONS = {
    "the last year": "9999-12-31T23:59",
    "the year none": "0000-01-01",
    "a number beyond all": "9" * 40,
    "words": "a\x00b <script> \U0001f600 %s %(a)s {{7*7}} ' \" ; --",
}
UNREADABLE = ("%00", "%ED%A0%80", "9" * 30, "x" * 3000, "9999-12-31")
"""Pieces of an address."""

ELSEWHERE = ("addon", "gmail_push", "static")
ENDS_THE_VISIT = ("/signout", "/signin", "/first-run", "/connect")


def asked_names() -> list[str]:
    """The name of every field that the console reads from a form or an address."""
    found = {name for path in sources("backend/console") for name in NAMES.findall(text_of(path))}
    found |= {
        name for path in sources("backend/services") for name in FIELDS.findall(text_of(path))
    }
    assert {"q", "cursor", "subject", "version", "accounts", "renews_on"} <= found
    return sorted((found | set(SETTINGS) | {"column-0", "window-0-days"}) - {"csrf_token"})


def rules(app: Flask, method: str) -> Iterator[Rule]:
    for rule in app.url_map.iter_rules():
        if method in (rule.methods or ()) and not rule.endpoint.startswith(ELSEWHERE):
            yield rule


def path_of(rule: Rule, piece: str) -> str:
    """The rule's address with the same piece in every variable part."""
    return re.sub(r"<(?:\w+:)?\w+>", piece, rule.rule)


def is_answered(answer: TestResponse) -> bool:
    """Anything but a fault of ours; an outage says so. “The database cannot store this” is no
    answer to the person who typed it.
    """
    known = "a date that can" not in words(answer) if answer.status_code == 422 else True
    return known and (answer.status_code < 500 or answer.status_code == 503)


@pytest.mark.parametrize("poison", POISONS.values(), ids=POISONS.keys())
def test_no_address_fails_at_what_is_asked_of_it(robin: Visitor, poison: str) -> None:
    query = dict.fromkeys(asked_names(), poison)
    paths = [path_of(rule, "7") for rule in rules(robin.client.application, "GET")]
    failed = [p for p in paths if not is_answered(robin.client.get(p, query_string=query))]
    assert failed == []


@pytest.mark.parametrize("poison", POISONS.values(), ids=POISONS.keys())
def test_no_form_fails_at_what_is_entered(ana: Visitor, poison: str) -> None:
    form = dict.fromkeys(asked_names(), poison) | {"csrf_token": ana.token()}
    paths = [path_of(rule, "7") for rule in rules(ana.client.application, "POST")]
    stays = [path for path in paths if not path.startswith(ENDS_THE_VISIT)]
    assert [path for path in stays if not is_answered(ana.client.post(path, data=form))] == []


def test_what_nobody_sees_is_left_out_of_what_was_typed(
    connected: Visitor, quiet_company: Company
) -> None:
    letter = {"subject": "Ren\x00ewal\x0bnext", "body_text": "Hi\x01 Dana,\n\ntea?"}
    assert "Renewal next" in connected.follow(connected.post("/conversations", to=DANA, **letter))
    assert quiet_company.value("SELECT body_text FROM pending_messages") == "Hi Dana,\n\ntea?"
    never = connected.post("/settings/never-log", value="alpha\x00.example", kind="domain")
    assert "alpha.example" in connected.follow(never)


def test_no_address_fails_at_its_own_pieces(robin: Visitor) -> None:
    named = [rule for rule in rules(robin.client.application, "GET") if "<" in rule.rule]
    paths = [path_of(rule, piece) for rule in named for piece in UNREADABLE]
    assert [path for path in paths if not is_answered(robin.client.get(path))] == []


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"\xff\xfe\x00", "application/x-www-form-urlencoded"),
        (b"a=%ED%A0%80&a=%FF&=&&%00=%00", "application/x-www-form-urlencoded"),
        (b"--b\r\nContent-Disposition: form-data; name=x", "multipart/form-data; boundary=b"),
        (b"--b\r\n\r\n\r\n--b--", "multipart/form-data; boundary=b"),
        (b"x", "multipart/form-data"),
        (b"[" * 2000, "application/json"),
        (b"x", "text/\x80; charset=none"),
    ],
)
def test_a_body_that_is_no_form_is_refused(robin: Visitor, body: bytes, kind: str) -> None:
    for path in ("/pending", "/conversations", "/compose", "/contacts/new", "/hooks/gmail-push"):
        answer = robin.client.post(path, data=body, content_type=kind)
        assert 400 <= answer.status_code < 500, (path, answer.status_code)
    for method in ("PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"):
        answer = robin.client.open("/contacts", method=method, data=body, content_type=kind)
        assert answer.status_code < 500


def test_a_head_that_cannot_be_read_is_no_fault(robin: Visitor) -> None:
    for name in ("Accept-Language", "Referer", "Cookie", "User-Agent", "X-Forwarded-For", "Range"):
        for value in ("\x80\xff", "a" * 9000, "=;,\"'\\", "http://[::1", "bytes=9-1"):
            answer = robin.client.get("/nowhere", headers={name: value})
            assert answer.status_code < 500, (name, value)


def test_a_fault_is_a_line_of_json_with_the_reference_that_the_page_shows(
    robin: Visitor, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("kim@alpha.example")

    monkeypatch.setitem(robin.client.application.view_functions, "home.index", broken)
    answer = robin.get("/")
    assert answer.status_code == 500
    shown = re.search(r"\b[0-9a-f]{8}\b", words(answer))
    assert shown is not None
    (line,) = [one for one in capsys.readouterr().out.splitlines() if shown[0] in one]
    told = json.loads(line)
    assert (told["reference"], told["error"]) == (shown[0], "ZeroDivisionError")
    assert "kim@alpha.example" not in line


PUBLIC = (
    *("/signin", "/signin/google", "/signin/callback", "/first-run", "/workspaces", "/connect"),
    *("/connect/google", "/connect/done", "/mailbox/callback", "/healthz", "/readyz", "/metrics"),
    *("/u/none", "/u/" + "A" * 54),
)
SENT_BACK = ("state", "code", "error", "error_description", "next", "scope", "iss", "then", "q")


def test_no_page_for_everybody_fails_at_whoever_asks(quiet_company: Company) -> None:
    asked = 0
    for poison in (*POISONS.values(), "\ud800".encode("utf-8", "surrogatepass"), "//evil.example"):
        given: dict[str, Any] = dict.fromkeys([*SENT_BACK, *asked_names()], poison)
        for path in PUBLIC:
            for method in ("GET", "POST", "HEAD", "PUT", "DELETE"):
                stranger, asked = visitor(quiet_company), asked + 1
                answer = stranger.client.open(
                    path,
                    method=method,
                    query_string=given if method == "GET" else None,
                    data=None if method == "GET" else given,
                    environ_overrides={"REMOTE_ADDR": f"10.0.{asked // 250}.{asked % 250}"},
                )
                assert is_answered(answer), (method, path, poison, answer.status_code)
                assert "evil.example" not in answer.headers.get("Location", "").partition("?")[0]


@pytest.mark.parametrize("poison", [*POISONS.values(), "x" * 3000, ""])
def test_no_way_back_from_google_fails_at_what_it_brings(
    quiet_company: Company, poison: str
) -> None:
    stranger = visitor(quiet_company)
    state = parse_qs(urlsplit(at(stranger.get("/signin/google"))).query)["state"][0]
    for given in ({"code": poison}, {"error": poison}, {"code": poison, "error": poison}):
        back = stranger.client.get("/signin/callback", query_string={"state": state, **given})
        assert is_answered(back), (given, back.status_code)
