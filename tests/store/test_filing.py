"""Mail becomes rows once, and finds its conversation in whatever order it comes."""

import itertools
import re
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

import psycopg
import pytest
from sqlalchemy import select

from backend.domain.ids import MailboxId, WorkspaceId
from backend.domain.incoming import Where
from backend.domain.mail.message import FetchedMessage
from backend.google.parsing import from_gmail_payload
from backend.queries.conversations.messages import texts_of
from backend.services.capture import capture
from backend.store.capture_facts import BY_INDEX, FACTS, FILED
from backend.store.filing import EVERYTHING
from backend.store.models import Message
from backend.store.sealing import KeyedHash
from backend.store.session import Store
from tests.support.databases import Database
from tests.support.round_trips import counted

WORKSPACE = WorkspaceId(1)
SCANNED = re.compile(r"Seq Scan on (\w+)")
UNCONDITIONED = re.compile(r"Index Scan[^\n]*\n(?! *Index Cond)[^\n]*")
"""An index that is read from end to end."""

SMALL = {
    "team_members",
    "mailboxes",
    "mailbox_aliases",
    "internal_domains",
    "policies",
    "never_log",
}
NOW = datetime(2026, 1, 7, 8, 0, tzinfo=UTC)
GROUND = """
INSERT INTO workspaces (id, name, created_at) VALUES (1, 'Ours', now());
INSERT INTO team_members (workspace_id, id, email, email_key, name, role, time_zone,
  created_at)
  SELECT 1, n, k || '@ours.example', k || '@ours.example', k, 'member', 'UTC', now()
  FROM (VALUES (1, 'robin'), (2, 'kim')) AS t (n, k);
INSERT INTO mailboxes (workspace_id, id, owner_id, kind, email, email_key, display_name, state,
  created_at)
  SELECT 1, id, id, 'personal', email, email, name, 'live', now() FROM team_members;
INSERT INTO contacts (workspace_id, id, name, created_at, created_via)
  VALUES (1, 1, 'Dana', '2020-01-01', 'seed'), (1, 2, 'Lee', '2020-01-01', 'seed'),
         (1, 3, 'Forms', '2020-01-01', 'seed');
INSERT INTO contact_addresses (workspace_id, contact_id, key, address, is_primary)
  SELECT 1, n, a, a, true FROM (VALUES (1, 'dana@northwind.example'), (2, 'lee@else.example'),
                                       (3, 'forms@site.example')) AS t (n, a);
"""


@dataclass(frozen=True)
class Files:
    """A workspace with two mailboxes, one contact and no mail."""

    store: Store
    url: str

    def take(self, mailbox: int, *mails: FetchedMessage) -> None:
        where = Where(
            workspace_id=WORKSPACE,
            mailbox_id=MailboxId(mailbox),
            path="live",
            now=NOW,
            hashed=partial(KeyedHash(lambda: b"k" * 32).of, WORKSPACE),
        )
        with self.store.begin(WORKSPACE) as session:
            capture(session, where, mails)

    def rows(self, query: str) -> list[tuple[object, ...]]:
        with psycopg.connect(self.url) as connection:
            return connection.execute(query).fetchall()

    def counts(self) -> tuple[object, ...]:
        tables = ("messages", "message_copies", "conversations", "participants", "decisions")
        return tuple(self.rows(f"SELECT count(*) FROM {name}")[0][0] for name in tables)


@pytest.fixture
def files(database: Database) -> Iterator[Files]:
    with psycopg.connect(database.super_url) as connection:
        connection.execute(GROUND)
    store = Store.connect(database.app_url)
    yield Files(store, database.super_url)
    store.dispose()


def mail(
    gmail_id: str,
    rfc_id: str,
    *cites: str,
    thread: str = "",
    labels: Sequence[str] = ("INBOX",),
    days_later: int = 0,
    sender: str = "Dana <dana@northwind.example>",
    to: str = "robin@ours.example, kim@ours.example",
    **more: str,
) -> FetchedMessage:
    headers = {
        "From": sender,
        "To": to,
        "Subject": "Renewal",
        "Date": "Tue, 06 Jan 2026 10:00:00 +0000",
        "Message-ID": f"<{rfc_id}>",
        "References": " ".join(f"<{one}>" for one in cites),
        **{name.replace("_", "-"): value for name, value in more.items()},
    }
    return from_gmail_payload(
        {
            "id": gmail_id,
            "threadId": thread or gmail_id,
            "labelIds": list(labels),
            "internalDate": str(1767700000000 + days_later * 86_400_000),
            "payload": {
                "mimeType": "text/plain",
                "headers": [{"name": n, "value": v} for n, v in headers.items() if v],
                "body": {"size": 5, "data": "SGVsbG8"},
            },
        }
    )


def test_the_same_mail_of_two_mailboxes_is_one_message_with_two_copies(files: Files) -> None:
    files.take(1, mail("a1", "m1@x"))
    files.take(2, mail("b1", "m1@x"))
    assert files.counts() == (1, 2, 1, 3, 2)
    assert files.rows("SELECT message_count FROM conversations") == [(1,)]


