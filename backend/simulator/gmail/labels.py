"""Labels: those of the system and a person's own, whose names are unique."""

import json

from backend.simulator.gmail.call import Json
from backend.simulator.gmail.context import Context
from backend.simulator.gmail.errors import ApiError, bad_request, not_found
from backend.simulator.mail.ids import next_serial
from backend.simulator.mail.labels import SYSTEM_LABELS, unpacked
from backend.simulator.mail.mailbox import Filed

HIDDEN = frozenset({"CHAT", "DRAFT", "SPAM", "TRASH"})


def list_(context: Context) -> Json:
    system: list[Json] = [_system(name) for name in SYSTEM_LABELS]
    rows = context.db.execute(
        "SELECT body FROM label WHERE mailbox = ? ORDER BY name", (context.mailbox,)
    )
    own: list[Json] = [json.loads(row["body"]) for row in rows]
    return {"labels": [*system, *own]}


def get(context: Context) -> Json:
    label = _look_up(context)
    return label | _counts(context, str(label["id"]))


def create(context: Context) -> Json:
    name = _free_name(context, but=None)
    number = next_serial(context.db, f"label {context.mailbox}")
    label = {"id": f"Label_{number}", "type": "user", **_chosen(context), "name": name}
    context.db.execute(
        "INSERT INTO label VALUES (?,?,?,?)",
        (context.mailbox, label["id"], name, json.dumps(label)),
    )
    return label


def update(context: Context) -> Json:
    """Update and patch alike: what is left out stays."""
    former = _own(context)
    ident = str(former["id"])
    name = _free_name(context, but=ident) if "name" in context.body else str(former["name"])
    label: Json = {**former, **_chosen(context), "name": name}
    context.db.execute(
        "UPDATE label SET name = ?, body = ? WHERE mailbox = ? AND id = ?",
        (name, json.dumps(label), context.mailbox, ident),
    )
    return label


def delete(context: Context) -> None:
    ident = str(_own(context)["id"])
    rows = context.db.execute(
        "SELECT id, thread, labels FROM message WHERE mailbox = ? AND instr(labels, ?) > 0",
        (context.mailbox, f" {ident} "),
    ).fetchall()
    for row in rows:
        labels = tuple(unpacked(row["labels"]))
        message = Filed(context.mailbox, row["id"], row["thread"], labels)
        context.world.mailroom.relabel(context.db, message, add=[], remove=[ident])
    context.db.execute("DELETE FROM label WHERE mailbox = ? AND id = ?", (context.mailbox, ident))


def _look_up(context: Context) -> Json:
    ident = context.params["id"]
    if ident in SYSTEM_LABELS:
        return _system(ident)
    row = context.db.execute(
        "SELECT body FROM label WHERE mailbox = ? AND id = ?", (context.mailbox, ident)
    ).fetchone()
    if row is None:
        raise not_found()
    stored: Json = json.loads(row["body"])
    return stored


def _own(context: Context) -> Json:
    label = _look_up(context)
    if label["type"] == "system":
        raise bad_request("Invalid update request")
    return label


def _system(name: str) -> Json:
    label: Json = {"id": name, "name": name, "type": "system"}
    if name in HIDDEN:
        label |= {"messageListVisibility": "hide", "labelListVisibility": "labelHide"}
    return label


def _chosen(context: Context) -> Json:
    wanted = ("messageListVisibility", "labelListVisibility", "color")
    return {name: context.body[name] for name in wanted if name in context.body}


def _free_name(context: Context, *, but: str | None) -> str:
    name = context.body.get("name")
    if not isinstance(name, str) or not name.strip():
        raise bad_request("Invalid label name")
    taken = context.db.execute(
        "SELECT id FROM label WHERE mailbox = ? AND lower(name) = lower(?)",
        (context.mailbox, name),
    ).fetchone()
    if name.upper() in SYSTEM_LABELS or (taken is not None and taken["id"] != but):
        raise ApiError(409, "Label name exists or conflicts", "aborted")
    return name


def _counts(context: Context, ident: str) -> Json:
    row = context.db.execute(
        "SELECT count(*) AS messages, count(DISTINCT thread) AS threads,"
        " sum(instr(labels, ' UNREAD ') > 0) AS unread,"
        " count(DISTINCT CASE WHEN instr(labels, ' UNREAD ') > 0 THEN thread END) AS unread_threads"
        " FROM message WHERE mailbox = ? AND instr(labels, ?) > 0",
        (context.mailbox, f" {ident} "),
    ).fetchone()
    return {
        "messagesTotal": row["messages"],
        "messagesUnread": row["unread"] or 0,
        "threadsTotal": row["threads"],
        "threadsUnread": row["unread_threads"],
    }
