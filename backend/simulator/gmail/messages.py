"""Single messages: get, change labels, bin, delete, read a file."""

import base64
from collections.abc import Iterable

from backend.simulator.gmail.call import Json
from backend.simulator.gmail.context import Context
from backend.simulator.gmail.errors import bad_request
from backend.simulator.gmail.views import brief, message_text, requested_format
from backend.simulator.mail import mailbox
from backend.simulator.mail.labels import NOT_APPLICABLE, SYSTEM_LABELS
from backend.simulator.mail.payload import attachment

MOST_IDS = 1000
MOST_LABELS = 100


def get(context: Context) -> str:
    form = requested_format(context)
    return message_text(context, context.message().id, form)


def modify(context: Context) -> Json:
    add, remove = label_changes(context)
    changed = context.world.mailroom.relabel(context.db, context.message(), add=add, remove=remove)
    return brief(changed)


def batch_modify(context: Context) -> None:
    add, remove = label_changes(context)
    for message in _named(context):
        context.world.mailroom.relabel(context.db, message, add=add, remove=remove)


def trash(context: Context) -> Json:
    changed = context.world.mailroom.relabel(
        context.db, context.message(), add=["TRASH"], remove=["INBOX"]
    )
    return brief(changed)


def untrash(context: Context) -> Json:
    changed = context.world.mailroom.relabel(
        context.db, context.message(), add=[], remove=["TRASH"]
    )
    return brief(changed)


def delete(context: Context) -> None:
    context.world.mailroom.delete(context.db, context.message())


def batch_delete(context: Context) -> None:
    for message in _named(context):
        context.world.mailroom.delete(context.db, message)


def get_attachment(context: Context) -> Json:
    message = context.message("messageId")
    content = attachment(mailbox.raw_of(context.db, message.id), context.params["id"])
    if content is None:
        raise bad_request("Invalid attachment token")
    return {"size": len(content), "data": base64.urlsafe_b64encode(content).decode()}


def label_changes(context: Context) -> tuple[list[str], list[str]]:
    """The labels to add and to remove, refused when one is unknown or not ours to apply."""
    add, remove = context.strings("addLabelIds"), context.strings("removeLabelIds")
    if max(len(add), len(remove)) > MOST_LABELS:
        raise bad_request("Too many labels")
    known = known_labels(context)
    for label in (*add, *remove):
        if label not in known:
            raise bad_request(f"Invalid label: {label}")
        if label in NOT_APPLICABLE:
            raise bad_request(f"Invalid label: {label}")
    return add, remove


def known_labels(context: Context) -> set[str]:
    rows = context.db.execute("SELECT id FROM label WHERE mailbox = ?", (context.mailbox,))
    return {*SYSTEM_LABELS, *(row["id"] for row in rows)}


def _named(context: Context) -> Iterable[mailbox.Filed]:
    """The messages of a batch. One that is not there fails nothing."""
    names = context.strings("ids")
    if not names:
        raise bad_request("No message ids specified")
    if len(names) > MOST_IDS:
        raise bad_request("Too many message ids")
    for name in names:
        found = mailbox.find(context.db, context.mailbox, context.ident(name))
        if found is not None:
            yield found
