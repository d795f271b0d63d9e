"""The statements that close a tenant's table to every other tenant, used by the migrations.

The owner of the tables is bound by the policies too (FORCE); the application's role has no way
round them. `GLOBAL_READ` tables may also be read by `Store.begin_global`.
"""

APP_ROLE = "rapport_app"
TENANT_IS_MINE = "workspace_id = nullif(current_setting('rapport.workspace_id', true), '')::bigint"
WORKSPACE_IS_MINE = "id = nullif(current_setting('rapport.workspace_id', true), '')::bigint"
SCOPE_IS_GLOBAL = "current_setting('rapport.scope', true) = 'global'"

GLOBAL_READ = frozenset(
    {"workspaces", "team_members", "mailboxes", "pending_messages", "to_fetch", "import_runs"}
    | {"invitations", "internal_domains", "capture_addresses", "inbound_mails"}
    | {"customer_lists", "setup_runs"}
)
"""Looked up or scanned before a tenant is known: who signs in and where, whose mailbox and whose
Smart BCC address it is, what is due.
"""


def close_table(table: str, condition: str = TENANT_IS_MINE) -> list[str]:
    """Switch row-level security on for `table`, for its owner as well."""
    statements = [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY tenant ON {table} USING ({condition}) WITH CHECK ({condition})",
    ]
    if table in GLOBAL_READ:
        statements.append(f"CREATE POLICY scan ON {table} FOR SELECT USING ({SCOPE_IS_GLOBAL})")
    return statements


def allow_app(table: str) -> list[str]:
    """Let web and workers read and write `table`, within its policies."""
    return to_app(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {APP_ROLE}")


def allow_reading(table: str) -> list[str]:
    """Let web and workers read `table`, such as the mark of the newest migration."""
    return to_app(f"GRANT SELECT ON {table} TO {APP_ROLE}")


def allow_sequences() -> list[str]:
    """Let web and workers draw new ids from sequences."""
    return to_app(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {APP_ROLE}")


def to_app(grant: str) -> list[str]:
    """A grant that is skipped where the application's role does not exist."""
    role_is_there = f"EXISTS (SELECT FROM pg_roles WHERE rolname = '{APP_ROLE}')"
    return [f"DO $$ BEGIN IF {role_is_there} THEN {grant}; END IF; END $$"]
