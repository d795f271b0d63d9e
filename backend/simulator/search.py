"""Gmail's search language, the part people use, compiled to SQL over the message table."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Callable

TOKEN = re.compile(
    r"""\s*(?:(?P<open>[({])|(?P<close>[)}])|(?P<minus>-(?=\S))
    |(?P<op>[a-zA-Z0-9_]+):(?:"(?P<opquoted>[^"]*)"|(?P<opplain>[^\s(){}"]*))
    |"(?P<quoted>[^"]*)"|(?P<word>[^\s(){}"]+))""",
    re.VERBOSE,
)
PACIFIC = ZoneInfo("America/Los_Angeles")  # bare dates mean midnight there
SPANS = {"d": 1, "m": 30, "y": 365}
PLACES = {
    "inbox": "INBOX",
    "sent": "SENT",
    "spam": "SPAM",
    "trash": "TRASH",
    "draft": "DRAFT",
    "drafts": "DRAFT",
    "chats": "CHAT",
    "chat": "CHAT",
    "starred": "STARRED",
    "important": "IMPORTANT",
    "unread": "UNREAD",
}
COLUMNS = {
    "from": "from_text",
    "to": "to_text || ' ' || cc_text || ' ' || bcc_text",
    "cc": "cc_text",
    "bcc": "bcc_text",
    "subject": "subject",
    "filename": "filenames",
}
ALL_TEXT = "subject || ' ' || from_text || ' ' || to_text || ' ' || cc_text"


@dataclass(frozen=True)
class Sql:
    """A condition and the values it binds."""

    text: str
    values: tuple[object, ...] = ()


EVERYTHING = Sql("1")
NOTHING = Sql("0")


def compiled(query: str, me: str, *, now: datetime) -> tuple[str, tuple[object, ...]]:
    """A condition over the message table, and the values it binds.

    >>> compiled("in:inbox -from:dana", "r@x.example", now=datetime(2026, 1, 1, tzinfo=UTC))
    ("((instr(labels, ?) > 0) AND (NOT (from_text LIKE ? ESCAPE '!')))", (' INBOX ', '%dana%'))
    """
    sql = _Parser(query, me, now).everything()
    return sql.text, sql.values


class _Parser:
    """Recursive descent: groups, braces for OR, a minus for NOT, operators, words."""

    def __init__(self, query: str, me: str, now: datetime) -> None:
        self._tokens = [found for found in TOKEN.finditer(query) if found.group().strip()]
        self._at = 0
        self._me = me
        self._now = now

    def everything(self) -> Sql:
        found = []
        while self._at < len(self._tokens):
            found.append(self._sequence("AND"))
            self._at += 1  # past a bracket that closes nothing
        return _combined(found, "AND")

    def _sequence(self, word: str) -> Sql:
        """Terms up to the closing bracket; OR binds its two neighbours."""
        alternatives: list[list[Sql]] = []
        joined = False
        while (token := self._peek()) is not None and not token["close"]:
            if token["word"] == "OR":
                joined = True
                self._at += 1
            elif token["word"] == "AND":
                self._at += 1
            else:
                term = self._term()
                if joined and alternatives:
                    alternatives[-1].append(term)
                else:
                    alternatives.append([term])
                joined = False
        return _combined([_combined(terms, "OR") for terms in alternatives], word)

    def _term(self) -> Sql:
        token = self._tokens[self._at]
        self._at += 1
        if token["minus"]:
            inner = self._term() if self._peek() is not None else EVERYTHING
            return Sql(f"NOT ({inner.text})", inner.values)
        if token["open"]:
            inner = self._sequence("OR" if token["open"] == "{" else "AND")
            self._at += 1
            return inner
        if token["op"]:
            return self._operator(token)
        if token["quoted"] is not None:
            return _anywhere(token["quoted"])
        return _anywhere(token["word"])

    def _operator(self, token: re.Match[str]) -> Sql:
        name = token["op"].lower()
        value = token["opquoted"] if token["opquoted"] is not None else token["opplain"]
        grouped = self._peek()
        if not value and grouped is not None and grouped["open"]:
            return self._grouped(name)
        return self._meaning(name, value)

    def _grouped(self, name: str) -> Sql:
        """subject:(a b) means each of them, from:{a b} one of them."""
        word = "OR" if self._tokens[self._at]["open"] == "{" else "AND"
        self._at += 1
        found = []
        while (token := self._peek()) is not None and not token["close"]:
            found.append(self._meaning(name, token["quoted"] or token["word"] or ""))
            self._at += 1
        self._at += 1
        return _combined(found, word)

    def _meaning(self, name: str, value: str) -> Sql:
        if name in COLUMNS:
            return _like(COLUMNS[name], self._me if value.lower() == "me" else value)
        known: dict[str, Callable[[str], Sql]] = {
            "in": _place,
            "is": _state,
            "label": _named_label,
            "category": lambda category: _label(f"CATEGORY_{category.upper()}"),
            "has": _has,
            "after": lambda date: self._dated(">=", date),
            "newer": lambda date: self._dated(">=", date),
            "before": lambda date: self._dated("<", date),
            "older": lambda date: self._dated("<", date),
            "newer_than": lambda span: self._span(">=", span),
            "older_than": lambda span: self._span("<", span),
            "rfc822msgid": lambda ident: Sql("rfc_id = ?", (ident.strip("<>"),)),
            "larger": lambda size: Sql("size > ?", (_bytes(size),)),
            "smaller": lambda size: Sql("size < ?", (_bytes(size),)),
        }
        return known[name](value) if name in known else _anywhere(f"{name}:{value}")

    def _dated(self, comparison: str, value: str) -> Sql:
        moment = _moment(value)
        return NOTHING if moment is None else Sql(f"internal_date {comparison} ?", (moment,))

    def _span(self, comparison: str, value: str) -> Sql:
        found = re.fullmatch(r"(\d+)([dmy])", value.lower())
        if found is None:
            return NOTHING
        ago = self._now - timedelta(days=int(found[1]) * SPANS[found[2]])
        return Sql(f"internal_date {comparison} ?", (int(ago.timestamp() * 1000),))

    def _peek(self) -> re.Match[str] | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None


def _combined(found: list[Sql], word: str) -> Sql:
    if len(found) == 1:
        return found[0]
    if not found:
        return EVERYTHING
    text = f" {word} ".join(f"({one.text})" for one in found)
    return Sql(f"({text})", tuple(value for one in found for value in one.values))


def _like(column: str, value: str) -> Sql:
    escaped = value.replace("!", "!!").replace("%", "!%").replace("_", "!_")
    return Sql(f"{column} LIKE ? ESCAPE '!'", (f"%{escaped}%",))


def _anywhere(value: str) -> Sql:
    head = _like(ALL_TEXT, value)
    body = "(SELECT body_text FROM content WHERE content.id = message.id) LIKE ? ESCAPE '!'"
    return Sql(f"{head.text} OR {body}", (*head.values, *head.values))


def _label(label: str) -> Sql:
    return Sql("instr(labels, ?) > 0", (f" {label} ",))


def _named_label(name: str) -> Sql:
    """By id or by name, in which Gmail writes hyphens for spaces and slashes."""
    own = "SELECT ' ' || id || ' ' FROM label WHERE label.mailbox = message.mailbox AND "
    found = f"({own} replace(replace(lower(name), ' ', '-'), '/', '-') = ? LIMIT 1)"
    wanted = name.lower().replace(" ", "-").replace("/", "-")
    return Sql(
        f"instr(labels, ?) > 0 OR instr(labels, ?) > 0 OR instr(labels, {found}) > 0",
        (f" {name} ", f" {name.upper()} ", wanted),
    )


def _place(name: str) -> Sql:
    lower = name.lower()
    if lower in {"anywhere", "all"}:
        return EVERYTHING
    return _label(PLACES.get(lower, name))


def _state(name: str) -> Sql:
    if name.lower() == "read":
        return Sql("instr(labels, ?) = 0", (" UNREAD ",))
    return _place(name)


def _has(what: str) -> Sql:
    return Sql("filenames <> ''") if what.lower() == "attachment" else NOTHING


def _moment(value: str) -> int | None:
    """Epoch milliseconds of epoch seconds, or of a date in Pacific time."""
    if value.isdigit() and len(value) > 8:
        return int(value) * 1000
    for pattern in ("%Y/%m/%d", "%Y-%m-%d", "%m/%d/%Y"):
        try:
            day = datetime.strptime(value, pattern).replace(tzinfo=PACIFIC)
        except ValueError:
            continue
        return int(day.astimezone(UTC).timestamp() * 1000)
    return None


def _bytes(size: str) -> int:
    found = re.fullmatch(r"(\d+)([km]?)b?", size.lower())
    return 0 if found is None else int(found[1]) * {"": 1, "k": 1024, "m": 1024**2}[found[2]]
