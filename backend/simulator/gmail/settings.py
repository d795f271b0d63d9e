"""Profile and settings: who the mailbox is, what it may send as, whether it is away."""

import json

from backend.simulator.gmail.call import Json
from backend.simulator.gmail.context import Context
from backend.simulator.gmail.errors import bad_request, not_found
from backend.simulator.mail import sendas


def get_profile(context: Context) -> Json:
    counts = context.db.execute(
        "SELECT count(*) AS messages, count(DISTINCT thread) AS threads FROM message"
        " WHERE mailbox = ?",
        (context.mailbox,),
    ).fetchone()
    person = context.db.execute(
        "SELECT history FROM person WHERE email = ?", (context.mailbox,)
    ).fetchone()
    return {
        "emailAddress": context.mailbox,
        "messagesTotal": counts["messages"],
        "threadsTotal": counts["threads"],
        "historyId": str(int(person["history"])),
    }


def list_send_as(context: Context) -> Json:
    return {"sendAs": sendas.listed(context.db, context.mailbox)}


def get_send_as(context: Context) -> Json:
    wanted = context.params["sendAsEmail"].lower()
    for one in sendas.listed(context.db, context.mailbox):
        if str(one["sendAsEmail"]).lower() == wanted:
            return one
    raise not_found()


def update_send_as(context: Context) -> Json:
    """Update and patch alike: name, reply address and signature of an address already there."""
    former = get_send_as(context)
    changed = {
        name: context.body[name]
        for name in ("displayName", "replyToAddress", "signature")
        if name in context.body
    }
    sendas.store(context.db, context.mailbox, former | changed)
    return former | changed


def get_vacation(context: Context) -> Json:
    row = context.db.execute(
        "SELECT body FROM vacation WHERE mailbox = ?", (context.mailbox,)
    ).fetchone()
    stored: Json = {"enableAutoReply": False} if row is None else json.loads(row["body"])
    return stored


def update_vacation(context: Context) -> Json:
    if not isinstance(context.body.get("enableAutoReply", False), bool):
        raise bad_request("Invalid value at 'vacation_settings.enable_auto_reply'")
    context.db.execute(
        "INSERT INTO vacation VALUES (?,?) ON CONFLICT DO UPDATE SET body = excluded.body",
        (context.mailbox, json.dumps(context.body)),
    )
    return context.body
