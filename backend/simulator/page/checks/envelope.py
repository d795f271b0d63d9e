"""Parses an answer as Google's runtime does: strictly, by the kind of entry point that was called.

Decides whether there is anything to draw. What it returns is spelled in one way (lower camel case),
so that the page needs to know no other.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from backend.simulator.page.checks.card_parse import parse_card
from backend.simulator.page.checks.findings import Finding, Json, refused, wrong
from backend.simulator.page.checks.messages import MESSAGES, NOT_IN_GMAIL, ONE_OF, full_name


class Root(StrEnum):
    """The message an entry point must answer with."""

    TRIGGER = "RenderActions"
    ACTION = "SubmitFormResponse"
    AUTOCOMPLETE = "GetAutocompletionResponse"
    AUTHORIZATION = "AuthorizationError"


@dataclass
class Parsed:
    """`answer` is None when Google would refuse it. `cards` are the canonical cards and places."""

    root: Root
    answer: Json | None = None
    cards: list[tuple[Json, str]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def parse_answer(answer: object, expected: Root) -> Parsed:
    """Parse a decoded answer against the root that its entry point demands."""
    root = Root.AUTHORIZATION if _is_authorization(answer) else expected
    parsed = Parsed(root)
    value = _message(answer, root.value, "answer", parsed)
    if not any(one.severity == "refused" for one in parsed.findings) and isinstance(value, dict):
        parsed.answer = value
        parsed.findings.extend(_empty(value, root))
    return parsed


def camel(name: str) -> str:
    """A field's name in Google's usual spelling.

    >>> camel("requesting_google_scopes")
    'requestingGoogleScopes'
    """
    first, *rest = name.split("_")
    return first + "".join(word[:1].upper() + word[1:] for word in rest)


def _is_authorization(answer: object) -> bool:
    names = MESSAGES[Root.AUTHORIZATION.value]
    return isinstance(answer, dict) and any(camel(name) in names for name in answer)


def _message(value: object, name: str, path: str, parsed: Parsed) -> object:
    if not isinstance(value, dict):
        parsed.findings.append(refused(path, f"Expected an object for {full_name(name)}."))
        return None
    known = MESSAGES[name]
    result: Json = {}
    for key, inner in value.items():
        place = f"{path}.{key}"
        spelled = camel(str(key))
        if spelled not in known:
            text = f"Cannot find field: {key} in message {full_name(name)}"
            parsed.findings.append(refused(place, text))
        elif inner is not None:
            if f"{name}.{spelled}" in NOT_IN_GMAIL:
                parsed.findings.append(wrong(place, "Gmail does not use this field."))
            result[spelled] = _value(inner, known[spelled], place, parsed)
    parsed.findings.extend(_several(result, name, path))
    return result


def _several(result: Json, name: str, path: str) -> Iterator[Finding]:
    """Members of a oneof: one at most, and a navigation with none does nothing."""
    members = [key for key in result if key in ONE_OF.get(name, frozenset())]
    if len(members) > 1:
        text = f"Only one of {', '.join(members)} may be set in {full_name(name)}."
        yield refused(path, text)
    if name == "Navigation" and not members:
        yield wrong(path, "This navigation step does nothing.")


def _value(value: object, kind: str, path: str, parsed: Parsed) -> object:
    if kind.startswith("["):
        if not isinstance(value, list):
            parsed.findings.append(refused(path, "Expected a list."))
            return []
        return [
            _value(one, kind[1:-1], f"{path}[{index}]", parsed) for index, one in enumerate(value)
        ]
    if kind == "card":
        return _card(value, path, parsed)
    if kind in MESSAGES:
        return _message(value, kind, path, parsed)
    return _scalar(value, kind, path, parsed)


def _scalar(value: object, kind: str, path: str, parsed: Parsed) -> object:
    fits = {"str": isinstance(value, str), "bool": isinstance(value, bool), "any": True}
    if kind in fits:
        if not fits[kind]:
            wanted = "text" if kind == "str" else "true or false"
            parsed.findings.append(refused(path, f"Expected {wanted}, not {value!r:.60}."))
    elif value not in kind.split("|"):
        parsed.findings.append(refused(path, f"Invalid enum value {value!r:.60}."))
    return value


def _card(value: object, path: str, parsed: Parsed) -> Json | None:
    card, findings = parse_card(value, path)
    parsed.findings.extend(findings)
    if card is not None:
        parsed.cards.append((card, path))
    return card


def _empty(answer: Json, root: Root) -> Iterator[Finding]:
    """Answers that parse and show nothing."""
    if root is Root.TRIGGER and not _navigations(answer):
        yield wrong("answer", "A trigger should answer with a card: there is nothing to show.")
    elif root is Root.ACTION and not answer.get("renderActions"):
        text = "An empty answer to a click is undocumented for Gmail. Send a notification."
        yield wrong("answer", text)


def _navigations(answer: Json) -> object:
    action = answer.get("action")
    return action.get("navigations") if isinstance(action, dict) else None
