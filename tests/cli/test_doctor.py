"""`rapport doctor` and `rapport migrate`, on a real database, and how errors end."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from backend.cli.database import require_role
from backend.cli.group import rapport
from backend.cli.outside import outside_world
from backend.errors import ConfigurationError
from backend.local.attach import forget_environment, publish_environment
from backend.local.data_dir import DataDir
from backend.local.postgres import PostgresServer
from backend.services import scheduler
from backend.settings import Settings
from tests.support.databases import Database, TestDatabases
from tests.support.simulator import Simulator

COMPLETE = {"RAPPORT_SECRET_KEYS": "kU4e8Gm0tq-6sVb2yXw9Rj3nLc7hZ1pA5dFf"}


@pytest.fixture
def settings(database: Database, redis_url: str, running_google: Simulator) -> dict[str, str]:
    """A complete installation, whose worker and schedule have just reported."""
    running_google.reset(seed="empty")
    complete = COMPLETE | {
        **running_google.settings(),
        "RAPPORT_PUSH_AUDIENCE": "http://127.0.0.1:8000/hooks/gmail-push",
        "RAPPORT_DATABASE_URL": database.app_url,
        "RAPPORT_MIGRATION_DATABASE_URL": database.owner_url,
        "RAPPORT_REDIS_URL": redis_url,
    }
    with outside_world(Settings.from_environment(complete)) as deps:
        scheduler.beat(deps, "worker-1", "worker")
        scheduler.beat(deps, "schedule-1", "schedule")
    return complete


def invoke(command: str, env: Mapping[str, str], data_dir: Path) -> Result:
    return CliRunner().invoke(
        rapport, command.split(), env={"RAPPORT_DATA_DIR": str(data_dir), **env}
    )


def test_a_complete_installation_is_all_ok(settings: dict[str, str], tmp_path: Path) -> None:
    result = invoke("doctor", settings, tmp_path)
    assert result.exit_code == 0, result.output
    looked_at = result.output.partition("\n\n")[0]
    assert {line.split()[0] for line in looked_at.splitlines()} == {"ok"}


@pytest.mark.parametrize(
    ("change", "advice"),
    [
        pytest.param({"RAPPORT_SECRET_KEYS": ""}, "Set RAPPORT_SECRET_KEYS.", id="no keys"),
        pytest.param(
            {"RAPPORT_DATABASE_URL": "postgresql://x@127.0.0.1:1/x"},
            "It does not let us in",
            id="no Postgres",
        ),
        pytest.param(
            {"RAPPORT_REDIS_URL": "redis://127.0.0.1:1/0"}, "It does not answer", id="no Redis"
        ),
        pytest.param(
            {"RAPPORT_GOOGLE_CLIENT_SECRET": ""},
            "Set RAPPORT_GOOGLE_CLIENT_SECRET.",
            id="half a Google client",
        ),
        pytest.param(
            {"RAPPORT_GOOGLE_ROOT": ""},
            "Set RAPPORT_PUBLIC_URL. Without it people and Google are sent to",
            id="no public address",
        ),
        pytest.param(
            {"RAPPORT_PUSH_AUDIENCE": ""},
            "or no push is believed",
            id="push without its sender",
        ),
        pytest.param(
            {"RAPPORT_ADDON_AUDIENCES": ""},
            "or the side panel is refused",
            id="an add-on nobody knows",
        ),
        pytest.param(
            {"RAPPORT_GOOGLE_CLIENT_SECRET": "of another client"},
            "Google answers invalid_client. Compare RAPPORT_GOOGLE_CLIENT_ID",
            id="a wrong secret",
        ),
        pytest.param(
            {"RAPPORT_GOOGLE_ROOT": "http://127.0.0.1:1"},
            "did not answer properly. Look at the way out of this machine",
            id="no Google",
        ),
    ],
)
def test_each_fault_comes_with_what_to_do(
    change: dict[str, str], advice: str, settings: dict[str, str], tmp_path: Path
) -> None:
    result = invoke("doctor", settings | change, tmp_path)
    assert result.exit_code == 1
    assert advice in result.output


@pytest.mark.parametrize("kind", ["worker", "schedule"])
def test_a_process_that_is_silent_for_a_minute_is_named(
    kind: str, settings: dict[str, str], tmp_path: Path
) -> None:
    with outside_world(Settings.from_environment(settings)) as deps:
        then = deps.now() - timedelta(seconds=61)
        scheduler.beat(replace(deps, now=lambda: then), f"{kind}-1", kind)
    result = invoke("doctor", settings, tmp_path)
    assert result.exit_code == 1
    assert f"wrong  a {kind} that reports\n       No {kind} reports." in result.output
    assert f"Run `rapport {kind}`." in result.output


def test_a_role_that_can_pass_row_security_is_named(
    settings: dict[str, str], postgres: PostgresServer, one_database: str, tmp_path: Path
) -> None:
    powerful = {"RAPPORT_DATABASE_URL": postgres.superuser_url(one_database)}
    result = invoke("doctor", settings | powerful, tmp_path)
    assert "Connect as a role without SUPERUSER and BYPASSRLS" in result.output


def test_an_empty_database_is_migrated(
    settings: dict[str, str], postgres: PostgresServer, tmp_path: Path
) -> None:
    with TestDatabases(postgres).from_template(empty=True) as name:
        empty = {
            "RAPPORT_DATABASE_URL": postgres.app_url(name),
            "RAPPORT_MIGRATION_DATABASE_URL": postgres.owner_url(name),
        }
        assert "Run `rapport migrate`." in invoke("doctor", settings | empty, tmp_path).output
        migrated = invoke("migrate", settings | empty, tmp_path)
        assert (migrated.exit_code, migrated.output[:19]) == (0, "The database is at ")
        assert "wrong  the schema" not in invoke("doctor", settings | empty, tmp_path).output


def test_a_migration_that_cannot_begin_says_why(settings: dict[str, str], tmp_path: Path) -> None:
    nobody = {"RAPPORT_MIGRATION_DATABASE_URL": "postgresql://x@127.0.0.1:1/x"}
    result = invoke("migrate", settings | nobody, tmp_path)
    assert (result.exit_code, result.output[:28]) == (2, "Postgres does not let us in:")


def test_no_tables_are_made_without_the_role_that_shall_read_them(database: Database) -> None:
    with pytest.raises(ConfigurationError, match="CREATE ROLE rapport_nobody LOGIN"):
        require_role(database.owner_url, "rapport_nobody")


def test_a_second_terminal_finds_the_product_that_runs(
    settings: dict[str, str], tmp_path: Path
) -> None:
    publish_environment(DataDir(tmp_path), settings)
    assert (tmp_path / "environment.json").stat().st_mode & 0o777 == 0o600
    assert invoke("doctor", {}, tmp_path).exit_code == 0
    forget_environment(DataDir(tmp_path))
    assert "or start with `rapport up`" in invoke("doctor", {}, tmp_path).output


def test_a_wrong_setting_is_one_sentence_and_exit_code_2(tmp_path: Path) -> None:
    result = invoke("web", {"RAPPORT_PORT": "eighty"}, tmp_path)
    assert result.exit_code == 2
    assert result.stderr == "RAPPORT_PORT must be a port between 1 and 65535, not 'eighty'.\n"
