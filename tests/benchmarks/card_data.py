"""A workspace as large as the goal lines ask for, written straight into Postgres.

Ours and the floor read the same rows. Times and texts are made up by Postgres itself, so that no
row travels; indexes are taken off meanwhile and built afterwards, and nothing checks each row.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg

MESSAGES_PER_CONVERSATION = 4
CONTACTS_PER_ACCOUNT = 10

STATEMENTS = (
    """INSERT INTO workspaces (id, name, created_at, gmail_enabled_at) VALUES (1, 'Bench', now(), now())""",
    """INSERT INTO internal_domains (workspace_id, domain) VALUES (1, 'ours.example')""",
    """INSERT INTO team_members (id, workspace_id, email, email_key, google_sub, name, role,
           time_zone, created_at)
       VALUES (1, 1, 'robin@ours.example', 'robin@ours.example', 'sub-robin', 'Robin Vale',
           'member', 'UTC', now())""",
    """INSERT INTO mailboxes (id, workspace_id, owner_id, kind, email, email_key, google_sub,
           display_name, state, created_at, connected_at)
       VALUES (1, 1, 1, 'personal', 'robin@ours.example', 'robin@ours.example', 'sub-robin',
           'Robin Vale', 'live', now(), now())""",
    """INSERT INTO accounts (id, workspace_id, name, domain, csm_id, plan, health, created_at,
           last_interaction_at)
       SELECT i, 1, 'Account ' || i, 'a' || i || '.example', 1, 'Growth', 50 + i %% 50,
           now() - interval '1 year', now() - (i %% 90) * interval '1 day'
       FROM generate_series(1, %(accounts)s) i""",
    """INSERT INTO contacts (id, workspace_id, name, title, created_at, created_via,
           last_interaction_at)
       SELECT i, 1, 'Contact ' || i, 'Manager', now() - interval '1 year', 'seed',
           now() - (i %% 90) * interval '1 day'
       FROM generate_series(1, %(contacts)s) i""",
    """INSERT INTO contact_addresses (contact_id, workspace_id, key, address, is_primary)
       SELECT i, 1, 'c' || i || '@a' || 1 + i %% %(accounts)s || '.example',
           'c' || i || '@a' || 1 + i %% %(accounts)s || '.example', true
       FROM generate_series(1, %(contacts)s) i""",
    """INSERT INTO account_contacts (account_id, contact_id, workspace_id)
       SELECT 1 + i %% %(accounts)s, i, 1 FROM generate_series(1, %(contacts)s) i""",
    """INSERT INTO conversations (id, workspace_id, subject, owner_contact_id, message_count,
           first_message_at, last_message_at, last_inbound_at)
       SELECT i, 1, 'About delivery number ' || i, 1 + i %% %(contacts)s, %(per)s,
           now() - (i %% 700) * interval '1 hour', now() - (i %% 600) * interval '1 hour',
           now() - (i %% 600) * interval '1 hour'
       FROM generate_series(1, %(conversations)s) i""",
    """INSERT INTO conversation_contacts (conversation_id, contact_id, workspace_id, last_message_at)
       SELECT i, 1 + i %% %(contacts)s, 1, now() - (i %% 600) * interval '1 hour'
       FROM generate_series(1, %(conversations)s) i""",
    """INSERT INTO conversation_accounts (conversation_id, account_id, workspace_id,
           because_address, because_role, last_message_at)
       SELECT i, 1 + (1 + i %% %(contacts)s) %% %(accounts)s, 1, 'c@a.example', 'from',
           now() - (i %% 600) * interval '1 hour'
       FROM generate_series(1, %(conversations)s) i""",
    """INSERT INTO messages (id, workspace_id, conversation_id, identity, rfc_id, subject,
           sender_name, sender_address, sent_at, outgoing, mail_kind, snippet, size, stored_at)
       SELECT i, 1, 1 + i %% %(conversations)s, int8send(i), 'm' || i || '@mail.example',
           'About delivery number ' || 1 + i %% %(conversations)s,
           'Contact', 'c' || 1 + (1 + i %% %(conversations)s) %% %(contacts)s || '@a.example',
           now() - (i %% 700) * interval '1 hour', i %% 2 = 0, 'human',
           'Thank you for the figures, we will look at them on Monday and come back to you then.',
           4000, now()
       FROM generate_series(1, %(messages)s) i""",
    """INSERT INTO message_copies (mailbox_id, gmail_id, workspace_id, message_id, thread_id, labels,
           internal_at)
       SELECT 1, to_hex(i), 1, i, to_hex(1 + i %% %(conversations)s), '{INBOX}', now()
       FROM generate_series(1, %(messages)s) i""",
    """INSERT INTO gmail_threads (mailbox_id, thread_id, conversation_id, workspace_id)
       SELECT 1, to_hex(i), i, 1 FROM generate_series(1, %(conversations)s) i""",
    """INSERT INTO participants (message_id, role, position, workspace_id, name, address, contact_id,
           member_id)
       SELECT i, 'from', 0, 1, 'Contact', 'c' || c || '@a' || 1 + c %% %(accounts)s || '.example', c, null
       FROM (SELECT i, 1 + (1 + i %% %(conversations)s) %% %(contacts)s c
             FROM generate_series(1, %(opened)s) i) one""",
    """INSERT INTO participants (message_id, role, position, workspace_id, name, address, contact_id,
           member_id)
       SELECT i, 'to', 0, 1, 'Robin Vale', 'robin@ours.example', null, 1
       FROM generate_series(1, %(opened)s) i""",
    """INSERT INTO log_entries (message_id, workspace_id, via, logged_at)
       SELECT i, 1, 'sync', now() FROM generate_series(1, %(opened)s) i""",
    """SELECT setval('contacts_id_seq', %(contacts)s + 1), setval('accounts_id_seq', %(accounts)s + 1),
           setval('messages_id_seq', %(messages)s + 1), setval('mailboxes_id_seq', 100),
           setval('conversations_id_seq', %(conversations)s + 1), setval('team_members_id_seq', 100)""",
)


@dataclass(frozen=True)
class Size:
    """How much of everything."""

    contacts: int
    messages: int
    opened: int = 20_000

    @property
    def numbers(self) -> dict[str, int]:
        """The parameters of the statements."""
        return {
            "contacts": self.contacts,
            "accounts": max(self.contacts // CONTACTS_PER_ACCOUNT, 1),
            "messages": self.messages,
            "conversations": max(self.messages // MESSAGES_PER_CONVERSATION, 1),
            "per": MESSAGES_PER_CONVERSATION,
            "opened": min(self.opened, self.messages),
            "pending": self.contacts // 2,
            "to_fetch": self.contacts // 2,
            "notes": self.contacts // 2,
        }


INDEXES = """
SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i
  JOIN pg_class c ON c.oid = i.indrelid
 WHERE c.relnamespace = 'public'::regnamespace
   AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid)
"""


def load(super_url: str, size: Size, statements: Sequence[str] = STATEMENTS) -> None:
    """Write the workspace and tell the planner about it. `super_url` is of our database."""
    with psycopg.connect(super_url, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")  # no foreign keys are checked
        connection.execute("SET maintenance_work_mem = '1GB'")
        with without_indexes(connection):
            for statement in statements:
                connection.execute(statement % size.numbers)
        connection.execute("VACUUM (ANALYZE)")


@contextmanager
def without_indexes(connection: psycopg.Connection) -> Iterator[None]:
    """Take off every index that no constraint needs, and build them again at the end."""
    indexes = connection.execute(INDEXES).fetchall()
    for name, _ in indexes:
        connection.execute(f"DROP INDEX {name}")
    yield
    for _, definition in indexes:
        connection.execute(definition)
