"""Drafts: the draft's id stays, its message is a new one after each save; sending uses it up."""

import secrets
import sqlite3

from backend.simulator.gmail.call import Json
from backend.simulator.gmail.context import Context
from backend.simulator.gmail.errors import bad_request, not_found
from backend.simulator.gmail.incoming import raw_of_request, requested_thread, send_raw
from backend.simulator.gmail.paging import place_of, token_after
from backend.simulator.gmail.views import brief, message_text, requested_format
from backend.simulator.mail import mailbox, threading
from backend.simulator.mail.digest import digest
from backend.simulator.mail.ids import hex_id
from backend.simulator.mail.mailbox import Filed, Filing

MOST_RESULTS = 500


def list_(context: Context) -> Json:
    limit = context.number("maxResults", 100, most=MOST_RESULTS)
    date, ident = place_of(context.text("pageToken"))
    rows = context.db.execute(
        "SELECT draft.id AS draft, message.id, thread, internal_date FROM draft"
        " JOIN message ON message.id = draft.message"
        " WHERE draft.mailbox = ? AND (internal_date, message.id) < (?, ?)"
        " ORDER BY internal_date DESC, message.id DESC LIMIT ?",
        (context.mailbox, date, ident, limit + 1),
    ).fetchall()
    shown = rows[:limit]
    answer: Json = {"resultSizeEstimate": len(shown)}
    if shown:
        answer["drafts"] = [_listed(row) for row in shown]
    if len(rows) > limit:
        answer["nextPageToken"] = token_after(shown[-1]["internal_date"], shown[-1]["id"])
    return answer


def get(context: Context) -> str:
    form = requested_format(context)
    ident = context.params["id"]
    text = message_text(context, _draft(context, ident).id, form)
    return f'{{"id": "{ident}", "message": {text}}}'


def create(context: Context) -> Json:
    ident = f"r{secrets.randbits(62)}"
    filed = _file(context)
    context.db.execute("INSERT INTO draft VALUES (?,?,?)", (context.mailbox, ident, filed.id))
    return {"id": ident, "message": brief(filed)}


def update(context: Context) -> Json:
    """As each autosave does: a new message is added, the former one deleted."""
    ident = context.params["id"]
    former = _draft(context, ident)
    filed = _file(context)
    context.world.mailroom.delete(context.db, former)
    context.db.execute(
        "UPDATE draft SET message = ? WHERE mailbox = ? AND id = ?",
        (filed.id, context.mailbox, ident),
    )
    return {"id": ident, "message": brief(filed)}


def delete(context: Context) -> None:
    ident = context.params["id"]
    _remove(context, ident, _draft(context, ident))


def send(context: Context) -> Json:
    """Send the stored draft, or what the request carries in its place. A second time it is gone."""
    ident = context.body.get("id")
    if not isinstance(ident, str) or not ident:
        raise bad_request("Missing draft id")
    draft = _draft(context, ident)
    replacement = context.body.get("message")
    if (isinstance(replacement, dict) and replacement.get("raw")) or context.media is not None:
        raw = raw_of_request(context, _message_body(context))
    else:
        raw = mailbox.raw_of(context.db, draft.id)
    sent = send_raw(context, raw, {"threadId": hex_id(draft.thread)})
    _remove(context, ident, draft)
    return sent


def _draft(context: Context, ident: str) -> Filed:
    row = context.db.execute(
        "SELECT message FROM draft WHERE mailbox = ? AND id = ?", (context.mailbox, ident)
    ).fetchone()
    found = None if row is None else mailbox.find(context.db, context.mailbox, row["message"])
    if found is None:
        raise not_found()
    return found


def _file(context: Context) -> Filed:
    body = _message_body(context)
    raw = raw_of_request(context, body)
    seen = digest(raw)
    thread = requested_thread(context, body)
    if thread is not None and not threading.fits(context.db, context.mailbox, seen, thread=thread):
        thread = None
    now = context.world.clock.now_ms()
    filing = Filing(context.mailbox, ("DRAFT",), now, now, thread)
    return context.world.mailroom.file(context.db, raw, seen, filing)


def _message_body(context: Context) -> Json:
    message = context.body.get("message", {})
    if not isinstance(message, dict):
        raise bad_request("Invalid value at 'draft.message'")
    return message


def _remove(context: Context, ident: str, draft: Filed) -> None:
    context.world.mailroom.delete(context.db, draft)
    context.db.execute("DELETE FROM draft WHERE mailbox = ? AND id = ?", (context.mailbox, ident))


def _listed(row: sqlite3.Row) -> Json:
    message = {"id": hex_id(row["id"]), "threadId": hex_id(row["thread"])}
    return {"id": row["draft"], "message": message}
