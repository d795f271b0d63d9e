"""The route table against Google's description: paths, verbs, uploads, scopes; and the prices."""

import json
from typing import Any

import pytest
import requests

from backend.simulator.gmail.routes import ROUTES, Route
from tests.simulator.discovery_check import DOCUMENTS
from tests.simulator.google import ROBIN, Google

# gmail-sync.md §1.5: projects created after 1 May 2026.
UNITS = {
    100: ("messages.send", "drafts.send", "watch", "settings.sendAs.update"),
    50: ("messages.batchModify", "messages.batchDelete", "stop"),
    40: ("threads.get",),
    25: ("messages.insert", "messages.import"),
    20: (
        *("messages.get", "drafts.get", "messages.attachments.get", "messages.trash"),
        *("threads.trash", "threads.delete"),
    ),
    15: ("drafts.update",),
    10: (*("drafts.create", "drafts.delete", "threads.list", "threads.modify", "messages.delete"),),
    5: (
        *("messages.list", "drafts.list", "messages.modify", "messages.untrash"),
        *("labels.create", "labels.update", "labels.patch", "labels.delete"),
    ),
    2: ("history.list",),
    1: ("getProfile", "labels.list", "labels.get", "settings.sendAs.list"),
}


def described() -> dict[str, Any]:
    document = json.loads((DOCUMENTS / "gmail.v1.json").read_text(encoding="utf-8"))
    found: dict[str, Any] = {}
    waiting = [document]
    while waiting:
        node = waiting.pop()
        waiting += node.get("resources", {}).values()
        found |= {method["id"]: method for method in node.get("methods", {}).values()}
    return found


METHODS = described()


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_a_route_is_as_google_describes_it(route: Route) -> None:
    method = METHODS[route.name]
    assert route.verb == method["httpMethod"]
    assert route.template == f"/{method['path']}"
    assert route.uploads == ("mediaUpload" in method)
    assert route.scopes == frozenset(method["scopes"])


@pytest.mark.parametrize(
    ("name", "units"), [(name, units) for units, names in UNITS.items() for name in names]
)
def test_a_call_costs_what_google_says(name: str, units: int) -> None:
    (route,) = (one for one in ROUTES if one.name == f"gmail.users.{name}")
    assert route.units == units


OURS = ("127.0.0.1:8025", "localhost", "[::1]:8025")
FOREIGN = ("rebound.example", "127.0.0.1.rebound.example:8025", "[")


@pytest.mark.parametrize("host", OURS + FOREIGN)
def test_only_this_machines_names_are_answered(host: str, google: Google) -> None:
    """A page whose own name points at this machine must not read the mail here."""
    for path in ("/simulator", "/simulator/people", f"/gmail/v1/users/{ROBIN}/profile"):
        answer = requests.get(f"{google.root}{path}", headers={"Host": host}, timeout=20)
        assert (answer.status_code == 421) is (host in FOREIGN)
