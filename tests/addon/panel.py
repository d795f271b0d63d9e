"""Gmail's side panel as a person uses it: open a mail, read the card, press what it shows.

Every answer goes through the simulator, which parses it as strictly as Google and refuses what
Google would refuse; a test that sees a finding of that kind fails here.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import requests

from tests.support.company import ROBIN, Company

HARMLESS = {"advice"}


@dataclass(frozen=True)
class Shown:
    """What the panel shows after a call."""

    panel: "Panel"
    person: str
    message: str | None
    done: dict[str, Any]

    @property
    def answer(self) -> dict[str, Any]:
        assert self.done["answer"] is not None, self.done["findings"] or self.done["problem"]
        found: dict[str, Any] = self.done["answer"]
        return found

    @property
    def action(self) -> dict[str, Any]:
        root = self.answer.get("renderActions", self.answer)
        found: dict[str, Any] = root["action"]
        return found

    @property
    def card(self) -> dict[str, Any]:
        (step,) = self.action["navigations"]
        (found,) = step.values()
        return dict(found)

    @property
    def notice(self) -> str:
        return str(self.action.get("notification", {}).get("text", ""))

    @property
    def title(self) -> str:
        return str(self.card["header"]["title"])

    def text(self) -> str:
        """Everything that can be read on the card, a line each."""
        return "\n".join(_texts(self.card))

    def has_button(self, name: str) -> bool:
        return any(button["text"] == name for button in _buttons(self.card))

    def press(self, name: str, inputs: Mapping[str, str] | None = None, **more: Any) -> "Shown":
        """Press a button that calls the add-on, with what was typed into the fields."""
        action = next(b for b in _buttons(self.card) if b["text"] == name)["onClick"]["action"]
        return self.panel.call(self, action, inputs or {}, **more)

    def switch(self, *, on: bool) -> "Shown":
        """Move the one switch of the card."""
        control = next(
            w["decoratedText"]["switchControl"]
            for w in _widgets(self.card)
            if "switchControl" in w.get("decoratedText", {})
        )
        inputs = {control["name"]: control["value"]} if on else {}
        return self.panel.call(self, control["onChangeAction"], inputs)

    def fields(self) -> dict[str, str]:
        """What the inputs hold when nobody touches them."""
        return dict(_fields(self.card))


@dataclass(frozen=True)
class Panel:
    """The panels of a company."""

    company: Company
    url: str

    def home(self, person: str = ROBIN, **more: Any) -> Shown:
        return self.dispatch(person, {"kind": "homepage", **more})

    def open(self, message: str, person: str = ROBIN, **more: Any) -> Shown:
        return self.dispatch(person, {"kind": "message", **more}, message)

    def call(
        self,
        shown: Shown,
        action: Mapping[str, Any],
        inputs: Mapping[str, str],
        days: Mapping[str, str] | None = None,
        **more: Any,
    ) -> Shown:
        """One click, as the page sends it. `days` are the values of date fields."""
        body = {
            "kind": "action",
            "url": action["function"],
            "parameters": action.get("parameters", []),
            "inputs": [
                {"name": name, "kind": "string", "values": [value]}
                for name, value in inputs.items()
            ]
            + [
                {"name": name, "kind": "date", "values": [day]}
                for name, day in (days or {}).items()
            ],
            **more,
        }
        return self.dispatch(shown.person, body, shown.message)

    def dispatch(self, person: str, body: Mapping[str, Any], message: str | None = None) -> Shown:
        spot = {"spot": "message", "messageId": message} if message else {"spot": "homepage"}
        asked = {
            "person": person,
            "context": spot,
            "timeZone": {"id": "Europe/Berlin", "offset": 3_600_000},
            **body,
        }
        root = self.company.simulator.root
        answer = requests.post(f"{root}/simulator/dispatch", json=asked, timeout=40)
        assert answer.ok, answer.text
        done = answer.json()
        worse = [one for one in done["findings"] if one["severity"] not in HARMLESS]
        assert not worse or done["answer"] is None, worse
        return Shown(self, person, message, done)


def _widgets(card: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for section in card.get("sections", []):
        yield from section["widgets"]


def _buttons(card: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for widget in _widgets(card):
        if "button" in widget.get("decoratedText", {}):
            yield widget["decoratedText"]["button"]
        yield from widget.get("buttonList", {}).get("buttons", [])
    yield from card.get("fixedFooter", {}).values()


def _texts(card: Mapping[str, Any]) -> Iterator[str]:
    yield from card.get("header", {}).values()
    for section in card.get("sections", []):
        yield section.get("header", "")
        for widget in section["widgets"]:
            row = widget.get("decoratedText", {}) | widget.get("textParagraph", {})
            yield " | ".join(row[k] for k in ("topLabel", "text", "bottomLabel") if row.get(k))


def _fields(card: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for widget in _widgets(card):
        if "textInput" in widget:
            yield widget["textInput"]["name"], widget["textInput"].get("value", "")
        for item in widget.get("selectionInput", {}).get("items", []):
            if item.get("selected"):
                yield widget["selectionInput"]["name"], item["value"]
