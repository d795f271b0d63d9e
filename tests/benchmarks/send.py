"""How many messages one process claims, renders, posts and records in a second (goal line P7).

Run: python -m tests.benchmarks.send [mails]. Real Postgres and Valkey, and a stand-in for Gmail in
its own process. Each message leaves from another mailbox, since two of one mailbox are a minute
apart; so each costs a whole job. The floor is the same interpreter building the same message and
posting it with http.client over one connection: nothing claimed, nothing recorded. Goal: at least
half the floor, and 150 a second.
"""

import http.client
import json
import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from multiprocessing import get_context
from multiprocessing.connection import Connection
from time import perf_counter, process_time
from urllib.parse import urlsplit

import psycopg
import structlog

from backend.deps import Deps
from backend.domain.ids import MailboxId, WorkspaceId
from backend.local.postgres import DATABASE
from backend.services import sending
from backend.settings import Settings
from backend.store.migrations import upgrade
from backend.store.sealing import Sealer
from backend.wiring import build_deps, build_redis
from tests.support.company import KEY, hurried
from tests.support.servers import running_postgres, running_valkey

TEXT = "A line of a mail that somebody wrote with care.\n" * 400  # 20 KB, as in the peers' figures
ROUNDS = 3
TENANT = WorkspaceId(1)
SEEN = 100
"""Mails that left each mailbox in the last day."""

LOAD = """
INSERT INTO workspaces (id, name, created_at, gmail_enabled_at)
  VALUES (1, 'Bench', now(), now());
INSERT INTO team_members (id, workspace_id, email, email_key, name, role, time_zone, daily_limit,
    signature_html, created_at)
  SELECT i, 1, 'm' || i || '@ours.example', 'm' || i || '@ours.example', 'Member ' || i, 'member',
    'Europe/Berlin', 250, '<p>Kind regards</p>', now()
  FROM generate_series(1, {mails}) i;
INSERT INTO sending_windows (workspace_id, member_id, days, starts, ends)
  SELECT 1, i, '{{1,2,3,4,5,6,7}}', '00:00', '00:00' FROM generate_series(1, {mails}) i
"""
MAIL = """
INSERT INTO departures (workspace_id, mailbox_id, gmail_id, left_at)
  SELECT 1, i, 'd' || n, now() - interval '2 hours' - n * interval '10 minutes'
  FROM generate_series(1, {mails}) i, generate_series(1, {seen}) n;
INSERT INTO pending_messages (id, workspace_id, mailbox_id, author_id, kind, urgency, state,
    subject, body_text, "to", due_at, not_before, created_at)
  SELECT gen_random_uuid(), 1, i, i, 'one_to_one', 'scheduled', 'scheduled', 'Renewal', '{text}',
    '[{{"name": "Dana", "address": "dana@a.example", "key": "dana@a.example"}}]',
    now(), now(), now() FROM generate_series(1, {mails}) i;
ANALYZE
"""
MAILBOX = """
INSERT INTO mailboxes (id, workspace_id, owner_id, kind, email, email_key, display_name, state,
    scopes, sealed_token, cursor, created_at, connected_at)
  VALUES (%(id)s, 1, %(id)s, 'personal', %(email)s, %(email)s, 'Member', 'live',
    '{https://www.googleapis.com/auth/gmail.send}', %(token)s, 1000, now(), now())
"""


class Sink(BaseHTTPRequestHandler):
    """Takes every POST; a token or the ids of a sent mail is the answer."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    numbers = count(1)

    def do_POST(self) -> None:
        """Read it whole, answer at once."""
        self.rfile.read(int(self.headers["Content-Length"]))
        number = f"{next(self.numbers):016x}"
        answer = {"access_token": "a", "expires_in": 3600, "id": number, "threadId": number}
        body = json.dumps(answer).encode()
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
        self.wfile.write(f"{head}\r\n\r\n".encode() + body)


def serve(told: Connection) -> None:
    """The stand-in's process."""
    ThreadingHTTPServer.request_queue_size = 128
    server = ThreadingHTTPServer(("127.0.0.1", 0), Sink)
    told.send(server.server_address[1])
    server.serve_forever()


@dataclass(frozen=True)
class Figures:
    """Mails a second, and processor time of this process a mail."""

    rate: float
    cpu_ms: float

    def __str__(self) -> str:
        return f"{self.rate:6.0f}/s {self.cpu_ms:5.1f} ms CPU"


