"""The commands that look into an installation with a company in it."""

import json
from collections.abc import Mapping
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner, Result

from backend.cli.group import rapport
from tests.support.company import DANA, KIM, ROBIN, Company, company_settings
from tests.support.databases import Database
from tests.support.simulator import Simulator


@pytest.fixture
def settings(database: Database, redis_url: str, simulator: Simulator) -> Mapping[str, str]:
    """The environment of the company, or of an installation with nothing in it."""
    return company_settings(database, redis_url, simulator)


def invoke(settings: Mapping[str, str], *words: str) -> Result:
    return CliRunner().invoke(rapport, words, env=dict(settings))


def test_why_tells_the_owner_of_a_mailbox_and_nobody_else(
    company: Company, settings: Mapping[str, str]
) -> None:
    company.connected()
    gmail_id = company.receives(**{"from": f"Dana <{DANA}>", "subject": "Hello"})
    company.later(minutes=20).sweep()
    told = invoke(settings, "why", "--as", ROBIN, gmail_id)
    assert told.exit_code == 0, told.output
    assert told.output.startswith(f"Logged in {ROBIN}, received ")
    refused = invoke(settings, "why", "--as", KIM, gmail_id)
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert refused.stderr.startswith("Nothing was decided about such a message")


def test_why_asked_by_a_stranger_is_refused(company: Company, settings: Mapping[str, str]) -> None:
    result = invoke(settings, "why", "--as", DANA, "18c0")
    assert (result.exit_code, result.stderr) == (
        1,
        f"{DANA} is not a member of any workspace here.\n",
    )


def test_audit_asks_a_worker_to_compare_the_mailbox_with_gmail(
    company: Company, settings: Mapping[str, str]
) -> None:
    company.connected()
    result = invoke(settings, "audit", ROBIN)
    assert result.exit_code == 0, result.output
    assert company.work() > 0
    assert company.value("SELECT count(*) FROM import_runs WHERE kind = 'audit'") == 1


def test_audit_of_a_mailbox_that_is_not_connected_is_refused(
    company: Company, settings: Mapping[str, str]
) -> None:
    result = invoke(settings, "audit", KIM)
    assert (result.exit_code, result.stderr) == (
        1,
        f"No connected mailbox has the address {KIM}.\n",
    )


def test_seeding_twice_is_seeding_once(settings: Mapping[str, str], database: Database) -> None:
    first = invoke(settings, "seed")
    assert first.exit_code == 0, first.output
    before = database_counts(database)
    assert before["contacts"] > 0
    assert invoke(settings, "seed").exit_code == 0
    assert database_counts(database) == before


def test_seeding_without_a_simulator_is_refused(settings: Mapping[str, str]) -> None:
    env = dict(settings) | {"RAPPORT_GOOGLE_ROOT": ""}
    result = CliRunner().invoke(rapport, ["seed"], env=env)
    assert result.exit_code == 2
    assert "start `rapport up`" in result.stderr


def test_the_manifest_names_this_installation_everywhere(tmp_path: Path) -> None:
    env = {"RAPPORT_PUBLIC_URL": "https://crm.example", "RAPPORT_DATA_DIR": str(tmp_path)}
    printed = CliRunner().invoke(rapport, ["deployment"], env=env).output
    assert "https://crm.example/addon/" in json.dumps(json.loads(printed))
    assert "rapport.example.com" not in printed
    file = tmp_path / "deployment.json"
    CliRunner().invoke(rapport, ["deployment", "--output", str(file)], env=env)
    assert file.read_text() == printed


def database_counts(database: Database) -> dict[str, int]:
    tables = ("workspaces", "team_members", "accounts", "contacts", "mailboxes")
    with psycopg.connect(database.super_url) as connection:
        counted = [connection.execute(f"SELECT count(*) FROM {table}") for table in tables]
        return {table: rows.fetchall()[0][0] for table, rows in zip(tables, counted, strict=True)}
