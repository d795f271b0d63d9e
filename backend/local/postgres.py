"""An embedded PostgreSQL: made once, run in the foreground as our child.

Row-level security means nothing to a superuser nor to a table's owner, so there are two further
roles: one owns and migrates, the other is what web and workers connect as.
"""

import os
import shutil
import signal
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from backend.errors import RapportError
from backend.local.accounts import Account, make_private_folder, write_private_file
from backend.local.binaries import (
    PostgresBinaries,
    choose_postgres,
    postgres_candidates,
    reachable_postgres,
)
from backend.local.ports import LOOPBACK
from backend.local.process import Program

SUPERUSER, OWNER_ROLE, APP_ROLE = "postgres", "rapport_owner", "rapport_app"
DATABASE = "rapport"
BUILTIN_LOCALE_SINCE = 17  # PostgreSQL's own C.UTF-8, the same on every platform
SERVER_ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C"}

# A failing statement is not written to the log, nor the values it collided with: they are mail.
LOG_WITHOUT_CONTENT = ("log_min_error_statement=panic", "log_error_verbosity=terse")
FAST_AND_FORGETFUL = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


@dataclass(frozen=True, kw_only=True)
class PostgresServer:
    """One server: its folder, port and passwords. Without `durable`, a crash may lose the data."""

    root: Path
    port: int
    superuser_password: str = field(repr=False)
    owner_password: str = field(repr=False)
    app_password: str = field(repr=False)
    account: Account | None
    durable: bool = True

    @property
    def data(self) -> Path:
        """The data folder proper."""
        return self.root / "data"

    def superuser_url(self, database: str = "postgres") -> str:
        """For creating roles and databases. Not handed to any part of the product."""
        return self._url(SUPERUSER, self.superuser_password, database)

    def owner_url(self, database: str = DATABASE) -> str:
        """For migrations."""
        return self._url(OWNER_ROLE, self.owner_password, database)

    def app_url(self, database: str = DATABASE) -> str:
        """For web and workers: a role that row-level security holds."""
        return self._url(APP_ROLE, self.app_password, database)

    def _url(self, role: str, password: str, database: str) -> str:
        return f"postgresql://{role}:{quote(password, safe='')}@{LOOPBACK}:{self.port}/{database}"


def postgres_program(server: PostgresServer, *, log: Path) -> Program:
    """Make the data folder unless it is there, and say how to start the server on it."""
    make_private_folder(server.root, server.account)
    copies = server.root.parent
    wanted = choose_postgres(postgres_candidates(), data_major=_data_major(server.data))
    binaries = reachable_postgres(wanted, copies=copies, account=server.account)
    if not server.data.exists():
        _initialise(server, binaries)
    options = [
        f"listen_addresses={LOOPBACK}",
        "unix_socket_directories=",
        "max_connections=200",
        "timezone=UTC",
        "jit=off",  # our queries are short
        *LOG_WITHOUT_CONTENT,
        *(() if server.durable else FAST_AND_FORGETFUL),
    ]
    argv = [str(binaries.folder / "postgres"), "-D", str(server.data), "-p", str(server.port)]
    for option in options:
        argv += ["-c", option]
    return Program(
        name=f"PostgreSQL {binaries.version}",
        argv=tuple(argv),
        log=log,
        environment=SERVER_ENVIRONMENT,
        ready=lambda _pid: _answers(server.superuser_url()),
        account=server.account,
        address=f"{LOOPBACK}:{server.port}",
        stop_signal=signal.SIGINT,  # "fast" shutdown; SIGTERM would wait for every client
    )


def _data_major(data: Path) -> int | None:
    stamp = data / "PG_VERSION"
    return int(stamp.read_text(encoding="ascii")) if stamp.exists() else None


def _initialise(server: PostgresServer, binaries: PostgresBinaries) -> None:
    """Run initdb in a folder of its own and rename it, so that half a cluster is never used."""
    draft = server.root / "data.new"
    shutil.rmtree(draft, ignore_errors=True)
    password_file = server.root / "password"
    write_private_file(password_file, server.superuser_password, server.account)
    locale = ["--locale=C.UTF-8"]
    if binaries.major >= BUILTIN_LOCALE_SINCE:
        locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    account = server.account
    made = subprocess.run(
        [
            *(binaries.folder / "initdb", "-D", draft, "-U", SUPERUSER, "-E", "UTF8"),
            *("-A", "scram-sha-256", f"--pwfile={password_file}", "--no-instructions", *locale),
            *(() if server.durable else ("--no-sync",)),
        ],
        cwd="/",
        env=SERVER_ENVIRONMENT,
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
        capture_output=True,
        text=True,
        check=False,
    )
    password_file.unlink()
    if made.returncode != 0:
        raise RapportError(f"PostgreSQL could not make {server.data}: {made.stderr.strip()}")
    draft.rename(server.data)


def _answers(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def create_roles_and_database(server: PostgresServer, database: str = DATABASE) -> None:
    """Make the two roles and the owner's database unless they are there. May be repeated."""
    with psycopg.connect(server.superuser_url(), autocommit=True) as connection:
        _create_role(connection, OWNER_ROLE, server.owner_password)
        _create_role(connection, APP_ROLE, server.app_password)
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database])
        if known.fetchone() is None:
            names = {"database": sql.Identifier(database), "owner": sql.Identifier(OWNER_ROLE)}
            connection.execute(sql.SQL("CREATE DATABASE {database} OWNER {owner}").format(**names))


def _create_role(connection: psycopg.Connection, role: str, password: str) -> None:
    known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
    verb = sql.SQL("CREATE" if known is None else "ALTER")
    connection.execute(
        sql.SQL("{verb} ROLE {role} LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD {password}").format(
            verb=verb, role=sql.Identifier(role), password=sql.Literal(password)
        )
    )
