"""A workspace as large as the goal lines ask for, written straight into Postgres.

Ours and the floor read the same rows. Times and texts are made up by Postgres itself; loading
5 million messages takes some minutes.
"""

from dataclasses import dataclass

from sqlalchemy import Connection, create_engine, text

from backend.store.session import psycopg_url

MESSAGES_PER_CONVERSATION = 4
CONTACTS_PER_ACCOUNT = 10

STATEMENTS = (
    """INSERT INTO workspaces (id, name, created_at, gmail_enabled_at) VALUES (1, 'Bench', now(), now())""",
    """INSERT INTO internal_domains (workspace_id, domain) VALUES (1, 'ours.example')""",
    """INSERT INTO team_members (id, workspace_id, email, email_key, google_sub, name, role,
           time_zone, smart_bcc_token, created_at)
       VALUES (1, 1, 'robin@ours.example', 'robin@ours.example', 'sub-robin', 'Robin Vale',
           'member', 'UTC', 'token', now())""",
    """INSERT INTO mailboxes (id, workspace_id, owner_id, kind, email, email_key, google_sub,
           display_name, state, created_at, connected_at)
       VALUES (1, 1, 1, 'personal', 'robin@ours.example', 'robin@ours.example', 'sub-robin',
           'Robin Vale', 'live', now(), now())""",
    """INSERT INTO accounts (id, workspace_id, name, domain, csm_id, plan, health, created_at,
           last_interaction_at)
       SELECT i, 1, 'Account ' || i, 'a' || i || '.example', 1, 'Growth', 50 + i % 50,
           now() - interval '1 year', now() - (i % 90) * interval '1 day'
       FROM generate_series(1, :accounts) i""",
    """INSERT INTO contacts (id, workspace_id, name, title, created_at, created_via,
           last_interaction_at)
       SELECT i, 1, 'Contact ' || i, 'Manager', now() - interval '1 year', 'seed',
           now() - (i % 90) * interval '1 day'
       FROM generate_series(1, :contacts) i""",
    """INSERT INTO contact_addresses (contact_id, workspace_id, key, address, is_primary)
       SELECT i, 1, 'c' || i || '@a' || 1 + i % :accounts || '.example',
           'c' || i || '@a' || 1 + i % :accounts || '.example', true
       FROM generate_series(1, :contacts) i""",
    """INSERT INTO account_contacts (account_id, contact_id, workspace_id)
       SELECT 1 + i % :accounts, i, 1 FROM generate_series(1, :contacts) i""",
    """INSERT INTO conversations (id, workspace_id, subject, owner_contact_id, message_count,
           first_message_at, last_message_at, last_inbound_at)
       SELECT i, 1, 'About delivery number ' || i, 1 + i % :contacts, :per,
           now() - (i % 700) * interval '1 hour', now() - (i % 600) * interval '1 hour',
           now() - (i % 600) * interval '1 hour'
       FROM generate_series(1, :conversations) i""",
    """INSERT INTO conversation_contacts (conversation_id, contact_id, workspace_id, last_message_at)
       SELECT i, 1 + i % :contacts, 1, now() - (i % 600) * interval '1 hour'
       FROM generate_series(1, :conversations) i""",
    """INSERT INTO conversation_accounts (conversation_id, account_id, workspace_id,
           because_address, because_role, last_message_at)
       SELECT i, 1 + (1 + i % :contacts) % :accounts, 1, 'c@a.example', 'from',
           now() - (i % 600) * interval '1 hour'
       FROM generate_series(1, :conversations) i""",
    """INSERT INTO messages (id, workspace_id, conversation_id, identity, rfc_id, subject,
           sender_name, sender_address, sent_at, outgoing, mail_kind, snippet, size, stored_at)
       SELECT i, 1, 1 + i % :conversations, int8send(i), 'm' || i || '@mail.example',
           'About delivery number ' || 1 + i % :conversations,
           'Contact', 'c' || 1 + (1 + i % :conversations) % :contacts || '@a.example',
           now() - (i % 700) * interval '1 hour', i % 2 = 0, 'human',
           'Thank you for the figures, we will look at them on Monday and come back to you then.',
           4000, now()
       FROM generate_series(1, :messages) i""",
    """INSERT INTO message_copies (mailbox_id, gmail_id, workspace_id, message_id, thread_id, labels,
           internal_at)
       SELECT 1, to_hex(i), 1, i, to_hex(1 + i % :conversations), '{INBOX}', now()
       FROM generate_series(1, :opened) i""",
    """INSERT INTO participants (message_id, role, position, workspace_id, name, address, contact_id,
           member_id)
       SELECT i, 'from', 0, 1, 'Contact', 'c' || c || '@a' || 1 + c % :accounts || '.example', c, null
       FROM (SELECT i, 1 + (1 + i % :conversations) % :contacts c
             FROM generate_series(1, :opened) i) one""",
    """INSERT INTO participants (message_id, role, position, workspace_id, name, address, contact_id,
           member_id)
       SELECT i, 'to', 0, 1, 'Robin Vale', 'robin@ours.example', null, 1
       FROM generate_series(1, :opened) i""",
    """INSERT INTO log_entries (message_id, workspace_id, via, logged_at)
       SELECT i, 1, 'sync', now() FROM generate_series(1, :opened) i""",
    """SELECT setval('contacts_id_seq', :contacts + 1), setval('accounts_id_seq', :accounts + 1),
           setval('messages_id_seq', :messages + 1), setval('mailboxes_id_seq', 100),
           setval('conversations_id_seq', :conversations + 1), setval('team_members_id_seq', 100)""",
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
        }


def load(owner_url: str, size: Size) -> None:
    """Write the workspace and tell the planner about it."""
    engine = create_engine(psycopg_url(owner_url))
    with engine.begin() as connection:
        connection.execute(text("SELECT set_config('rapport.workspace_id', '1', true)"))
        for statement in STATEMENTS:
            run(connection, statement, size)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
    engine.dispose()


def run(connection: Connection, statement: str, size: Size) -> None:
    """One statement with the numbers it names."""
    connection.execute(
        text(statement), {n: v for n, v in size.numbers.items() if f":{n}" in statement}
    )
