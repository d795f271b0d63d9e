"""Any event at any address of the add-on: an answer and never a fault, and nothing of others."""

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient

from addon.routing import ENTRIES
from backend.services import founding, logging_mail
from backend.services.founding import Wanted
from tests.addon.conftest import addon_app
from tests.addon.panel import Panel
from tests.addon.test_bad_input import bearer
from tests.support.company import ROBIN, Company
from tests.support.open_mail import contents, copies, difference, mail_from_dana, nonce, opened

OLGA = "olga@elsewhere.example"
POISONS: tuple[object, ...] = (
    *(None, "", "\x00", "\u202e\u200b\x1b[31m", "x" * 50_000, 10**30, -1, 1e308, True, [], {}),
    *([[["x"]]], {"value": {"a": 1}}, ["\x00", None, 3], "9" * 400, "9" * 18, "1e3", "²", "١٢٣"),
    *("2024-13-99", "../../etc/passwd\x00", "%s%n{}${7*7}", "-62135596800000", "253402300800000"),
)
Path = tuple[str | int, ...]


@pytest.fixture
def client(company: Company, addon_url: str) -> FlaskClient:
    return addon_app(company, company.deps, addon_url).test_client()


def event_of(panel: Panel, gmail_id: str, email: str, **ids: str) -> dict[str, Any]:
    """An event in which every place is filled that the add-on reads."""
    event: dict[str, Any] = panel.open(gmail_id, email).done["event"]
    given = dict.fromkeys(("account", "contact", "conversation", "about", "person"), "1") | ids
    shown = {"note_field": "note", "new_account": "X", "to": "me", "anyway": "yes"}
    event["commonEventObject"]["parameters"] = given | shown | {"nonce": nonce()}
    typed = {"name": "Kim", "email": "kim@new.example", "note": "Typed", "other_account": "North"}
    ticked = dict.fromkeys(("log", "earlier", "remember", "follow"), "yes")
    inputs = typed | ticked | {"person": given["contact"], "account": given["account"]}
    event["commonEventObject"]["formInputs"] = {
        **{name: {"stringInputs": {"value": [value]}} for name, value in inputs.items()},
        "when": {"dateTimeInput": {"msSinceEpoch": "1"}},
        "at": {"timeInput": {"hours": 9, "minutes": 1}},
    }
    return event


def places(tree: Any, path: Path = ()) -> Iterator[Path]:
    yield path
    inside = tree if isinstance(tree, dict) else {}
    inside = dict(enumerate(tree[:1])) if isinstance(tree, list) else inside
    for key, value in inside.items():
        yield from places(value, (*path, key))


def changed(event: dict[str, Any], path: Path, value: object) -> bytes:
    found = copy.deepcopy(event)
    at: Any = found
    for key in path[:-1]:
        at = at[key]
    if path:
        at[path[-1]] = value
    return json.dumps(found if path else value).encode()


def bodies(event: dict[str, Any], turn: int) -> Iterator[bytes]:
    """Each place with one poison, another one each turn; and what is no event at all."""
    yield json.dumps(event).encode()
    for at, path in enumerate(places(event)):
        if at % 9 == turn % 9:
            yield changed(event, path, POISONS[(at + turn) % len(POISONS)])
    whole = json.dumps(event).encode()
    yield whole.replace(b'"Typed"', b'"\\ud800"')
    yield whole.replace(b"Typed", b"\xed\xa0\x80")
    yield b'{"gmail": 1, ' + whole[1:]
    yield whole.replace(b'"minutes": 1', b'"minutes": NaN')
    yield b'{"gmail":' + b'{"a":' * 900 + b"1" + b"}" * 901


def ask(client: FlaskClient, call: str, body: bytes, token: str, kind: str = "") -> str:
    headers = {"Authorization": f"Bearer {token}"}
    answer = client.post(
        f"/addon/{call}", data=body, headers=headers, content_type=kind or "application/json"
    )
    assert answer.status_code in {200, 401}, (call, body[:300], answer.text[:300])
    assert isinstance(answer.json, dict)
    assert "our mistake" not in answer.text, (call, body[:300])
    return answer.text


def test_no_event_is_a_fault(panel: Panel, company: Company, client: FlaskClient) -> None:
    event = event_of(panel, mail_from_dana(company)[ROBIN], ROBIN)
    token = bearer(event)
    for turn, entry in enumerate(ENTRIES.values()):
        for body in bodies(event, turn):
            ask(client, entry.call.value, body, token)
        ask(client, entry.call.value, b"a=b", token, "application/x-www-form-urlencoded")
        ask(client, entry.call.value, b"--b", token, "multipart/form-data; boundary=b")
        for method in ("GET", "PUT", "DELETE", "PATCH", "TRACE"):
            asked = client.open(f"/addon/{entry.call.value}", method=method)
            assert asked.status_code == 405


def test_ids_of_another_workspace_lead_nowhere(
    panel: Panel, company: Company, client: FlaskClient
) -> None:
    ours = mail_from_dana(company)[ROBIN]
    logging_mail.log(company.deps, company.actor(), opened=opened(company, ours), nonce=nonce())
    person = {"email": OLGA, "name": "Olga", "role": "team"}
    company.simulator.post("/simulator/people", person)
    elsewhere = Wanted(name="Elsewhere", admin=OLGA, domains=(), time_zone="UTC")
    founding.found(company.deps, elsewhere)
    hers = copies(company, {"from": "Lee Ward <lee@newco.example>", "to": [OLGA]})[OLGA]
    tables = {"account": "accounts", "contact": "contacts", "conversation": "conversations"}
    ids = {name: str(company.value(f"SELECT min(id) FROM {t}")) for name, t in tables.items()}
    ids |= {"about": ids["contact"]}
    mine = company.actor().workspace_id
    event = event_of(panel, hers, OLGA, **ids)
    before = contents(company)
    for mail in (hers, ours):
        event["gmail"]["messageId"] = mail
        for entry in ENTRIES.values():
            told = ask(client, entry.call.value, json.dumps(event).encode(), bearer(event))
            assert "could not be verified" not in told
            assert "Dana" not in told, entry
            assert "Northwind" not in told, entry
    written = [row for rows in difference(before, contents(company)).values() for row in rows]
    assert not [row for row in written if f'"workspace_id": {mine},' in row]
