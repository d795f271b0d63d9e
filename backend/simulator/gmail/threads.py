"""Threads: all messages in one answer, and changes to all of them at once."""

from backend.simulator.gmail.call import Json
from backend.simulator.gmail.context import Context
from backend.simulator.gmail.errors import not_found
from backend.simulator.gmail.messages import label_changes
from backend.simulator.gmail.views import brief, message_text, requested_format
from backend.simulator.mail.ids import hex_id
from backend.simulator.mail.mailbox import Filed, of_thread


def get(context: Context) -> str:
    form = requested_format(context)
    messages = _messages(context)
    row = context.db.execute(
        "SELECT max(history) AS newest FROM message WHERE mailbox = ? AND thread = ?",
        (context.mailbox, messages[0].thread),
    ).fetchone()
    texts = ", ".join(message_text(context, one.id, form) for one in messages)
    ident, history = hex_id(messages[0].thread), int(row["newest"])
    return f'{{"id": "{ident}", "historyId": "{history}", "messages": [{texts}]}}'


def modify(context: Context) -> Json:
    add, remove = label_changes(context)
    return _relabelled(context, add=add, remove=remove)


def trash(context: Context) -> Json:
    return _relabelled(context, add=["TRASH"], remove=["INBOX"])


def untrash(context: Context) -> Json:
    return _relabelled(context, add=[], remove=["TRASH"])


def delete(context: Context) -> None:
    for message in _messages(context):
        context.world.mailroom.delete(context.db, message)


def _relabelled(context: Context, *, add: list[str], remove: list[str]) -> Json:
    messages = _messages(context)
    changed = [
        context.world.mailroom.relabel(context.db, one, add=add, remove=remove) for one in messages
    ]
    return {"id": hex_id(messages[0].thread), "messages": [brief(one) for one in changed]}


def _messages(context: Context) -> list[Filed]:
    found = of_thread(context.db, context.mailbox, context.ident(context.params["id"]))
    if not found:
        raise not_found()
    return found
