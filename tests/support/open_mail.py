"""The open email of a test, and what the database holds before and after somebody clicks."""

import itertools
from collections.abc import Mapping

from backend.google.open_message import NEEDED, OpenedMessage
from tests.support.company import DANA, KIM, ROBIN, Company

MACHINERY = {
    "alembic_version",
    "audit_log",
    "clicks",
    "decisions",
    "evidence",
    "installation_keys",
    "mailboxes",
    "oauth_attempts",
    "team_members",
}
"""Tables that tell of clicks and of who clicked, of mail only in codes and hashes, or that Gmail
called at all.
"""

_numbers = itertools.count()


def nonce() -> str:
    """A nonce of a freshly drawn button."""
    return f"drawn-{next(_numbers):06}:test"


def opened(company: Company, gmail_id: str, email: str = ROBIN, **more: object) -> OpenedMessage:
    """The mail as the event of this person's panel names it."""
    token = company.gmail(email).token
    given = {"scopes": frozenset(NEEDED.values()), **more}
    return OpenedMessage(
        gmail_id=gmail_id,
        thread_id=gmail_id,
        user_token=token,
        message_token=token,
        **given,  # type: ignore[arg-type]
    )


def mail_from_dana(company: Company, **mail: object) -> Mapping[str, str]:
    """A mail of a known contact to Robin and Kim: its Gmail id in each mailbox."""
    return copies(company, {"from": f"Dana Reyes <{DANA}>", "to": [ROBIN, KIM], **mail})


def copies(company: Company, mail: Mapping[str, object]) -> Mapping[str, str]:
    """A mail from outside: its Gmail id in each mailbox it reached."""
    written = {"subject": "Renewal", "text": "Let us talk about it next week.", **mail}
    answer = company.simulator.post("/simulator/mail", written).json()
    return {str(one["mailbox"]): str(one["id"]) for one in answer["copies"]}


def contents(company: Company) -> dict[str, list[str]]:
    """Every row of every table that says something of mail, contacts or accounts, as text."""
    tables = company.rows(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
    )
    return {
        table: sorted(row[0] for row in company.rows(f"SELECT to_jsonb(x)::text FROM {table} x"))
        for (table,) in tables
        if table not in MACHINERY
    }


def difference(before: dict[str, list[str]], after: dict[str, list[str]]) -> dict[str, list[str]]:
    """Rows that only one of the two has, by table."""
    found = {table: sorted(set(before[table]) ^ set(after[table])) for table in before}
    return {table: rows for table, rows in found.items() if rows}