def test_a_repetition_changes_nothing(files: Files) -> None:
    batch = [mail("a1", "m1@x"), mail("a2", "m2@x", "m1@x")]
    files.take(1, *batch)
    before = files.counts()
    for _ in range(2):
        files.take(1, *batch)
    files.take(1, mail("a1", "m1@x"), mail("a1", "m1@x"))
    assert files.counts() == before == (2, 2, 1, 6, 2)
    assert files.rows("SELECT message_count FROM conversations") == [(2,)]


def test_own_words_that_are_the_whole_text_are_kept_once(files: Files) -> None:
    files.take(1, mail("a1", "m1@x"))
    assert files.rows("SELECT text, reply_text FROM message_bodies") == [("Hello", None)]
    with files.store.begin(WORKSPACE) as session:
        (said,) = texts_of(
            session, [row[0] for row in session.execute(select(Message.id))]
        ).values()
    assert said.reply_text == "Hello"


@pytest.mark.contract("V-4", "H-43")
def test_gmails_thread_joins_what_cites_nothing_and_a_subject_does_not(files: Files) -> None:
    files.take(1, mail("a1", "m1@x", thread="t"))
    files.take(1, mail("a2", "m2@x", thread="t"))
    assert files.counts()[2] == 1
    files.take(2, mail("b3", "m3@x", thread="t"))  # the id means nothing in another mailbox
    assert files.counts()[2] == 2


CHAIN = (
    (1, mail("a1", "m1@x")),
    (2, mail("b2", "m2@x", "m1@x")),
    (1, mail("a3", "m3@x", "m1@x", "m2@x")),
    (2, mail("b4", "m4@x", "m3@x")),
)


def test_a_chain_over_two_mailboxes_is_one_conversation_in_any_order(
    files: Files, database: Database
) -> None:
    for order in itertools.permutations(CHAIN):
        for mailbox, one in order:
            files.take(mailbox, one)
        found = files.rows("SELECT message_count FROM conversations")
        assert found == [(4,)], [one.gmail_id for _, one in order]
        with psycopg.connect(database.super_url) as connection:
            connection.execute("DELETE FROM conversations; DELETE FROM decisions")


def test_a_mail_that_ties_two_conversations_merges_them(files: Files) -> None:
    files.take(1, mail("a1", "m1@x"))
    files.take(2, mail("b2", "m2@x"))
    assert files.counts()[2] == 2
    files.take(1, mail("a3", "m3@x", "m1@x", "m2@x"))
    assert files.rows("SELECT message_count FROM conversations") == [(3,)]
    assert files.rows("SELECT count(*) FROM conversation_contacts") == [(1,)]
    assert files.rows("SELECT count(DISTINCT conversation_id) FROM thread_ids") == [(1,)]


def test_what_stood_with_the_absorbed_conversation_stands_with_the_other(
    files: Files, database: Database
) -> None:
    files.take(1, mail("a1", "m1@x"))
    files.take(2, mail("b2", "m2@x", days_later=9))
    with psycopg.connect(database.super_url) as connection:
        connection.execute(
            "UPDATE conversations SET visibility = 'metadata', visibility_set_by = 2 "
            "WHERE id = (SELECT max(id) FROM conversations)"
        )
        connection.execute(
            "INSERT INTO notes (workspace_id, author_id, contact_id, conversation_id, text, "
            "written_at) SELECT 1, 1, 1, max(id), 'Note', now() FROM conversations"
        )
    files.take(1, mail("a3", "m3@x", "m1@x", "m2@x", days_later=1))
    assert files.rows(
        "SELECT v.visibility, v.visibility_set_by, k.last_message_at = v.last_message_at, n.text "
        "FROM conversations v JOIN conversation_contacts k ON k.conversation_id = v.id "
        "JOIN notes n ON n.conversation_id = v.id"
    ) == [("metadata", 2, True, "Note")]


def test_a_merge_within_one_batch_loses_nothing(files: Files) -> None:
    files.take(1, mail("a1", "m1@x"), mail("a2", "m2@x"), mail("a3", "m3@x", "m1@x", "m2@x"))
    assert files.rows("SELECT message_count FROM conversations") == [(3,)]


def test_a_mail_nobody_has_joins_those_who_cite_it(files: Files) -> None:
    files.take(1, mail("a2", "m2@x", "ghost@x"))
    files.take(2, mail("b3", "m3@x", "ghost@x"))
    assert files.counts()[2] == 1
    files.take(2, mail("b1", "ghost@x"))
    assert files.rows("SELECT message_count FROM conversations") == [(3,)]


LEE = "lee@else.example"
FORMS = "Website <forms@site.example>"


def grouped(files: Files) -> list[list[object]]:
    """The Gmail ids of each conversation, the oldest first."""
    return [
        list(row[0])  # type: ignore[call-overload]
        for row in files.rows(
            "SELECT array_agg(c.gmail_id ORDER BY c.gmail_id) FROM messages m"
            " JOIN message_copies c ON c.message_id = m.id"
            " GROUP BY m.conversation_id ORDER BY m.conversation_id"
        )
    ]


