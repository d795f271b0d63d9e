"""Google's event object, parsed once into a frozen AddonEvent. The only place that reads it raw.

A field of the wrong type counts as absent: Google's own documents disagree about numbers and
spellings. Only a body that is not a JSON object is refused.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta, timezone, tzinfo
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import orjson

from backend.domain.typed_text import typed_text
from backend.errors import InputError

MAX_OFFSET = timedelta(hours=18)
"""More than any zone of the world is away from UTC."""

Raw = Mapping[str, Any]


class TooLarge(InputError):
    """The body of a request is longer than any event."""


class UnreadableEvent(InputError):
    """The body of a request is no event."""


@dataclass(frozen=True, kw_only=True)
class AddonEvent:
    """One request from Gmail's side panel. Tokens are good for this request only and never shown.

    `inputs` holds what was typed or chosen by field name; unticked boxes are absent. `zone` and
    `locale` come only with the locale scope.
    """

    gmail_id: str = ""
    thread_id: str = ""
    message_token: str = field(default="", repr=False)
    user_token: str = field(default="", repr=False)
    user_id_token: str = field(default="", repr=False)
    scopes: frozenset[str] = frozenset()
    parameters: Mapping[str, str] = field(default_factory=dict, repr=False)
    inputs: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)
    moments: Mapping[str, datetime] = field(default_factory=dict, repr=False)
    times: Mapping[str, time] = field(default_factory=dict, repr=False)
    recipients: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)
    zone: tzinfo | None = None
    locale: str = ""
    platform: str = ""

    def text(self, name: str) -> str:
        """The text of a field, stripped; empty when nothing was typed."""
        values = self.inputs.get(name, ())
        return values[0].strip() if values else ""

    def ticked(self, name: str) -> bool:
        """Whether a box or switch is on."""
        return bool(self.inputs.get(name))


def parse_event(body: bytes) -> AddonEvent:
    """Read a request's body. Raises UnreadableEvent when it is not a JSON object."""
    try:
        event = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise UnreadableEvent("Gmail's request was not readable. Open this again.") from error
    if not isinstance(event, dict):
        raise UnreadableEvent("Gmail's request was not readable. Open this again.")
    common, gmail = _object(event, "commonEventObject"), _object(event, "gmail")
    auth, inputs = _object(event, "authorizationEventObject"), _object(common, "formInputs")
    return AddonEvent(
        gmail_id=_text(gmail, "messageId"),
        thread_id=_text(gmail, "threadId"),
        message_token=_token(gmail, "accessToken"),
        user_token=_token(auth, "userOAuthToken") or _token(auth, "userOauthToken"),
        user_id_token=_token(auth, "userIdToken"),
        scopes=frozenset(_texts(auth.get("authorizedScopes"))),
        parameters={k: v for k, v in _object(common, "parameters").items() if isinstance(v, str)},
        inputs=dict(_typed(inputs)),
        moments=dict(_moments(inputs)),
        times=dict(_times(inputs)),
        recipients={name: _texts(gmail.get(f"{name}Recipients")) for name in ("to", "cc", "bcc")},
        zone=_zone(_object(common, "timeZone")),
        locale=_text(common, "userLocale"),
        platform=_text(common, "platform"),
    )


def _token(raw: Raw, key: str) -> str:
    """A token that can be sent in a header unchanged; anything else is dropped."""
    text = _text(raw, key)
    return text if text.isascii() and text.isprintable() else ""


def _typed(inputs: Raw) -> Iterator[tuple[str, tuple[str, ...]]]:
    for name in inputs:
        values = _texts(_object(_object(inputs, name), "stringInputs").get("value"))
        if values:
            yield name, values


def _moments(inputs: Raw) -> Iterator[tuple[str, datetime]]:
    """Dates and moments: milliseconds as a string or a number, absent when zero."""
    for name in inputs:
        given = _object(inputs, name)
        for kind in ("dateTimeInput", "dateInput"):
            if kind in given:
                milliseconds = _number(_object(given, kind).get("msSinceEpoch"))
                try:
                    yield name, datetime.fromtimestamp(milliseconds / 1000, UTC)
                except (ValueError, OverflowError, OSError):
                    continue


def _times(inputs: Raw) -> Iterator[tuple[str, time]]:
    """Times of day. Protobuf drops zeros, so nine sharp comes without minutes."""
    for name in inputs:
        given = _object(inputs, name)
        if "timeInput" in given:
            clock = _object(given, "timeInput")
            hours, minutes = _number(clock.get("hours")), _number(clock.get("minutes"))
            if 0 <= hours < 24 and 0 <= minutes < 60:
                yield name, time(hours, minutes)


def _zone(given: Raw) -> tzinfo | None:
    """The reader's zone by name, else by its UTC offset in milliseconds."""
    try:
        if name := _text(given, "id"):
            return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        pass
    offset = timedelta(milliseconds=_number(given.get("offset")))
    return timezone(offset) if "offset" in given and abs(offset) <= MAX_OFFSET else None


def _object(parent: Raw, name: str) -> Raw:
    value = parent.get(name)
    return value if isinstance(value, dict) else {}


def _text(parent: Raw, name: str) -> str:
    value = parent.get(name)
    return value if isinstance(value, str) else ""


def _texts(value: object) -> tuple[str, ...]:
    """The texts of a list, without characters that cannot be stored."""
    if not isinstance(value, list):
        return ()
    return tuple(typed_text(one) for one in value if isinstance(one, str))


def _number(value: object) -> int:
    """Protobuf writes 64-bit numbers as strings."""
    try:
        return int(value) if isinstance(value, str | int | float) else 0
    except (ValueError, OverflowError):
        return 0
