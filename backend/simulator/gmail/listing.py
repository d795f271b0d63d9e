"""messages.list and threads.list: labels are all required, `q` goes to the lagging search."""

from collections.abc import Sequence
from dataclasses import dataclass

from backend.simulator.faults import FaultKind, Occasion
from backend.simulator.gmail.call import Json
from backend.simulator.gmail.context import Context
from backend.simulator.gmail.errors import ApiError
from backend.simulator.gmail.paging import place_of, token_after
from backend.simulator.gmail.scopes import METADATA
from backend.simulator.mail.ids import hex_id
from backend.simulator.search import compiled

MOST_RESULTS = 500
USUAL_RESULTS = 100
BROAD_SCOPES_COUNT = 1
FALSE_ESTIMATE = 201  # what Gmail likes to answer whatever the truth is


@dataclass(frozen=True)
class Condition:
    """A piece of WHERE with its values."""

    sql: str
    values: tuple[object, ...] = ()


def list_messages(context: Context) -> Json:
    limit = context.number("maxResults", USUAL_RESULTS, most=MOST_RESULTS)
    date, ident = place_of(context.text("pageToken"))
    conditions = [*_conditions(context), Condition("(internal_date, id) < (?, ?)", (date, ident))]
    rows = context.db.execute(
        "SELECT id, thread, internal_date FROM message WHERE "  # noqa: S608 - values are bound
        + _joined(conditions)
        + " ORDER BY internal_date DESC, id DESC LIMIT ?",
        (*_values(conditions), limit + 1),
    ).fetchall()
    answer: Json = {}
    shown = rows[:limit]
    if shown:
        listed = [{"id": hex_id(row["id"]), "threadId": hex_id(row["thread"])} for row in shown]
        answer["messages"] = listed[::-1] if _is_unordered(context) else listed
    if len(rows) > limit:
        answer["nextPageToken"] = token_after(shown[-1]["internal_date"], shown[-1]["id"])
    return answer | {"resultSizeEstimate": FALSE_ESTIMATE if len(rows) > limit else len(shown)}


def list_threads(context: Context) -> Json:
    limit = context.number("maxResults", USUAL_RESULTS, most=MOST_RESULTS)
    date, ident = place_of(context.text("pageToken"))
    conditions = _conditions(context)
    rows = context.db.execute(
        "SELECT thread, max(internal_date) AS newest FROM message WHERE "  # noqa: S608
        + _joined(conditions)
        + " GROUP BY thread HAVING (newest, thread) < (?, ?)"
        " ORDER BY newest DESC, thread DESC LIMIT ?",
        (*_values(conditions), date, ident, limit + 1),
    ).fetchall()
    answer: Json = {}
    shown = rows[:limit]
    if shown:
        answer["threads"] = [_thread(context, row["thread"]) for row in shown]
    if len(rows) > limit:
        answer["nextPageToken"] = token_after(shown[-1]["newest"], shown[-1]["thread"])
    return answer | {"resultSizeEstimate": FALSE_ESTIMATE if len(rows) > limit else len(shown)}


def _thread(context: Context, thread: int) -> Json:
    row = context.db.execute(
        "SELECT snippet, (SELECT max(history) FROM message WHERE mailbox = ?1 AND thread = ?2) AS h"
        " FROM message WHERE mailbox = ?1 AND thread = ?2 ORDER BY internal_date DESC LIMIT 1",
        (context.mailbox, thread),
    ).fetchone()
    return {"id": hex_id(thread), "snippet": row["snippet"], "historyId": str(int(row["h"]))}


def _conditions(context: Context) -> list[Condition]:
    labels = context.query.get("labelIds", [])
    query = context.text("q")
    found = [Condition("mailbox = ?", (context.mailbox,))]
    found += [Condition("instr(labels, ?) > 0", (f" {label} ",)) for label in labels]
    if query:
        found += _search(context, query)
    if not context.flag("includeSpamTrash"):
        hidden = {"SPAM", "TRASH"} - {*labels} - _named_places(query)
        found += [Condition("instr(labels, ?) = 0", (f" {label} ",)) for label in sorted(hidden)]
    return found


def _search(context: Context, query: str) -> list[Condition]:
    if context.scopes & {METADATA} and len(context.scopes & _READING) == BROAD_SCOPES_COUNT:
        raise ApiError(403, "Metadata scope does not support 'q' parameter", "forbidden")
    now = context.world.clock.now()
    sql, values = compiled(query, context.mailbox, now=now)
    fault = context.world.faults.take([FaultKind.SEARCH_LAG], Occasion(user=context.mailbox))
    lag = fault.number("seconds", 300) if fault else context.world.search_lag.total_seconds()
    indexed_until = context.world.clock.now_ms() - int(lag * 1000)
    return [Condition(sql, tuple(values)), Condition("filed_at <= ?", (indexed_until,))]


_READING = frozenset(
    {
        METADATA,
        "https://mail.google.com/",
        "https://www.googleapis.com/auth/gmail.modify",
        "https://www.googleapis.com/auth/gmail.readonly",
    }
)


def _named_places(query: str) -> set[str]:
    """Spam and bin are searched when they are asked for by name."""
    lower = query.lower()
    if "in:anywhere" in lower:
        return {"SPAM", "TRASH"}
    return {place.upper() for place in ("spam", "trash") if f"in:{place}" in lower}


def _joined(conditions: Sequence[Condition]) -> str:
    return " AND ".join(f"({one.sql})" for one in conditions)


def _values(conditions: Sequence[Condition]) -> list[object]:
    return [value for one in conditions for value in one.values]


def _is_unordered(context: Context) -> bool:
    return bool(
        context.world.faults.take([FaultKind.LIST_UNORDERED], Occasion(user=context.mailbox))
    )
