"""The plain import loop: parse Gmail's JSON, match by SQL `any()`, COPY. No rule, no second look.

It keeps the same text and HTML as the product, and nothing of strangers.
"""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import getaddresses
from typing import Any

import orjson
import psycopg

BATCH = 25
TABLES = """
CREATE TABLE floor_messages (
  gmail_id text PRIMARY KEY, thread_id text, rfc_id text, subject text, sender text,
  received_ms bigint, body text, html text);
CREATE INDEX ON floor_messages (thread_id);
CREATE INDEX ON floor_messages (rfc_id);
CREATE TABLE floor_links (contact_id bigint, gmail_id text, PRIMARY KEY (contact_id, gmail_id));
CREATE INDEX ON floor_links (gmail_id);
"""


@dataclass(frozen=True)
class Plain:
    """One mail as the floor sees it."""

    row: tuple[object, ...]
    keys: tuple[str, ...]


def run(connection: psycopg.Connection, payloads: Sequence[bytes]) -> None:
    """Import everything, a transaction a batch."""
    for start in range(0, len(payloads), BATCH):
        batch = [read(payload) for payload in payloads[start : start + BATCH]]
        keys = sorted({key for one in batch for key in one.keys})
        query = "SELECT key, contact_id FROM contact_addresses WHERE key = any(%s)"
        known: dict[str, int] = dict(connection.execute(query, [keys]).fetchall())
        kept = [one for one in batch if any(key in known for key in one.keys)]
        with connection.cursor().copy("COPY floor_messages FROM STDIN") as copy:
            for one in kept:
                copy.write_row(one.row)
        with connection.cursor().copy("COPY floor_links FROM STDIN") as copy:
            for one in kept:
                for contact_id in {known[key] for key in one.keys if key in known}:
                    copy.write_row((contact_id, one.row[0]))
        connection.commit()


def read(payload: bytes) -> Plain:
    """The fields, read in the simplest way."""
    told = orjson.loads(payload)
    headers = {item["name"]: item["value"] for item in told["payload"]["headers"]}
    people = getaddresses([headers["From"], headers["To"]])
    text, html = (decoded(part) for part in told["payload"]["parts"])
    row = (
        *(told["id"], told["threadId"], headers["Message-ID"], headers["Subject"]),
        *(headers["From"], int(told["internalDate"]), text, html),
    )
    return Plain(row, tuple(address.lower() for _, address in people))


def decoded(part: dict[str, Any]) -> str:
    """The text of one part."""
    data = part["body"]["data"]
    return base64.urlsafe_b64decode(data + "=" * (-len(data) % 4)).decode()