def timed(work: Callable[[], None], mails: int) -> Figures:
    """Do it once."""
    start, cpu = perf_counter(), process_time()
    work()
    return Figures(mails / (perf_counter() - start), (process_time() - cpu) * 1000 / mails)


@dataclass(frozen=True)
class Bench:
    """What a round needs."""

    deps: Deps
    owner_url: str
    gmail: str
    mails: int

    def load(self) -> None:
        """Every mailbox with one due mail, as if just written."""
        sealer = Sealer([KEY])
        boxes = [
            {
                "id": number,
                "email": f"m{number}@ours.example",
                "token": sealer.seal("r", context=f"mailbox-token:{number}", nonce=b"n" * 12),
            }
            for number in range(1, self.mails + 1)
        ]
        numbers = {"mails": self.mails, "seen": SEEN, "text": TEXT}
        with psycopg.connect(self.owner_url) as connection:
            connection.execute("TRUNCATE workspaces CASCADE")
            connection.execute(LOAD.format_map(numbers).encode())
            connection.cursor().executemany(MAILBOX, boxes)
            connection.execute(MAIL.format_map(numbers).encode())

    def ours(self) -> Figures:
        """From due to recorded."""
        self.load()
        for number in range(1, self.mails + 1):  # access tokens last an hour and are kept
            self.deps.google.cache.credentials(MailboxId(number), "r")
        figures = timed(self.send_all, self.mails)
        with psycopg.connect(self.owner_url) as connection:
            query = "SELECT count(*) FROM pending_messages WHERE state = 'sent'"
            sent = (connection.execute(query).fetchone() or (0,))[0]
        assert sent == self.mails, f"{sent} of {self.mails} were sent"
        return figures

    def send_all(self) -> None:
        """One job for each mailbox."""
        for number in range(1, self.mails + 1):
            sending.send_mailbox(self.deps, TENANT, MailboxId(number))

    def floor(self) -> Figures:
        """Building and posting alone."""
        return timed(self.post_all, self.mails)

    def post_all(self) -> None:
        """The same mail over one connection that stays open."""
        line = http.client.HTTPConnection(str(urlsplit(self.gmail).netloc))
        for _ in range(self.mails):
            mail = EmailMessage()
            mail["From"], mail["To"] = "Member <m1@ours.example>", "Dana <dana@a.example>"
            mail["Subject"] = "Renewal"
            mail.set_content(TEXT)
            mail.add_alternative(f"<p>{TEXT}</p>", subtype="html")
            line.request("POST", "/upload/gmail/v1/users/me/messages/send", mail.as_bytes())
            json.loads(line.getresponse().read())
        line.close()


@contextmanager
def running_sink() -> Iterator[str]:
    """The stand-in's address."""
    context = get_context("fork")
    hears, tells = context.Pipe(duplex=False)
    process = context.Process(target=serve, args=(tells,), daemon=True)
    process.start()
    try:
        yield f"http://127.0.0.1:{hears.recv()}"
    finally:
        process.kill()
        process.join()


@contextmanager
def opened(mails: int) -> Iterator[Bench]:
    """Servers and the product's way to them."""
    with running_sink() as gmail, running_postgres() as postgres, running_valkey() as valkey:
        upgrade(postgres.owner_url())
        settings = Settings.from_environment(
            {
                "RAPPORT_DATABASE_URL": postgres.app_url(),
                "RAPPORT_REDIS_URL": valkey.url,
                "RAPPORT_PUBLIC_URL": "http://127.0.0.1",
                "RAPPORT_SECRET_KEYS": KEY,
                "RAPPORT_GOOGLE_ROOT": gmail,
                "RAPPORT_GOOGLE_CLIENT_ID": "client",
                "RAPPORT_GOOGLE_CLIENT_SECRET": "secret",
            }
        )
        deps = hurried(build_deps(settings), build_redis(settings))
        yield Bench(deps, postgres.superuser_url(DATABASE), gmail, mails)
        deps.store.dispose()


def main(mails: int) -> None:
    """Print one line for each round."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    print(f"python {sys.version.split()[0]}, {mails} mailboxes with one mail of 20 KB each")
    with opened(mails) as bench:
        for _ in range(ROUNDS):
            floor, ours = bench.floor(), bench.ours()
            print(f"floor {floor}   ours {ours}   {ours.rate / floor.rate:4.2f} x floor")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 300)
