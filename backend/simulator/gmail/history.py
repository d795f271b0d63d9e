"""history.list: what changed since an id, in pages, and 404 for an id that is too old."""

import sqlite3

from backend.simulator.faults import FaultKind, Occasion
from backend.simulator.gmail.call import Json
from backend.simulator.gmail.context import Context
from backend.simulator.gmail.errors import bad_request, not_found
from backend.simulator.mail.ids import hex_id
from backend.simulator.mail.labels import unpacked
from backend.simulator.mail.mailbox import Change

MOST_RESULTS = 500
MEMBERS = {
    Change.ADDED: "messagesAdded",
    Change.DELETED: "messagesDeleted",
    Change.LABELLED: "labelsAdded",
    Change.UNLABELLED: "labelsRemoved",
}
AFTER_EMPTY = "e"  # marks the token handed out with a page that had no history in it


def list_(context: Context) -> Json:
    start = _start(context)
    now = _current(context)
    token = context.text("pageToken")
    if _shows_empty_page(context, token):
        return {"nextPageToken": f"{AFTER_EMPTY}{token}", "historyId": now}
    after = int(token.removeprefix(AFTER_EMPTY) or start) if _is_token(token) else start
    limit = context.number("maxResults", 100, most=MOST_RESULTS)
    rows = _rows(context, after, limit + 1)
    answer: Json = {"historyId": now}
    if rows:
        answer["history"] = [_record(row) for row in rows[:limit]]
    if len(rows) > limit:
        answer["nextPageToken"] = str(int(rows[limit - 1]["id"]))
    return answer


def _start(context: Context) -> int:
    """startHistoryId, refused when Gmail would no longer know it."""
    written = context.text("startHistoryId")
    if not written:
        raise bad_request("Missing required parameter: startHistoryId", "required")
    if not written.isdigit():
        raise bad_request("Invalid startHistoryId")
    row = context.db.execute(
        "SELECT history, history_floor FROM person WHERE email = ?", (context.mailbox,)
    ).fetchone()
    if not int(row["history_floor"]) <= int(written) <= int(row["history"]):
        raise not_found()
    return int(written)


def _current(context: Context) -> str:
    row = context.db.execute(
        "SELECT history FROM person WHERE email = ?", (context.mailbox,)
    ).fetchone()
    return str(int(row["history"]))


def _is_token(token: str) -> bool:
    bare = token.removeprefix(AFTER_EMPTY)
    if bare and not bare.isdigit():
        raise bad_request("Invalid pageToken")
    return bool(token)


def _shows_empty_page(context: Context, token: str) -> bool:
    if token.startswith(AFTER_EMPTY):
        return False
    here = Occasion(method="gmail.users.history.list", user=context.mailbox)
    return bool(context.world.faults.take([FaultKind.HISTORY_EMPTY_PAGES], here))


def _rows(context: Context, after: int, count: int) -> list[sqlite3.Row]:
    kinds = context.query.get("historyTypes", [])
    unknown = set(kinds) - set(Change)
    if unknown:
        raise bad_request(f"Invalid value for historyTypes: {unknown.pop()}")
    marks = ",".join("?" * len(kinds or Change))
    label = context.text("labelId")
    return context.db.execute(
        "SELECT * FROM history WHERE mailbox = ? AND id > ?"  # noqa: S608 - values are bound
        f" AND kind IN ({marks}) AND (? = '' OR instr(labels || delta, ?) > 0)"
        " ORDER BY id LIMIT ?",
        (
            *(context.mailbox, f"{after:020d}", *(kinds or list(Change))),
            *(label, f" {label} ", count),
        ),
    ).fetchall()


def _record(row: sqlite3.Row) -> Json:
    kind = Change(row["kind"])
    bare: Json = {"id": hex_id(row["message"]), "threadId": hex_id(row["thread"])}
    labels = unpacked(row["labels"])
    entry: Json = {"message": bare | ({"labelIds": labels} if labels else {})}
    if kind in {Change.LABELLED, Change.UNLABELLED}:
        entry["labelIds"] = unpacked(row["delta"])
    return {"id": str(int(row["id"])), "messages": [bare], MEMBERS[kind]: [entry]}
