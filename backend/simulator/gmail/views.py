"""A message in each of Gmail's formats, as JSON text: payloads are cached in that form."""

import base64
import json
import sqlite3

from backend.simulator.gmail.call import Json
from backend.simulator.gmail.context import Context
from backend.simulator.gmail.errors import ApiError, bad_request
from backend.simulator.gmail.scopes import READS_BODIES
from backend.simulator.mail.ids import hex_id
from backend.simulator.mail.labels import unpacked
from backend.simulator.mail.mailbox import Filed, raw_of
from backend.simulator.mail.payload import headers_only

FORMATS = frozenset({"minimal", "metadata", "full", "raw"})
ROW = "SELECT id, thread, labels, snippet, size, history, internal_date FROM message WHERE id = ?"


def requested_format(context: Context) -> str:
    """The format asked for, refused when the token may not see bodies."""
    wanted = context.text("format", "full").lower()
    if wanted not in FORMATS:
        raise bad_request(f"Invalid value '{wanted}' for format")
    if wanted in {"full", "raw"} and not context.scopes & READS_BODIES:
        message = f"Metadata scope doesn't allow format {wanted.upper()}"
        raise ApiError(403, message, "forbidden")
    return wanted


def message_text(context: Context, ident: int, form: str) -> str:
    """The JSON text of a Message resource."""
    row = context.db.execute(ROW, (ident,)).fetchone()
    head = json.dumps(_minimal(row))
    match form:
        case "full":
            return f'{head[:-1]}, "payload": {context.world.payloads.full(ident)}}}'
        case "raw":
            raw = base64.urlsafe_b64encode(raw_of(context.db, ident)).decode()
            return f'{head[:-1]}, "raw": "{raw}"}}'
        case "metadata":
            wanted = frozenset(one.lower() for one in context.query.get("metadataHeaders", []))
            payload = json.dumps(headers_only(raw_of(context.db, ident), wanted))
            return f'{head[:-1]}, "payload": {payload}}}'
        case _:
            return head


def brief(message: Filed, *, labels: bool = True) -> Json:
    """What writes answer with: ids and labels."""
    answer: Json = {"id": hex_id(message.id), "threadId": hex_id(message.thread)}
    if labels and message.labels:
        answer["labelIds"] = list(message.labels)
    return answer


def _minimal(row: sqlite3.Row) -> Json:
    answer: Json = {"id": hex_id(row["id"]), "threadId": hex_id(row["thread"])}
    labels = unpacked(row["labels"])
    if labels:
        answer["labelIds"] = labels
    return answer | {
        "snippet": row["snippet"],
        "sizeEstimate": row["size"],
        "historyId": str(int(row["history"])),
        "internalDate": str(row["internal_date"]),
    }