def test_a_message_id_that_other_content_has_ties_nothing(files: Files) -> None:
    printed = [
        mail("a1", "1@printer", thread="t1"),
        mail("a2", "1@printer", thread="t2", days_later=1, Date="Wed, 07 Jan 2026 10:00:00 +0000"),
        mail("a3", "1@printer", thread="t3", sender=LEE),
    ]
    for one in printed:
        files.take(1, one)
    assert grouped(files) == [["a1"], ["a2"], ["a3"]]
    files.take(1, mail("a4", "m4@x", "1@printer", sender="robin@ours.example", to=LEE))
    files.take(1, mail("a5", "m5@x", "1@printer"))  # two mails of Dana's could be meant
    files.take(1, *printed)
    assert grouped(files) == [["a1"], ["a2"], ["a3", "a4"], ["a5"]]


@pytest.mark.parametrize("order", [1, -1])
def test_an_id_does_not_bring_two_customers_together(files: Files, order: int) -> None:
    batch = [
        mail("a1", "m1@x", "robin@ours.example", "ghost@x", thread="t1"),
        mail("a2", "m2@x", "robin@ours.example", "ghost@x", thread="t2", sender=LEE),
        mail("a3", "m3@x", "m1@x", thread="t3", sender="robin@ours.example", to=LEE),
        mail("a4", "m4@x", "m1@x", "m3@x", thread="t4", sender=LEE),
        mail("a5", "m5@x", "m1@x", thread="t5"),
    ]
    for one in batch[::order]:
        files.take(1, one)
    assert sorted(grouped(files)) == [["a1", "a5"], ["a2"], ["a3", "a4"]]


def test_two_customers_in_one_thread_of_gmails_are_two_conversations(files: Files) -> None:
    files.take(1, mail("a1", "m1@x", thread="t"), mail("a2", "m2@x", thread="t", sender=LEE))
    files.take(1, mail("a3", "m3@x", thread="t"), mail("a4", "m4@x", thread="t", sender=LEE))
    assert grouped(files) == [["a1", "a3"], ["a2", "a4"]]
    files.take(1, mail("a5", "m5@x", thread="t", Cc=LEE))  # both are on it: it is one matter
    assert grouped(files) == [["a1", "a2", "a3", "a4", "a5"]]
    assert files.rows("SELECT count(*) FROM gmail_threads") == [(1,)]


def test_visitors_of_a_contact_form_do_not_meet(files: Files) -> None:
    for number, visitor in enumerate((LEE, "dana@northwind.example", LEE)):
        cites = ("form@site.example", "m0@x")
        files.take(
            1,
            mail(f"a{number}", f"m{number}@x", *cites, thread="t", sender=FORMS, Reply_To=visitor),
        )
    assert grouped(files) == [["a0", "a2"], ["a1"]]


def test_hundreds_of_ids_are_read_like_a_few(files: Files) -> None:
    files.take(1, mail("a1", "m7@x"))
    files.take(1, mail("a2", "n@x", *(f"m{number}@x" for number in range(600))))
    assert grouped(files) == [["a1", "a2"]]


def test_filing_at_the_same_time_starts_one_conversation(files: Files) -> None:
    pairs = [(1, mail("a1", "m1@x")), (2, mail("b1", "m1@x")), (2, mail("b2", "m2@x", "m1@x"))] * 3
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda pair: files.take(pair[0], pair[1]), pairs))
    assert files.counts()[:3] == (2, 3, 1)
    assert files.rows("SELECT message_count FROM conversations") == [(2,)]


def test_a_batch_is_filed_in_five_round_trips_however_large_it_is(files: Files) -> None:
    files.take(1, mail("a0", "m0@x"))  # connects
    for size in (1, 25):
        batch = [mail(f"a{size}{n}", f"m{size}{n}@x", f"m{size}{n - 1}@x") for n in range(size)]
        with counted() as sent:
            files.take(1, *batch)
        assert sent.round_trips <= 5  # begin, ask, lock and look, write, commit
        assert len(sent.statements) <= 6 + size, sent.statements  # the bodies travel one by one
    assert files.counts()[0] == 27


def test_a_plan_made_on_empty_tables_is_good_on_full_ones(files: Files, database: Database) -> None:
    statements = {"facts": FACTS, "filed": FILED, "write": EVERYTHING}
    with psycopg.connect(files.url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")  # tells the planner that there is nothing
    with psycopg.connect(database.app_url) as connection:
        psycopg.RawCursor(connection).execute(BY_INDEX.sql)
        connection.execute("SET LOCAL plan_cache_mode = force_generic_plan")
        for name, statement in statements.items():
            given = ["{}" if name != "write" else "[]"] * len(statement.names)
            asked = psycopg.RawCursor(connection).execute(b"EXPLAIN " + statement.sql, given)
            plan = "\n".join(line for (line,) in asked)
            assert set(SCANNED.findall(plan)) <= SMALL, (name, plan)
            if name == "filed":
                assert UNCONDITIONED.findall(plan) == [], plan
