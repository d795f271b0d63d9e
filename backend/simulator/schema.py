"""The simulator's tables. History ids are 20-digit text: SQLite's integers hold no uint64."""

SCHEMA = """
CREATE TABLE IF NOT EXISTS person (
  email TEXT PRIMARY KEY, name TEXT NOT NULL, sub TEXT NOT NULL UNIQUE, role TEXT NOT NULL,
  title TEXT NOT NULL, history TEXT NOT NULL, history_floor TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS message (
  id INTEGER PRIMARY KEY, mailbox TEXT NOT NULL, thread INTEGER NOT NULL,
  internal_date INTEGER NOT NULL, filed_at INTEGER NOT NULL, labels TEXT NOT NULL,
  history TEXT NOT NULL, size INTEGER NOT NULL, snippet TEXT NOT NULL, rfc_id TEXT NOT NULL,
  subject TEXT NOT NULL, subject_key TEXT NOT NULL, from_text TEXT NOT NULL, to_text TEXT NOT NULL,
  cc_text TEXT NOT NULL, bcc_text TEXT NOT NULL, filenames TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS message_by_date ON message(mailbox, internal_date DESC, id DESC);
CREATE INDEX IF NOT EXISTS message_by_thread ON message(mailbox, thread);
CREATE INDEX IF NOT EXISTS message_by_rfc_id ON message(mailbox, rfc_id);
CREATE TABLE IF NOT EXISTS content (
  id INTEGER PRIMARY KEY, raw BLOB NOT NULL, body_text TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS label (
  mailbox TEXT NOT NULL, id TEXT NOT NULL, name TEXT NOT NULL, body TEXT NOT NULL,
  PRIMARY KEY (mailbox, id)
);
CREATE TABLE IF NOT EXISTS draft (
  mailbox TEXT NOT NULL, id TEXT NOT NULL, message INTEGER NOT NULL, PRIMARY KEY (mailbox, id)
);
CREATE TABLE IF NOT EXISTS history (
  mailbox TEXT NOT NULL, id TEXT NOT NULL, kind TEXT NOT NULL, message INTEGER NOT NULL,
  thread INTEGER NOT NULL, labels TEXT NOT NULL, delta TEXT NOT NULL, PRIMARY KEY (mailbox, id)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS watch (
  mailbox TEXT PRIMARY KEY, topic TEXT NOT NULL, expires_at INTEGER NOT NULL,
  labels TEXT NOT NULL, behaviour TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS send_as (
  mailbox TEXT NOT NULL, email TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (mailbox, email)
);
CREATE TABLE IF NOT EXISTS vacation (mailbox TEXT PRIMARY KEY, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS accepted_send (
  serial INTEGER PRIMARY KEY, send_id TEXT NOT NULL, mailbox TEXT NOT NULL,
  message INTEGER NOT NULL, rfc_id TEXT NOT NULL, recipients TEXT NOT NULL, sent_at INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS accepted_send_by_send_id ON accepted_send(send_id);
CREATE INDEX IF NOT EXISTS accepted_send_by_mailbox ON accepted_send(mailbox, sent_at);
CREATE TABLE IF NOT EXISTS relayed (
  id INTEGER PRIMARY KEY, raw BLOB NOT NULL, sender TEXT NOT NULL, recipient TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS archive (
  path TEXT NOT NULL, mailbox TEXT NOT NULL, size INTEGER NOT NULL, messages INTEGER NOT NULL,
  broken INTEGER NOT NULL, finished INTEGER NOT NULL, PRIMARY KEY (path, mailbox, size)
);
CREATE TABLE IF NOT EXISTS authorization_code (
  code TEXT PRIMARY KEY, email TEXT NOT NULL, client_id TEXT NOT NULL, scopes TEXT NOT NULL,
  redirect_uri TEXT NOT NULL, challenge TEXT NOT NULL, challenge_method TEXT NOT NULL,
  nonce TEXT NOT NULL, refreshable INTEGER NOT NULL, expires_at INTEGER NOT NULL,
  used INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS refresh_token (
  token TEXT PRIMARY KEY, email TEXT NOT NULL, client_id TEXT NOT NULL, scopes TEXT NOT NULL,
  revoked INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS access_token (
  token TEXT PRIMARY KEY, email TEXT NOT NULL, client_id TEXT NOT NULL, scopes TEXT NOT NULL,
  expires_at INTEGER NOT NULL, message INTEGER, revoked INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS consent (
  email TEXT NOT NULL, client_id TEXT NOT NULL, scopes TEXT NOT NULL,
  PRIMARY KEY (email, client_id)
);
"""

GRANT_TABLES = ("authorization_code", "refresh_token", "access_token", "consent")
