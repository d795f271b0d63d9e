"""States that only a fault can cause, written past every rule: processes that are killed or stopped
for minutes, a mailbox another process took, history of Gmail that we were never notified of, an
older database.

Everything else a test begins with is reached by services and edges. A function here says what
happened; what it writes is what such an event leaves behind.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import psycopg

from backend.domain.ids import MailboxId, PendingId
from backend.store import mailboxes
from backend.store.outbox.looking import look
from tests.support.company import Company


def killed_while_sending(company: Company, pending_id: PendingId, *, lease_until: datetime) -> None:
    """The worker was killed between handing the message to Gmail and reading the answer: the row is
    `sending` until the dead worker's lease ends.
    """
    _write(
        company,
        "UPDATE pending_messages SET state = 'sending', lease_until = %s WHERE id = %s",
        *(lease_until, pending_id),
    )


def killed_while_listing(company: Company, *, since: str | None) -> None:
    """The worker was killed after the first page of an import's list, and Gmail has forgotten the
    place in the list that it noted.
    """
    _write(
        company,
        "UPDATE import_runs SET page_token = 'forgotten', listed = 2, scanned = 2, since = %s",
        since,
    )


def killed_by_a_message(company: Company, times: int) -> None:
    """So many workers ended at the message that was set aside, with the whole process."""
    _write(company, "UPDATE quarantine SET attempts = %s", times)


def sender_was_stopped(company: Company, mailbox_id: MailboxId) -> None:
    """The process that sends was stopped for so long that another took the mailbox from it."""
    key, much_later = company.key(mailbox_id), company.deps.now() + timedelta(hours=1)
    look(company.deps.store, *key, owner="another", now=much_later)


def reader_was_stopped(company: Company, mailbox_id: MailboxId, *, given_back: bool) -> None:
    """The process that reads was stopped for so long that another took the mailbox from it, and has
    it still or is done.
    """
    workspace_id, _ = company.key(mailbox_id)
    much_later = company.deps.now() + timedelta(hours=1)
    with company.deps.store.begin(workspace_id) as session:
        assert mailboxes.take_lease(session, mailbox_id, "another", much_later)
        if given_back:
            mailboxes.give_lease_back(session, mailbox_id, "another")


def history_was_silent(company: Company, mailbox_id: MailboxId) -> None:
    """Gmail's history left out all that happened up to now, and our cursor went past it."""
    email = company.value("SELECT email FROM mailboxes WHERE id = %s", mailbox_id)
    newest = int(company.gmail(email).get("profile")["historyId"])
    _write(company, "UPDATE mailboxes SET cursor = %s WHERE id = %s", newest, mailbox_id)


def time_passed_for_readers(company: Company, span: timedelta) -> None:
    """The machine's clock was set ahead under processes that read mail. They have a clock of their
    own, so what they took was taken so much longer ago instead.
    """
    _write(company, "UPDATE to_fetch SET not_before = not_before - %s", span)
    _write(company, "UPDATE import_runs SET lease_until = lease_until - %s", span)
    _write(company, "UPDATE mailboxes SET lease_until = lease_until - %s", span)


def time_passed_for_senders(company: Company, span: timedelta) -> None:
    """The same under processes that send. Mail in doubt waits until `look_at_doubt`."""
    _write(company, "UPDATE departures SET left_at = left_at - %s", span)
    _write(
        company,
        "UPDATE pending_messages SET attempted_at = attempted_at - %s, lease_until = 'infinity'"
        " WHERE state = 'unknown'",
        span,
    )


def look_at_doubt(company: Company, pending_id: PendingId) -> None:
    """The machine's clock reached the moment at which a mail in doubt is looked for."""
    _write(company, "UPDATE pending_messages SET lease_until = now() WHERE id = %s", pending_id)


@contextmanager
def table_is_away(company: Company, table: str) -> Iterator[None]:
    """A table of the database is missing: an error that no rule foresees."""
    _write(company, f"ALTER TABLE {table} RENAME TO {table}_away")
    try:
        yield
    finally:
        _write(company, f"ALTER TABLE {table}_away RENAME TO {table}")


@contextmanager
def subject_is_refused(company: Company, subject: str) -> Iterator[None]:
    """The database refuses to store mail with this subject."""
    _write(
        company,
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$BEGIN IF NEW.subject = '{subject}' THEN RAISE 'no'; END IF; RETURN NEW; END$$",
    )
    trigger = "BEFORE INSERT ON messages FOR EACH ROW EXECUTE FUNCTION refuse()"
    _write(company, f"CREATE TRIGGER refuse {trigger}")
    try:
        yield
    finally:
        _write(company, "DROP TRIGGER refuse ON messages")
        _write(company, "DROP FUNCTION refuse")


@contextmanager
def older_database(company: Company) -> Iterator[None]:
    """The database was migrated by an older version of the product."""
    with psycopg.connect(company.database.super_url, autocommit=True) as connection:
        newest = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        connection.execute("UPDATE alembic_version SET version_num = '0000'")
        try:
            yield
        finally:
            connection.execute("UPDATE alembic_version SET version_num = %s", newest)


def _write(company: Company, statement: str, *values: object) -> None:
    company.database.connection.execute(statement.encode(), values or None)
