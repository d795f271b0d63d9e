"""Postgres and Valkey of one test run, in a folder that is gone afterwards."""

import fcntl
import json
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from backend.local.accounts import make_private_folder, server_account
from backend.local.ports import free_port
from backend.local.postgres import PostgresServer, create_roles_and_database, postgres_program
from backend.local.process import Child, Program
from backend.local.valkey import ValkeyServer, valkey_program

PASSWORDS = ("superuser_password", "owner_password", "app_password")


@dataclass(frozen=True)
class Servers:
    """Where the run's servers are. `owner_url` migrates, `app_url` is held by row security."""

    owner_url: str
    app_url: str
    redis_url: str


@contextmanager
def running(program: Program) -> Iterator[Child]:
    """A child that is ready, and stopped at the end."""
    child = Child(program)
    try:
        child.wait_until_ready()
        yield child
    finally:
        child.stop()


@contextmanager
def reachable_folder() -> Iterator[Path]:
    """A temporary folder that an account without privileges can pass through."""
    folder = Path(tempfile.mkdtemp(prefix="rapport-test-"))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def throwaway_postgres(folder: Path, *, durable: bool = False) -> PostgresServer:
    return PostgresServer(
        root=folder / "postgres",
        port=free_port(),
        superuser_password=secrets.token_urlsafe(),
        owner_password=secrets.token_urlsafe(),
        app_password=secrets.token_urlsafe(),
        account=server_account(),
        durable=durable,
    )


def throwaway_valkey(folder: Path) -> ValkeyServer:
    return ValkeyServer(
        root=folder / "valkey",
        port=free_port(),
        password=secrets.token_urlsafe(),
        account=server_account(),
        durable=False,
    )


@contextmanager
def running_postgres(*, durable: bool = False) -> Iterator[PostgresServer]:
    """A Postgres with our roles and an empty database; without fsync unless it is `durable`."""
    with reachable_folder() as folder:
        server = throwaway_postgres(folder, durable=durable)
        with running(postgres_program(server, log=folder / "postgres.log")):
            create_roles_and_database(server)
            yield server


@contextmanager
def migrated_postgres(run: Path, migrate: Callable[[str], None]) -> Iterator[PostgresServer]:
    """A server of our own with the product's tables. The first process of a run makes them and
    keeps a copy in the folder `run`, with which the others begin.
    """
    copy, told = run / "postgres", run / "postgres.json"
    with reachable_folder() as folder:
        server = throwaway_postgres(folder)
        with (run / "postgres.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if told.exists():
                server = replace(server, **json.loads(told.read_text()))
                make_private_folder(server.root, server.account)
                subprocess.run(["cp", "-a", copy, server.data], check=True)
            else:
                with running(postgres_program(server, log=folder / "first.log")):
                    create_roles_and_database(server)
                    migrate(server.owner_url())
                subprocess.run(["cp", "-a", server.data, copy], check=True)
                told.write_text(json.dumps({name: getattr(server, name) for name in PASSWORDS}))
        with running(postgres_program(server, log=folder / "postgres.log")):
            yield server


@contextmanager
def running_valkey() -> Iterator[ValkeyServer]:
    """A Valkey that writes nothing to disk."""
    with reachable_folder() as folder, ExitStack() as stack:
        server = throwaway_valkey(folder)
        stack.enter_context(running(valkey_program(server, log=folder / "valkey.log")))
        yield server
