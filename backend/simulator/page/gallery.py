"""Every state of an add-on's cards from files, to be looked at without playing up to each of them.

Separate from calling the add-on: nothing is asked, but the answers are judged by the same checks.
Files lie as <kind>/<state>.json, where <kind> is trigger or action.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from backend.simulator.page.checks.answers import check_answer
from backend.simulator.page.checks.envelope import Root, parse_answer
from backend.simulator.page.checks.findings import Finding, Json, Severity, refused
from backend.simulator.page.checks.place import Place, Spot
from backend.simulator.page.deployment import Deployment

ROOTS: Mapping[str, Root] = {"trigger": Root.TRIGGER, "action": Root.ACTION}
LOCATION = frozenset({"iconUrl", "imageUrl", "imageUri", "function", "url"})
"""Members that hold an address."""


@dataclass(frozen=True)
class State:
    """One file: its name, what can be drawn of it, and what is wrong with it."""

    name: str
    root: Root
    answer: Json | None
    cards: tuple[Json, ...]
    findings: tuple[Finding, ...]

    def as_json(self) -> Json:
        """What the page needs."""
        return {
            "name": self.name,
            "root": self.root.value,
            "answer": self.answer,
            "cards": list(self.cards),
            "findings": [one.as_json() for one in self.findings],
        }


def states(folder: Path | None, deployment: Deployment) -> list[State]:
    """All files of the folder, triggers first, by name. None without a folder."""
    if folder is None:
        return []
    files = [file for kind in ROOTS for file in sorted((folder / kind).glob("*.json"))]
    return [_state(file, deployment) for file in files]


def _state(file: Path, deployment: Deployment) -> State:
    name, root = f"{file.parent.name}/{file.stem}", ROOTS[file.parent.name]
    try:
        written = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        return State(
            name, root, None, (), (refused("answer", f"The file cannot be read: {error}."),)
        )
    parsed = parse_answer(_moved(written, deployment), root)
    place = Place(Spot.MESSAGE, deployment.link_prefixes)
    findings = (*parsed.findings, *check_answer(parsed, place, deployment.scopes))
    if any(one.severity is Severity.REFUSED for one in findings):
        return State(name, parsed.root, None, (), findings)
    return State(
        name, parsed.root, parsed.answer, tuple(card for card, _ in parsed.cards), findings
    )


def _moved(value: object, deployment: Deployment) -> object:
    """The same with the installed add-on's own host in place of the one it was written with."""
    match value:
        case dict():
            return {
                name: _here(inner, deployment) if name in LOCATION else _moved(inner, deployment)
                for name, inner in value.items()
            }
        case list():
            return [_moved(inner, deployment) for inner in value]
        case _:
            return value


def _here(url: object, deployment: Deployment) -> object:
    parts = urlsplit(url) if isinstance(url, str) else None
    if parts is None or parts.scheme not in {"http", "https"}:
        return url
    own = urlsplit(deployment.logo_url)
    return urlunsplit(parts._replace(scheme=own.scheme, netloc=own.netloc))
