"""Customer lists: what a company brings along from elsewhere, taken in from the terminal."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from backend.cli.group import rapport
from backend.services.settings import add_trait, change_policy
from tests.support.company import ANA, KIM, ROBIN, Company, company_settings
from tests.support.databases import Database
from tests.support.decisions import choose
from tests.support.simulator import Simulator

Import = Callable[..., Result]
HUBSPOT = (
    "Record ID,First Name,Last Name,Email,Job Title,Company Name,Unsubscribed from all email\n"
    '101,Noa,Berg,noa@umbra.example,"Head, Operations",Umbra,FALSE\n'
    "102,,,ida.holm@umbra.example,,Umbra,TRUE\n"
)


@pytest.fixture
def settings(database: Database, redis_url: str, simulator: Simulator) -> Mapping[str, str]:
    return company_settings(database, redis_url, simulator)


@pytest.fixture
def take_in(company: Company, settings: Mapping[str, str], tmp_path: Path) -> Import:
    """The command, given what is in the file."""

    def invoke(content: str | bytes, *options: str, as_whom: str = ROBIN) -> Result:
        file = tmp_path / "customers.csv"
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        words = ["import-csv", "--as", as_whom, *options, str(file)]
        return CliRunner().invoke(rapport, words, env=dict(settings))

    return invoke


def people(company: Company) -> list[tuple[object, ...]]:
    """What the list left behind: name, title, address, account."""
    return company.rows(
        "SELECT c.name, c.title, ca.address, a.name FROM contacts c"
        " JOIN contact_addresses ca ON ca.contact_id = c.id"
        " LEFT JOIN account_contacts ac ON ac.contact_id = c.id"
        " LEFT JOIN accounts a ON a.id = ac.account_id"
        " WHERE c.created_via = 'csv' ORDER BY c.id, a.name"
    )


def account(company: Company, name: str) -> tuple[object, ...]:
    return company.rows(
        "SELECT a.domain, m.email, a.plan, a.health, a.renews_on::text FROM accounts a"
        " LEFT JOIN team_members m ON m.id = a.csm_id WHERE a.name = %s",
        name,
    )[0]


def test_a_list_of_another_product_becomes_people_and_their_account(
    company: Company, take_in: Import
) -> None:
    done = take_in(HUBSPOT)
    assert done.exit_code == 0, done.output
    assert people(company) == [
        ("Noa Berg", "Head, Operations", "noa@umbra.example", "Umbra"),
        ("Ida Holm", None, "ida.holm@umbra.example", "Umbra"),
    ]
    assert account(company, "Umbra")[0] == "umbra.example"
    assert company.value("SELECT count(*) FROM suppressions WHERE reason = 'unsubscribed'") == 1
    assert done.stderr == "Columns left out: Record ID.\n"
    assert (
        done.stdout == "2 lines: 1 new accounts, 2 new contacts, 2 memberships, 1 unsubscribed.\n"
    )


def test_the_same_list_twice_is_the_same_list_once(company: Company, take_in: Import) -> None:
    take_in(HUBSPOT)
    before = people(company)
    again = take_in(HUBSPOT)
    assert again.stdout == "2 lines, and all of it was there already.\n"
    assert people(company) == before
    assert company.value("SELECT count(*) FROM audit_log WHERE action = 'people.imported'") == 1


def test_what_is_known_is_completed_and_an_empty_cell_changes_nothing(
    company: Company, take_in: Import
) -> None:
    header = "Account,Domain,CSM,Plan,Health,Renews on"
    first = take_in(f"{header}\nUmbra,www.umbra.example,{KIM},Gold,80,2027-03-01\n")
    assert first.exit_code == 0
    assert account(company, "Umbra") == ("umbra.example", KIM, "Gold", 80, "2027-03-01")
    done = take_in("Account,Domain,CSM,Plan,Health\nUmbra Inc,umbra.example,Robin Vale,,75\n")
    assert done.stdout == "1 line: 1 changed accounts.\n"
    assert account(company, "Umbra") == ("umbra.example", ROBIN, "Gold", 75, "2027-03-01")


def test_nothing_is_written_while_one_line_is_wrong_and_each_is_named(
    company: Company, take_in: Import
) -> None:
    content = (
        "Name,Email,Account,Health\n"
        "Noa,noa@umbra.example,Umbra,\n"
        "Ida,ida at umbra,Umbra,high\n"
        f"Robin,{ROBIN},,\n"
        "\n"
        ",,,90\n"
        "Max,max@umbra.example,Umbra,1,extra\n"
        "Desk,support@umbra.example,Umbra,\n"
    )
    refused = take_in(content)
    assert refused.exit_code == 1
    told = refused.stderr.splitlines()
    assert told[:3] == [
        'line 3: "ida at umbra" is not a usable email address.',
        f"line 4: {ROBIN} is one of your team's own addresses.",
        "line 6: It has neither an account nor an email address and is left out.",
    ]
    assert told[3].startswith("line 7: It has 5 cells and the first line 4.")
    assert told[4].startswith("line 8: support@umbra.example speaks for a function")
    assert told[5].startswith("4 lines cannot be taken in, so nothing was written.")
    assert people(company) == []
    assert take_in(content, "--check").stdout == (
        "1 line can be taken in, 4 cannot. 1 line left out, as named above.\n"
    )
    assert people(company) == []
    assert take_in(content, "--skip-errors").exit_code == 0
    assert [row[2] for row in people(company)] == ["noa@umbra.example"]


def test_somebody_who_left_the_team_is_left_out_and_said(company: Company, take_in: Import) -> None:
    done = take_in("Account,Owner\nUmbra,Nora Gone\n")
    assert done.exit_code == 0
    assert done.stderr == 'line 2: Nobody of your team is "Nora Gone"; left out.\n'
    assert account(company, "Umbra")[1] is None


def test_a_header_without_our_columns_is_refused_with_a_hint(
    company: Company, take_in: Import
) -> None:
    refused = take_in("Person,Emial\nNoa,noa@umbra.example\n")
    assert refused.exit_code == 1
    assert refused.stderr == (
        "The first line names neither an Email nor an Account column."
        ' Did you mean "Email" by "Emial"?\n'
    )


@pytest.mark.parametrize(
    ("encoding", "separator"),
    [("utf-8", ","), ("utf-8-sig", ";"), ("utf-16", "\t"), ("cp1252", ";")],
)
def test_what_spreadsheets_write_is_read(
    company: Company, take_in: Import, encoding: str, separator: str
) -> None:
    lines = [["Name", "Email", "Account"], ["Jürgen Groß", "jg@umbra.example", "Müller & Söhne"]]
    content = "\r\n".join(separator.join(cells) for cells in lines).encode(encoding)
    done = take_in(content)
    assert done.exit_code == 0, done.output
    assert people(company) == [("Jürgen Groß", None, "jg@umbra.example", "Müller & Söhne")]


@pytest.mark.contract("D-6")
def test_one_person_at_two_accounts_is_one_contact(company: Company, take_in: Import) -> None:
    done = take_in(
        "Name,Email,Work email,Account,Unsubscribed\n"
        "Noa,Noa@Umbra.example,noa@home.example;info@umbra.example,Umbra,yes\n"
        "Noa,noa@umbra.example,ida@umbra.example,Penumbra,\n"
        "Ida Holm,,,,\n"
        "Ida,ida@umbra.example,,Umbra,\n"
    )
    role, again, nobody, other = done.stderr.splitlines()
    assert role.startswith("line 2: info@umbra.example speaks for a function")
    assert again == "line 3: noa@umbra.example is on line 2 too; both lines are one person."
    assert nobody == "line 4: Ida Holm has no email address, and is left out."
    assert other == "line 5: ida@umbra.example is on line 3 too."
    assert done.stdout == (
        "3 lines: 2 new accounts, 1 further addresses, 1 addresses left to other contacts,"
        " 2 new contacts, 3 memberships, 2 unsubscribed."
        " 1 line left out, as named above.\n"
    )
    ways = "SELECT a.key FROM contact_addresses a JOIN contacts c ON c.id = a.contact_id"
    assert [row[0] for row in company.rows(f"{ways} WHERE c.name = 'Noa' ORDER BY 1")] == [
        *("noa@home.example", "noa@umbra.example")
    ]
    found = {(row[0], row[3]) for row in people(company)}
    assert found == {("Noa", "Penumbra"), ("Noa", "Umbra"), ("Ida", "Umbra")}
    assert company.value("SELECT count(*) FROM contacts WHERE created_via = 'csv'") == 2


def test_a_cell_guarded_against_formulas_comes_back_as_it_was(
    company: Company, take_in: Import
) -> None:
    take_in("Account\n'+1 Consulting\n")
    assert account(company, "+1 Consulting")


def test_a_list_longer_than_a_batch_keeps_to_one_account(company: Company, take_in: Import) -> None:
    rows = "".join(f"p{number}@umbra.example,Umbra\n" for number in range(1_100))
    done = take_in(f"Email,Account\n{rows}")
    assert done.stdout == (
        "1,100 lines: 1 new accounts, 1,100 new contacts, 1,100 memberships.\n"
    ), done.output
    assert company.value("SELECT count(*) FROM accounts WHERE name = 'Umbra'") == 1
    assert take_in(f"Email,Account\n{rows}").stdout.endswith("all of it was there already.\n")


def test_nobody_outside_the_team_may_import(company: Company, take_in: Import) -> None:
    refused = take_in(HUBSPOT, as_whom="lee@else.example")
    assert (refused.exit_code, people(company)) == (1, [])
    assert refused.stderr.endswith("lee@else.example is not a member of any workspace here.\n")


@pytest.mark.contract("D-5")
@pytest.mark.parametrize(("chosen", "logged"), [("on", 1), ("ask", 0), ("off", 0)])
def test_their_earlier_mail_comes_along_where_the_workspace_wants_it(
    chosen: str, logged: int, company: Company, take_in: Import
) -> None:
    choose(company, "match.late", chosen)
    company.connected()
    company.receives(**{"from": "Noa Berg <noa@umbra.example>", "subject": "Before the list"})
    company.later(minutes=16).sweep()
    take_in(HUBSPOT)
    company.sweep()
    found = company.value("SELECT count(*) FROM messages WHERE subject = 'Before the list'")
    assert found == logged


@pytest.mark.contract("S-18", "S-19")
def test_a_column_named_like_a_trait_fills_it(company: Company, take_in: Import) -> None:
    add_trait(company.deps, company.actor(ANA), name="Web domain")
    change_policy(company.deps, company.actor(ANA), name="match.by_domain", value="Web domain")
    listed = "Account,web_domain\nUmbra,https://umbra.example umbra.de\nNorthwind Traders,\n"
    done = take_in(listed)
    assert done.stdout == "2 lines: 1 new accounts, 1 changed traits.\n"
    found = company.rows("SELECT value FROM account_trait_values")
    assert found == [("https://umbra.example umbra.de",)]
    domains = company.rows("SELECT domain FROM account_trait_domains ORDER BY domain")
    assert domains == [("umbra.de",), ("umbra.example",)]
    assert take_in(listed).stdout == "2 lines, and all of it was there already.\n"

    other = take_in("Account,Web domain\nPenumbra,gmail.com\n")
    assert other.stdout == "1 line: 1 new accounts.\n"
    assert "line 2: Web domain is left out: “gmail.com” is no mail domain" in other.stderr


@pytest.mark.contract("D-19")
def test_people_are_assigned_by_address_or_name(company: Company, take_in: Import) -> None:
    done = take_in(
        "Email,Assigned to\n"
        f"noa@umbra.example,{KIM}\n"
        "ida@umbra.example,Robin Vale\n"
        "pat@umbra.example,gone@lumenworks.example\n"
    )
    assert done.exit_code == 0
    assert 'line 4: Nobody of your team is "gone@lumenworks.example"; left out.' in done.stderr
    holders = company.rows(
        "SELECT a.key, t.email FROM contacts c JOIN contact_addresses a ON a.contact_id = c.id"
        " LEFT JOIN team_members t ON t.id = c.assigned_to"
        " WHERE c.created_via = 'csv' ORDER BY a.key"
    )
    assert holders == [
        ("ida@umbra.example", ROBIN),
        ("noa@umbra.example", KIM),
        ("pat@umbra.example", None),
    ]
    again = take_in("Email,Assigned to\nnoa@umbra.example,\nida@umbra.example,Kim Doyle\n")
    assert again.stdout == "2 lines: 1 changed contacts.\n"
