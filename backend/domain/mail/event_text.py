"""An invitation in words: what, when, where and who, for mail without text of its own.

Reads the one relevant event of a calendar object (RFC 5545, RFC 5546) and nothing else. Times stay
in the zone in which they were written; zone rules are not computed here.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

MAX_LINES = 5000
MAX_VALUE = 4000
MOST_PEOPLE = 50
_FOLD = re.compile(r"\n[ \t]")
_PARAMETER = re.compile(r";([A-Za-z-]{1,40})=(\"[^\"\n]{0,300}\"|[^\";:,\n]{0,300})")
_STAMP = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(?:\d\d)?(Z)?)?")
_ESCAPED = {"\\n": "\n", "\\N": "\n", "\\,": ",", "\\;": ";", "\\\\": "\\"}
_ESCAPE = re.compile(r"\\[nN,;\\]")
_TITLES = {
    "CANCEL": "Cancelled",
    "COUNTER": "New time proposed",
    "DECLINECOUNTER": "Proposed time declined",
    "PUBLISH": "Event",
}
_ANSWERS = {"ACCEPTED": "Accepted", "DECLINED": "Declined", "TENTATIVE": "Maybe"}


@dataclass(frozen=True, slots=True)
class _Line:
    """One property: name and parameters in capitals, value as written."""

    name: str
    params: dict[str, str]
    value: str


@dataclass(slots=True)
class _Event:
    method: str = ""
    values: dict[str, _Line] = field(default_factory=dict)
    people: list[_Line] = field(default_factory=list)


def event_in_words(calendar: str) -> str:
    r"""The first event of a calendar object as text; empty when there is none.

    >>> print(event_in_words("BEGIN:VEVENT\nSUMMARY:Review\nDTSTART:20261203T090000Z\n"))
    Invitation: Review
    When: Thursday 3 December 2026, 09:00 UTC
    """
    event = _first_event(calendar)
    if not event.values:
        return ""
    told = [f"{_title(event)}: {_text(event, 'SUMMARY') or 'without a title'}"]
    for label, value in (
        ("When", _when(event)),
        ("Where", _text(event, "LOCATION")),
        ("People", _people(event)),
    ):
        told += [f"{label}: {value}"] if value else []
    described = _text(event, "DESCRIPTION")
    return "\n".join([*told, *(["", described] if described else [])])


def _first_event(calendar: str) -> _Event:
    event = _Event()
    inside: list[str] = []
    for line in _lines(calendar):
        if line.name == "BEGIN":
            inside.append(line.value.upper())
        elif line.name == "END":
            if inside and inside.pop() == "VEVENT":
                break
        elif line.name == "METHOD":
            event.method = line.value.strip().upper()
        elif inside[-1:] == ["VEVENT"] or (not inside and event.values):
            _take(event, line)
    return event


def _take(event: _Event, line: _Line) -> None:
    if line.name == "ATTENDEE":
        if len(event.people) < MOST_PEOPLE:
            event.people.append(line)
    else:
        event.values.setdefault(line.name, line)


def _lines(calendar: str) -> Iterator[_Line]:
    text = _FOLD.sub("", calendar.replace("\r\n", "\n").replace("\r", "\n"))
    for line in text.split("\n", MAX_LINES)[:MAX_LINES]:
        name, position = line.partition(":")[0].partition(";")[0].strip().upper(), 0
        params: dict[str, str] = {}
        position = len(line.partition(":")[0].partition(";")[0])
        while found := _PARAMETER.match(line, position):
            params[found[1].upper()] = found[2].strip('"')
            position = found.end()
        _, colon, value = line[position:].partition(":")
        if name and colon:
            yield _Line(name, params, value[:MAX_VALUE])


def _text(event: _Event, name: str) -> str:
    line = event.values.get(name)
    if line is None:
        return ""
    return _ESCAPE.sub(lambda found: _ESCAPED[found[0]], line.value).strip()


def _title(event: _Event) -> str:
    if event.method == "REPLY":
        told = next((line.params.get("PARTSTAT", "").upper() for line in event.people), "")
        return _ANSWERS.get(told, "Answered")
    return _TITLES.get(event.method, "Invitation")


def _when(event: _Event) -> str:
    start, whole_day, zone = _moment(event.values.get("DTSTART"))
    end, _, end_zone = _moment(event.values.get("DTEND"))
    if start is None:
        return ""
    day = _day(start)
    if whole_day:
        last = end - timedelta(days=1) if end is not None else start
        return f"{day}, all day" if last <= start else f"{day} to {_day(last)}"
    told = f"{day}, {start:%H:%M}"
    if end is not None and end > start:
        same = end.date() == start.date()
        told += f" to {end:%H:%M}" if same else f" to {_day(end)}, {end:%H:%M}"
    return f"{told} {zone or end_zone}".strip()


def _day(when: date) -> str:
    return f"{when:%A} {when.day} {when:%B %Y}"


def _moment(line: _Line | None) -> tuple[datetime | None, bool, str]:
    """The time, whether it is a whole day, and the zone as written."""
    found = _STAMP.match(line.value.strip()) if line else None
    if line is None or found is None:
        return None, False, ""
    year, month, day, hour, minute = (int(part or 0) for part in found.groups()[:5])
    try:
        when = datetime(year, month, day, hour, minute)  # noqa: DTZ001 - as it is written there
    except ValueError:
        return None, False, ""
    zone = "UTC" if found[6] else line.params.get("TZID", "")
    return when, found[4] is None, f"({zone})" if zone and zone != "UTC" else zone


def _people(event: _Event) -> str:
    host = event.values.get("ORGANIZER")
    told = [f"{_person(host)} (organiser)"] if host else []
    known = {_address(host).lower()} if host else set()
    told += [_person(one) for one in event.people if _address(one).lower() not in known]
    return ", ".join(one for one in told if one)


def _person(line: _Line) -> str:
    name, address = line.params.get("CN", "").strip(), _address(line)
    return f"{name} <{address}>" if name and name.lower() != address.lower() else address


def _address(line: _Line) -> str:
    value = line.value.strip()
    return value[7:] if value.lower().startswith("mailto:") else value
