"""Planning and claiming in Postgres, beside the least that SQL can do (goal line P8).

Run: python -m tests.benchmarks.outbox [rounds]. 200 mailboxes with 500 waiting mails each, windows
and limits. The floor of planning is one UPDATE that gives every mail a moment a minute after the
one before, with no rule; ours keeps the forecasts of those that leave next (PLANNED_AHEAD), the
rest is foreseen when somebody looks. Mails of one mailbox lie a minute apart, so nothing is ever
claimed by fifties; what takes its place is the sweep that finds whose mail is due, beside a claim
of 50 rows by SKIP LOCKED. Goal: at most twice the floor; all within 4.7 s, one mailbox within 32
ms, a claim within 2.6 ms.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from time import perf_counter

from sqlalchemy import text

from backend.clock import utc_now
from backend.domain.ids import MailboxId, WorkspaceId
from backend.local.postgres import DATABASE
from backend.services.planning import replan
from backend.store.migrations import upgrade
from backend.store.pending import mailboxes_with_due_mail
from backend.store.session import Store
from tests.support.servers import running_postgres

MAILBOXES, LETTERS = 200, 500
TENANT = WorkspaceId(1)

LOAD = f"""
INSERT INTO workspaces (id, name, created_at, gmail_enabled_at)
  VALUES (1, 'Bench', now(), now());
INSERT INTO team_members (id, workspace_id, email, email_key, name, role, time_zone,
    created_at)
  SELECT i, 1, 'm' || i || '@a.example', 'm' || i || '@a.example', 'M', 'member',
    (ARRAY['Europe/Berlin', 'America/New_York', 'Asia/Tokyo', 'Asia/Kolkata'])[1 + i % 4],
    now()
  FROM generate_series(1, {MAILBOXES}) i;
INSERT INTO sending_windows (workspace_id, member_id, days, starts, ends)
  SELECT 1, i, '{{1,2,3,4,5}}', '09:00', '17:00' FROM generate_series(1, {MAILBOXES}) i;
INSERT INTO mailboxes (id, workspace_id, owner_id, kind, email, email_key, display_name, state,
    scopes, sealed_token, created_at)
  SELECT i, 1, i, 'personal', 'm' || i || '@a.example', 'm' || i || '@a.example', 'M', 'live',
    '{{https://www.googleapis.com/auth/gmail.send}}', 'x', now()
  FROM generate_series(1, {MAILBOXES}) i;
INSERT INTO departures (workspace_id, mailbox_id, gmail_id, left_at)
  SELECT 1, i, 'd' || n, now() - n * interval '14 minutes'
  FROM generate_series(1, {MAILBOXES}) i, generate_series(1, 50) n;
INSERT INTO pending_messages (id, workspace_id, mailbox_id, author_id, kind, urgency, state,
    subject, body_text, "to", due_at, not_before, created_at)
  SELECT gen_random_uuid(), 1, i, i, (ARRAY['one_to_one', 'automated', 'bulk'])[1 + n % 3],
    'scheduled', 'scheduled', 'Renewal', repeat('A line of a mail. ', 60),
    '[{{"name": "D", "address": "d@b.example", "key": "d@b.example"}}]', at, at, now()
  FROM generate_series(1, {MAILBOXES}) i, generate_series(1, {LETTERS}) n,
    LATERAL (SELECT now() + (n * 7919 % {LETTERS}) * interval '10 minutes' AS at) due;
"""
FORGET = "UPDATE pending_messages SET forecast_at = NULL, reason = NULL, reason_details = '{}'"
ONE = " WHERE mailbox_id = 1"
PLAN_FLOOR = """
UPDATE pending_messages p SET forecast_at = planned.at, reason = 'spacing'
  FROM (SELECT id, now() + row_number() OVER (PARTITION BY mailbox_id ORDER BY due_at, id)
               * interval '1 minute' AS at
          FROM pending_messages WHERE state = 'scheduled' {where}) AS planned
 WHERE p.id = planned.id
"""
CLAIM_FLOOR = """
UPDATE pending_messages SET state = 'sending', attempts = attempts + 1, attempted_at = now()
 WHERE id IN (SELECT id FROM pending_messages WHERE state = 'scheduled' AND mailbox_id = 1
               ORDER BY not_before LIMIT 50 FOR UPDATE SKIP LOCKED)
RETURNING id, subject, body_text
"""


@dataclass(frozen=True)
class Bench:
    """A loaded database and two ways to it: as the product, and past row security."""

    store: Store
    owner: Store

    def run(self, statement: str) -> None:
        """One statement of the floor, with its commit."""
        with self.owner.begin(TENANT) as session:
            session.execute(text(statement)).close()

    def plan(self, mailboxes: range) -> None:
        """Replan mailboxes, each in a transaction of its own, as jobs do."""
        for number in mailboxes:
            with self.store.begin(TENANT) as session:
                replan(session, MailboxId(number), utc_now())


def seconds(work: Callable[[], None], before: Callable[[], None], rounds: int) -> float:
    """The median time of `work`, after what makes it necessary again."""
    times = []
    for _ in range(rounds):
        before()
        start = perf_counter()
        work()
        times.append(perf_counter() - start)
    return median(times)


def main(rounds: int) -> None:
    """Print one line for each case."""
    print(f"python {sys.version.split()[0]}, {rounds} rounds, medians; {MAILBOXES} x {LETTERS}")
    with running_postgres() as postgres:
        upgrade(postgres.owner_url())
        bench = Bench(
            Store.connect(postgres.app_url()), Store.connect(postgres.superuser_url(DATABASE))
        )
        for statement in LOAD.strip().split(";\n"):
            bench.run(statement)
        report(bench, "plan all", rounds, everything=True)
        report(bench, "replan one mailbox", rounds * 5, everything=False)
        report_sweep(bench, rounds * 5)
        bench.store.dispose()
        bench.owner.dispose()


def report_sweep(bench: Bench, rounds: int) -> None:
    """Finding whose mail is due, beside a claim of 50 rows."""

    def undo() -> None:
        bench.run("UPDATE pending_messages SET state = 'scheduled' WHERE state = 'sending'")

    def sweep() -> None:
        with bench.store.begin_global() as session:
            assert len(mailboxes_with_due_mail(session, utc_now())) == MAILBOXES

    floor = seconds(lambda: bench.run(CLAIM_FLOOR), undo, rounds)
    show("sweep / claim of 50", floor, seconds(sweep, undo, rounds))


def show(name: str, floor: float, ours: float) -> None:
    """One line."""
    print(
        f"{name:20} floor {floor * 1e3:8.1f} ms   ours {ours * 1e3:8.1f} ms ({ours / floor:.1f} x)"
    )


def report(bench: Bench, name: str, rounds: int, *, everything: bool) -> None:
    """One case beside its floor."""
    where = "" if everything else ONE
    chosen = range(1, MAILBOXES + 1 if everything else 2)
    floor_statement = PLAN_FLOOR.format(where="" if everything else "AND mailbox_id = 1")
    floor = seconds(lambda: bench.run(floor_statement), lambda: bench.run(FORGET + where), rounds)
    ours = seconds(lambda: bench.plan(chosen), lambda: bench.run(FORGET + where), rounds)
    show(name, floor, ours)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
