"""Messages a second from fetched payload to committed rows, beside the plain import loop.

Run: python -m tests.benchmarks.ingest [rounds]. Goal lines P5 (at least 0.45 times the floor, 350
mails a second, 2.5 ms CPU a mail) and P10 (15 KB a mail with HTML, 1.3 times the floor's).
"""

import secrets
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from statistics import median
from time import perf_counter, process_time

import orjson
import psycopg
from sqlalchemy import text

from backend.domain.ids import MailboxId, WorkspaceId
from backend.domain.incoming import Where
from backend.google.parsing import from_gmail_payload
from backend.services.capture import capture
from backend.store.migrations import upgrade
from backend.store.sealing import KeyedHash
from backend.store.session import Store
from tests.benchmarks import ingest_floor
from tests.benchmarks.ingest_data import CONTACTS, OURS, contact, payloads
from tests.support.servers import running_postgres

BATCH, MAILS = 25, 1000
WORKSPACE, MAILBOX = WorkspaceId(1), MailboxId(1)
KEY = secrets.token_bytes(32)
OWN_TABLES = (
    "messages",
    "message_bodies",
    "message_copies",
    "participants",
    "attachments",
    "log_entries",
    "decisions",
    "left_out_people",
    "conversations",
    "conversation_contacts",
    "conversation_accounts",
    "gmail_threads",
    "thread_ids",
    "departures",
)
FLOOR_TABLES = ("floor_messages", "floor_links")


def ours(store: Store, given: Sequence[bytes]) -> None:
    """What a worker does between Gmail's answer and the commit."""
    hashed = partial(KeyedHash(lambda: KEY).of, WORKSPACE)
    for start in range(0, len(given), BATCH):
        fetched = [from_gmail_payload(orjson.loads(one)) for one in given[start : start + BATCH]]
        where = Where(
            workspace_id=WORKSPACE,
            mailbox_id=MAILBOX,
            path="import",
            now=datetime.now(UTC),
            hashed=hashed,
        )
        with store.begin(WORKSPACE) as session:
            capture(session, where, fetched)


def prepare(superuser: str) -> None:
    """A workspace with its contacts, and the floor's tables."""
    with psycopg.connect(superuser) as connection:
        connection.execute("INSERT INTO workspaces (id, name, created_at) VALUES (1, 'B', now())")
        connection.execute(
            "INSERT INTO team_members (workspace_id, id, email, email_key, name, role, time_zone,"
            " created_at) VALUES (1, 1, %(a)s, %(a)s, 'R', 'member', 'UTC', now())",
            {"a": OURS},
        )
        connection.execute(
            "INSERT INTO mailboxes (workspace_id, id, owner_id, kind, email, email_key,"
            " display_name, state, created_at)"
            " VALUES (1, 1, 1, 'personal', %(a)s, %(a)s, 'R', 'live', now())",
            {"a": OURS},
        )
        connection.execute(
            "INSERT INTO contacts (workspace_id, id, name, created_at, created_via)"
            " SELECT 1, n, 'Person ' || n, '2020-01-01', 'seed' FROM generate_series(1, %s) n",
            [CONTACTS],
        )
        with connection.cursor().copy(
            "COPY contact_addresses (workspace_id, contact_id, key, address, is_primary) FROM STDIN"
        ) as copy:
            for number in range(CONTACTS):
                copy.write_row((1, number + 1, contact(number), contact(number), True))
        connection.execute(ingest_floor.TABLES)
    with psycopg.connect(superuser, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")


def bytes_of(superuser: str, tables: Sequence[str]) -> int:
    """Disk taken by tables with their indexes and long values."""
    with psycopg.connect(superuser) as connection:
        query = "SELECT sum(pg_total_relation_size(name::regclass)) FROM unnest(%s::text[]) name"
        found = connection.execute(query, [list(tables)]).fetchone()
    return int(found[0]) if found else 0


def timed(work: Callable[[], None]) -> tuple[float, float]:
    """Seconds on the wall and seconds of this process's CPU."""
    wall, cpu = perf_counter(), process_time()
    work()
    return perf_counter() - wall, process_time() - cpu


def main(rounds: int) -> None:
    """Print P5 and P10."""
    with running_postgres() as server:
        upgrade(server.owner_url())
        superuser = server.superuser_url("rapport")
        prepare(superuser)
        store = Store.connect(server.app_url())
        measured: dict[str, list[tuple[float, float]]] = {"floor": [], "ours": []}
        sizes: list[int] = []
        with psycopg.connect(superuser) as connection:
            empty = {t: bytes_of(superuser, t) for t in (OWN_TABLES, FLOOR_TABLES)}
            for number in range(rounds + 1):  # the first round only warms up
                given = payloads(MAILS, number)
                sizes += map(len, given)
                floor = timed(lambda given=given: ingest_floor.run(connection, given))  # type: ignore[misc]
                own = timed(lambda given=given: ours(store, given))  # type: ignore[misc]
                if number:
                    measured["floor"].append(floor)
                    measured["ours"].append(own)
        report(measured, sum(sizes) / len(sizes))
        for name, tables in (("floor", FLOOR_TABLES), ("ours", OWN_TABLES)):
            grown = bytes_of(superuser, tables) - empty[tables]
            print(f"P10 {name:5} {grown / (MAILS * (rounds + 1)) / 1024:6.2f} KB a mail looked at")
        with store.begin(WORKSPACE) as session:
            kept = session.scalar(text("SELECT count(*) FROM messages"))
            print(f"kept {kept} of {MAILS * (rounds + 1)}")
        store.dispose()


def report(measured: dict[str, list[tuple[float, float]]], size: float) -> None:
    """Medians, and their ratio."""
    print(f"python {sys.version.split()[0]}, {MAILS} mails a round, {size / 1024:.0f} KB each")
    rates = {}
    for name, rounds in measured.items():
        rates[name] = MAILS / median(wall for wall, _ in rounds)
        cpu = median(cpu for _, cpu in rounds) * 1000 / MAILS
        print(f"P5  {name:5} {rates[name]:6.0f} mails/s   {cpu:5.2f} ms CPU a mail")
    print(f"P5  ours / floor {rates['ours'] / rates['floor']:.2f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
