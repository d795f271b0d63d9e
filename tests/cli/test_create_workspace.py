"""`rapport create-workspace`, and the set-up code that `rapport doctor` prints."""

import re
from collections.abc import Mapping

import pytest
from click.testing import CliRunner, Result

from backend.cli.group import rapport
from backend.local.postgres import PostgresServer
from tests.support.company import ANA, ROBIN, Company, company_settings
from tests.support.databases import Database, TestDatabases
from tests.support.simulator import Simulator

CODE = re.compile(r"\b(?:[A-Z2-7]{4}-){3}[A-Z2-7]{4}\b")


@pytest.fixture
def settings(database: Database, redis_url: str, running_google: Simulator) -> Mapping[str, str]:
    """A migrated installation with nothing in it."""
    found = dict(company_settings(database, redis_url, running_google))
    return found | {"RAPPORT_MIGRATION_DATABASE_URL": database.owner_url}


def invoke(settings: Mapping[str, str], *words: str) -> Result:
    return CliRunner().invoke(rapport, words, env=dict(settings))


def create(settings: Mapping[str, str], name: str, admin: str, *more: str) -> Result:
    return invoke(settings, "create-workspace", "--name", name, "--admin", admin, *more)


def test_several_workspaces_are_made_and_each_is_told(settings: Mapping[str, str]) -> None:
    first = create(settings, "Lumen Works", ANA, "--time-zone", "Europe/Berlin")
    assert first.exit_code == 0, first.output
    assert f"Lumen Works is here, and {ANA} is its admin" in first.output
    assert "Internal: lumenworks.example." in first.output
    assert f"sign in as {ANA} at http://127.0.0.1:8000/signin" in first.output
    domains = ("--internal-domain", "b.example", "--internal-domain", "a.example")
    second = create(settings, "Elsewhere", ANA, *domains)
    assert second.exit_code == 0, second.output
    assert "Internal: a.example, b.example." in second.output
    assert f"{ANA} also belongs to Lumen Works, and chooses at sign-in." in second.output


@pytest.mark.parametrize(
    ("name", "admin", "more", "told"),
    [
        ("lumen works", ROBIN, (), "--name: A workspace named lumen works is here already"),
        ("", ROBIN, (), "--name: Write the name"),
        ("New", "robin", (), "--admin: This is not an email address"),
        ("New", ROBIN, ("--internal-domain", "gmail.com"), "--internal-domain: gmail.com belongs"),
        ("New", ROBIN, ("--time-zone", "Nowhere"), "--time-zone: Choose a time zone"),
    ],
)
def test_what_cannot_be_made_is_said_with_its_option(
    settings: Mapping[str, str], name: str, admin: str, more: tuple[str, ...], told: str
) -> None:
    create(settings, "Lumen Works", ANA)
    result = create(settings, name, admin, *more)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("No workspace was made.\n")
    assert told in result.stderr


def test_a_database_that_was_not_migrated_is_told(
    settings: Mapping[str, str], postgres: PostgresServer
) -> None:
    with TestDatabases(postgres).from_template(empty=True) as name:
        env = dict(settings) | {
            "RAPPORT_DATABASE_URL": postgres.app_url(name),
            "RAPPORT_MIGRATION_DATABASE_URL": postgres.owner_url(name),
        }
        result = create(env, "Lumen Works", ANA)
        assert (result.exit_code, result.stdout) == (1, "")
        assert "rapport migrate" in result.stderr
        assert not CODE.search(invoke(env, "doctor").output)


def test_doctor_prints_a_new_code_until_there_is_a_workspace(settings: Mapping[str, str]) -> None:
    told = [invoke(settings, "doctor").output for _ in range(2)]
    codes = [CODE.findall(text) for text in told]
    assert len(codes[0]) == len(codes[1]) == 1
    assert codes[0] != codes[1]
    assert "http://127.0.0.1:8000/first-run" in told[0]
    create(settings, "Lumen Works", ANA)
    assert "code" not in invoke(settings, "doctor").output


def test_a_colleague_of_several_workspaces_names_the_one_they_mean(
    quiet_company: Company, settings: Mapping[str, str]
) -> None:
    create(settings, "Elsewhere", ROBIN)
    unnamed = invoke(settings, "why", "--as", ROBIN, "18c0")
    assert unnamed.stderr == (
        f"{ROBIN} belongs to: Lumen Works, Elsewhere. Name one of them with --workspace.\n"
    )
    named = invoke(settings, "why", "--as", ROBIN, "--workspace", "elsewhere", "18c0")
    assert named.stderr.startswith("Nothing was decided about such a message")
    assert quiet_company.value("SELECT count(*) FROM workspaces") == 2
