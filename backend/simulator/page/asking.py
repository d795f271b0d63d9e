"""What the page asks Google's servers to do: one trigger, click or suggestion, parsed and checked.

This is the border: nothing behind it indexes into the page's JSON.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from backend.simulator.page.checks.place import Spot
from backend.simulator.page.members import Json, list_in, object_in, text_in

USUAL_LIMIT_SECONDS = 30.0  # Google documents 30 s for Card service, nothing for Gmail over HTTP
LONGEST_LIMIT_SECONDS = 300.0


class AskingError(ValueError):
    """The page asked for something that cannot be."""


class Kind(StrEnum):
    """The entry points of an add-on."""

    HOMEPAGE = "homepage"
    MESSAGE = "message"
    COMPOSE = "compose"
    ACTION = "action"
    UNIVERSAL = "universal"
    AUTOCOMPLETE = "autocomplete"

    @property
    def is_trigger(self) -> bool:
        """Whether the deployment names its address, and the answer is a bare one."""
        return self in {Kind.HOMEPAGE, Kind.MESSAGE, Kind.COMPOSE}


class Fate(StrEnum):
    """What is to happen to the next call."""

    WORKS = "works"
    SLOW = "slow"
    FAILS = "fails"
    TIMES_OUT = "times_out"
    GARBLED = "garbled"
    REPLAYED = "replayed"


@dataclass(frozen=True)
class Zone:
    """The browser's time zone. `offset` in milliseconds, east positive."""

    id: str
    offset: int


@dataclass(frozen=True)
class Input:
    """One input of a card. `kind` string, date, time or datetime; `values` as typed."""

    name: str
    kind: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Context:
    """Where the card is: an open message, or a draft with its recipients."""

    spot: Spot
    message_id: str = ""
    thread_id: str = ""
    recipients: Mapping[str, tuple[str, ...]] | None = None


@dataclass(frozen=True)
class Asked:
    """One thing to do. `scopes` None means all that the deployment lists."""

    person: str
    kind: Kind
    url: str
    context: Context
    parameters: Mapping[str, str]
    inputs: tuple[Input, ...]
    platform: str
    locale: str
    zone: Zone
    scopes: frozenset[str] | None
    fate: Fate
    limit: float


def parse_asked(body: object) -> Asked:
    """The page's request, or a sentence about what is wrong with it."""
    if not isinstance(body, dict):
        raise AskingError("The request must be a JSON object.")
    try:
        return Asked(
            person=text_in(body, "person").lower(),
            kind=Kind(text_in(body, "kind")),
            url=text_in(body, "url"),
            context=_context(object_in(body, "context")),
            parameters=_parameters(body.get("parameters")),
            inputs=tuple(_input(one) for one in list_in(body, "inputs")),
            platform=text_in(body, "platform") or "WEB",
            locale=text_in(body, "locale") or "en",
            zone=_zone(object_in(body, "timeZone")),
            scopes=_scopes(body.get("scopes")),
            fate=Fate(text_in(body, "fate") or "works"),
            limit=_limit(body.get("limit")),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise AskingError(f"The request cannot be understood: {error}.") from error


def _context(body: Json) -> Context:
    spot = Spot(text_in(body, "spot") or "homepage")
    recipients = None
    if spot is Spot.COMPOSE:
        recipients = {
            name: tuple(str(one) for one in list_in(body, name)) for name in ("to", "cc", "bcc")
        }
    return Context(spot, text_in(body, "messageId"), text_in(body, "threadId"), recipients)


def _parameters(listed: object) -> dict[str, str]:
    """Sent as a list of pairs, received as a map; booleans and numbers are refused as by Google."""
    result: dict[str, str] = {}
    for one in listed if isinstance(listed, list) else []:
        key, value = one["key"], one.get("value", "")
        if not isinstance(key, str) or not isinstance(value, str):
            raise AskingError("Parameters must be texts.")
        result[key] = value
    return result


def _input(one: object) -> Input:
    if not isinstance(one, dict):
        raise AskingError("An input must be an object.")
    kind = text_in(one, "kind")
    if kind not in {"string", "date", "time", "datetime"}:
        raise AskingError(f"There is no kind of input named {kind!r}.")
    return Input(text_in(one, "name"), kind, tuple(str(value) for value in list_in(one, "values")))


def _zone(body: Json) -> Zone:
    offset = body.get("offset", 0)
    return Zone(text_in(body, "id") or "UTC", offset if isinstance(offset, int) else 0)


def _scopes(listed: object) -> frozenset[str] | None:
    return frozenset(str(one) for one in listed) if isinstance(listed, list) else None


def _limit(value: object) -> float:
    if not isinstance(value, int | float):
        return USUAL_LIMIT_SECONDS
    return min(max(float(value), 0.05), LONGEST_LIMIT_SECONDS)
