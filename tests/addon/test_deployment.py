"""deployment.json says exactly what the add-on answers and asks for."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from addon.deployment import FILE, PLACEHOLDER, deployment_for
from addon.routes import HANDLERS
from addon.routing import ASKED_FOR, ENTRIES, Kind
from backend.google.open_message import NEEDED
from cards.calls import Call
from tests.addon.panel import Panel

MANIFEST: dict[str, Any] = json.loads(FILE.read_text())
ADD_ONS = MANIFEST["addOns"]


def trigger_urls() -> set[str]:
    gmail, common = ADD_ONS["gmail"], ADD_ONS["common"]
    found = {common["homepageTrigger"]["runFunction"]}
    return found | {one["onTriggerFunction"] for one in gmail["contextualTriggers"]}


def test_its_triggers_are_the_triggers_of_the_routes() -> None:
    ours = {PLACEHOLDER + e.call.path for e in ENTRIES.values() if e.kind is Kind.TRIGGER}
    assert trigger_urls() == ours


def test_its_scopes_are_those_the_add_on_asks_for() -> None:
    assert tuple(MANIFEST["oauthScopes"]) == ASKED_FOR
    asked = {scope for entry in ENTRIES.values() for scope in entry.scopes} | set(NEEDED.values())
    assert asked <= set(ASKED_FOR)


def test_every_call_has_one_entry_and_one_handler() -> None:
    assert set(ENTRIES) == set(HANDLERS) == set(Call)


def test_a_trigger_and_a_click_never_share_an_address() -> None:
    paths = [entry.call.path for entry in ENTRIES.values()]
    assert len(paths) == len(set(paths))


def test_permission_and_identity_are_as_google_demands() -> None:
    assert ADD_ONS["httpOptions"] == {
        "authorizationHeader": "SYSTEM_ID_TOKEN",
        "granularOauthPermissionSupport": "OPT_IN",
    }
    assert ADD_ONS["common"]["useLocaleFromApp"] is True


def test_links_stay_within_the_prefixes() -> None:
    (prefix,) = ADD_ONS["common"]["openLinkUrlPrefixes"]
    assert urlsplit(prefix).path == "/"
    for action in ADD_ONS["common"]["universalActions"]:
        assert action["openLink"].startswith(prefix)


def test_an_installation_puts_its_own_address_in() -> None:
    text = deployment_for("http://127.0.0.1:8000")
    assert PLACEHOLDER not in text
    assert json.loads(text)["addOns"]["common"]["openLinkUrlPrefixes"] == ["http://127.0.0.1:8000/"]


def test_every_address_in_it_and_every_picture_answers(panel: Panel) -> None:
    logo = ADD_ONS["common"]["logoUrl"].replace(PLACEHOLDER, panel.url)
    pictures = [path.name for path in (Path("addon") / "static").glob("*.png")]
    assert len(pictures) >= 5
    for url in [logo, *(f"{panel.url}/addon/static/{name}" for name in pictures)]:
        answer = requests.get(url, timeout=10)
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/png")
    for entry in ENTRIES.values():
        assert requests.post(f"{panel.url}{entry.call.path}", timeout=10).status_code == 401


@pytest.mark.parametrize("name", ["lock", "alert", "calendar", "account"])
def test_pictures_are_48_pixels(name: str) -> None:
    header = (Path("addon") / "static" / f"{name}.png").read_bytes()[:24]
    assert header[:8] == b"\x89PNG\r\n\x1a\n"
    assert (int.from_bytes(header[16:20]), int.from_bytes(header[20:24])) == (48, 48)
