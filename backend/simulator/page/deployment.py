"""deployment.json, read as Google reads it: the add-on's address, its scopes, its colours.

Nothing of it may be written down twice: page, events and checks all ask here.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from backend.simulator.page.members import Json, list_in, object_in, text_in

METADATA = "METADATA"


class DeploymentError(ValueError):
    """There is no add-on to call, with the reason."""


@dataclass(frozen=True)
class UniversalAction:
    """An entry of the add-on's menu: calls the add-on, or opens a link."""

    label: str
    function: str
    link: str


@dataclass(frozen=True)
class Deployment:
    """One installed add-on."""

    name: str
    logo_url: str
    colors: Mapping[str, str]
    scopes: tuple[str, ...]
    homepage: str
    message: str
    compose: str
    compose_label: str
    universal_actions: tuple[UniversalAction, ...]
    link_prefixes: tuple[str, ...]
    uses_locale: bool
    draft_access: str
    authorization_header: str

    def trigger(self, kind: str) -> str:
        """The address of a trigger by the name of its kind; empty when there is none."""
        return {"homepage": self.homepage, "message": self.message, "compose": self.compose}[kind]

    def origins(self) -> list[str]:
        """Every origin of the add-on, for the page's content security policy."""
        urls = (self.logo_url, self.homepage, self.message, self.compose)
        parts = [urlsplit(url) for url in urls if url]
        return sorted({f"{part.scheme}://{part.netloc}" for part in parts})

    def as_json(self) -> Json:
        """What the page needs."""
        return {
            "name": self.name,
            "logoUrl": self.logo_url,
            "colors": dict(self.colors),
            "scopes": list(self.scopes),
            "triggers": {name: bool(self.trigger(name)) for name in TRIGGERS},
            "composeLabel": self.compose_label,
            "universalActions": [
                {"label": one.label, "function": one.function, "openLink": one.link}
                for one in self.universal_actions
            ],
            "openLinkUrlPrefixes": list(self.link_prefixes),
        }


TRIGGERS = ("homepage", "message", "compose")


def read_deployment(path: Path | None) -> Deployment:
    """The add-on this simulator was started with. Reread each time, so that edits show."""
    if path is None:
        raise DeploymentError("No add-on: start the simulator with --deployment FILE.")
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise DeploymentError(f"{path.name} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise DeploymentError(f"{path.name} is not JSON: {error}.") from error
    if not isinstance(content, dict):
        raise DeploymentError(f"{path.name} must hold an object.")
    return parse_deployment(content)


def parse_deployment(content: Json) -> Deployment:
    """The parts of a deployment that Gmail on the web acts on."""
    add_ons = object_in(content, "addOns")
    common, gmail = object_in(add_ons, "common"), object_in(add_ons, "gmail")
    if "gmail" not in add_ons:
        raise DeploymentError("addOns.gmail is missing: without it the add-on is off in Gmail.")
    home = object_in(gmail, "homepageTrigger") or object_in(common, "homepageTrigger")
    compose = object_in(gmail, "composeTrigger")
    action = _first(compose, "actions")
    return Deployment(
        name=text_in(common, "name"),
        logo_url=text_in(common, "logoUrl"),
        colors={name: str(value) for name, value in object_in(common, "layoutProperties").items()},
        scopes=tuple(str(scope) for scope in list_in(content, "oauthScopes")),
        homepage="" if home.get("enabled") is False else text_in(home, "runFunction"),
        message=text_in(_first(gmail, "contextualTriggers"), "onTriggerFunction"),
        compose=text_in(action, "runFunction"),
        compose_label=text_in(action, "label"),
        universal_actions=_universal(gmail) or _universal(common),
        link_prefixes=tuple(str(one) for one in list_in(common, "openLinkUrlPrefixes")),
        uses_locale=common.get("useLocaleFromApp") is True,
        draft_access=text_in(compose, "draftAccess") or "NONE",
        authorization_header=text_in(object_in(add_ons, "httpOptions"), "authorizationHeader")
        or "SYSTEM_ID_TOKEN",
    )


def _universal(host: Json) -> tuple[UniversalAction, ...]:
    """Gmail's own entries are labelled `text`, the common ones `label`."""
    return tuple(
        UniversalAction(
            text_in(one, "label") or text_in(one, "text"),
            text_in(one, "runFunction"),
            text_in(one, "openLink"),
        )
        for one in list_in(host, "universalActions")
        if isinstance(one, dict)
    )


def _first(parent: Json, name: str) -> Json:
    several = list_in(parent, name)
    return several[0] if several and isinstance(several[0], dict) else {}
