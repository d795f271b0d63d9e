"""Customer lists from upload to undo, as the browser and a worker do it together."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from backend.domain.customers.lists import MOST_BYTES, MOST_COLUMNS, MOST_ROWS, ListState
from backend.domain.ids import ContactId, CustomerListId
from backend.errors import Conflict, InputError, NotAllowed
from backend.services import notes
from backend.services.customer_lists import uploading
from backend.services.notes import NotePlace
from backend.services.settings import add_trait
from tests.support.company import ANA, KIM, ROBIN, Company

HUBSPOT = (
    "Record ID,First Name,Last Name,Email,Job Title,Company Name,Unsubscribed from all email\n"
    '101,Noa,Berg,noa@umbra.example,"Head, Operations",Umbra,FALSE\n'
    "102,,,ida.holm@umbra.example,,Umbra,TRUE\n"
    "103,Pat,,pat at umbra,,Umbra,\n"
    "104,Max,,,,,\n"
)


def uploaded(company: Company, content: str | bytes, who: str = ROBIN) -> CustomerListId:
    data = content.encode() if isinstance(content, str) else content
    return uploading.upload(company.deps, company.actor(who), name="people.csv", data=data)


def checked(company: Company, content: str, who: str = ROBIN) -> CustomerListId:
    one = uploaded(company, content, who)
    uploading.check(company.deps, company.actor(who), one, row(company, one)["chosen"])
    company.work()
    return one


def taken_in(company: Company, content: str, who: str = ROBIN) -> CustomerListId:
    one = checked(company, content, who)
    uploading.run(company.deps, company.actor(who), one)
    company.work()
    return one


def undone(company: Company, one: CustomerListId, who: str = ROBIN) -> Mapping[str, Any]:
    uploading.undo(company.deps, company.actor(who), one)
    company.work()
    return row(company, one)


def row(company: Company, one: CustomerListId) -> Mapping[str, Any]:
    found = company.value("SELECT to_jsonb(l) - 'data' FROM customer_lists l WHERE id = %s", one)
    return dict(found)


def ending(company: Company) -> Company:
    """The same company in a process that was asked to stop: it does one step of long work."""
    return replace(company, deps=replace(company.deps, stopping=lambda: True))


def world(company: Company) -> list[tuple[Any, ...]]:
    """Everything a list can touch, without what only counts upwards."""
    queries = (
        "SELECT id, name, title, assigned_to FROM contacts",
        "SELECT contact_id, key, is_primary FROM contact_addresses",
        "SELECT account_id, contact_id FROM account_contacts",
        "SELECT id, name, domain, csm_id, ae_id, plan, health, renews_on FROM accounts",
        "SELECT trait_id, account_id, value FROM account_trait_values",
        "SELECT account_id, domain FROM account_trait_domains",
        "SELECT encode(address_hash, 'hex') FROM suppressions WHERE ended_at IS NULL",
    )
    return [found for query in queries for found in sorted(company.rows(query), key=str)]


@pytest.mark.contract("D-6")
def test_a_list_is_checked_written_and_undone_without_a_trace(company: Company) -> None:
    add_trait(company.deps, company.actor(ANA), name="Web domain")
    taken_in(company, "Account,Plan,Web domain\nUmbra,Silver,umbra.example\n")
    taken_in(company, "Email,Name\nida.holm@umbra.example,Ida\n")
    before = world(company)

    one = checked(company, HUBSPOT)
    found = row(company, one)
    assert (found["state"], found["product"], found["rows"]) == ("checked", "HubSpot", 4)
    assert found["chosen"][:4] == ["", "First name", "Last name", "Email"]
    assert found["columns"][3] == {
        "name": "Email",
        "samples": ["noa@umbra.example", "ida.holm@umbra.example", "pat at umbra"],
    }
    counts = {name: number for name, number in found["counts"].items() if number}
    assert counts == {
        "good": 2,
        "wrong": 1,
        "left": 1,
        "findings": 2,
        "new_contacts": 1,
        "known_contacts": 1,
        "known_accounts": 1,
    }
    assert [(each["line"], each["kind"]) for each in found["findings"]] == [
        (4, "wrong"),
        (5, "left"),
    ]
    assert world(company) == before

    uploading.run(company.deps, company.actor(), one)
    company.work()
    found = row(company, one)
    assert (found["state"], found["rows_done"]) == ("done", 2)
    assert found["written"]["new contacts"] == 1
    assert world(company) != before
    assert undone(company, one)["state"] == "undone"
    assert world(company) == before


def test_an_undo_gives_back_what_the_list_changed(company: Company) -> None:
    add_trait(company.deps, company.actor(ANA), name="Web domain")
    first = "Account,Domain,Plan,Health,Renews on,CSM,Web domain,Email,Name,Title,Assigned to\n"
    taken_in(
        company, f"{first}U,u.example,Gold,80,2027-03-01,{KIM},u.example,n@u.example,N,Boss,{KIM}"
    )
    before = world(company)
    one = taken_in(
        company,
        f"{first}U,u.example,Lead,10,2028-01-01,{ROBIN},v.example,n@u.example,M,CEO,{ROBIN}",
    )
    assert row(company, one)["written"]["changed contacts"] == 1
    assert world(company) != before
    assert undone(company, one)["kept"] == []
    assert world(company) == before


def test_what_somebody_changed_since_stays_and_is_named(company: Company) -> None:
    taken_in(company, "Email,Name,Title\nold@umbra.example,Old,Buyer\n")
    one = taken_in(
        company,
        "Email,Name,Title,Account,Unsubscribed\n"
        "a@umbra.example,Ann,,Umbra,yes\nb@umbra.example,Ben,,Umbra,\n"
        "old@umbra.example,Older,Chief,,\n",
    )
    known = dict(company.rows("SELECT key, contact_id FROM contact_addresses"))
    about = NotePlace(contact_id=ContactId(known["a@umbra.example"]))
    notes.write_note(company.deps, company.actor(), text="Called.", about=about, nonce="one")
    # A colleague's own list is a person's later change as well.
    taken_in(company, "Email,Title\nold@umbra.example,Owner\n", who=KIM)
    found = undone(company, one)
    assert sorted((each["kind"], each["name"], each["why"]) for each in found["kept"]) == [
        ("account", "Umbra", "people"),
        ("contact", "Ann", "notes"),
        ("contact", "Old", "changed"),
    ]
    rows = company.rows("SELECT name, title FROM contacts WHERE created_via = 'csv' ORDER BY name")
    assert rows == [("Ann", None), ("Old", "Owner")]
    assert found["counts"]["kept"] == 3


def test_columns_can_be_chosen_where_none_is_known(company: Company) -> None:
    one = uploaded(company, "Who,Where to\nNoa Berg,noa@umbra.example\n")
    assert row(company, one)["chosen"] == ["", ""]
    actor = company.actor()
    with pytest.raises(InputError) as refused:
        uploading.check(company.deps, actor, one, ["Name", "Nonsense"])
    assert "at least one column for Email or Account" in refused.value.fields["columns"]
    uploading.check(company.deps, actor, one, ["Name", "Email"])
    company.work()
    assert row(company, one)["counts"]["good"] == 1


COLUMNS = f"have {MOST_COLUMNS}"
BOMBS = {
    "nothing": (b"", "Choose a file"),
    "only zeros": (b"\0" * 5_000, "Choose a file"),
    "too large": (b"Email\n" + b"x" * MOST_BYTES, "larger than 10 MB"),
    "Excel": (b"PK\x03\x04 and more", "Excel workbook"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, "not a text file"),
    "columns": (
        b"Email," * 1_000_000 + b"\nx",
        f"1,000,001 columns; a list may have {MOST_COLUMNS}",
    ),
    "a huge name": (b'"' + b"x" * 200_000 + b'"\nx', "A cell has more than"),
    "only names": (b"Email,Name\n\n\n", "no line below"),
    "lines": (b"Email\n" + b"a@b.example\n" * (MOST_ROWS + 1), f"more than {MOST_ROWS:,} lines"),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_file_that_is_no_list_is_answered_at_its_field(company: Company, name: str) -> None:
    data, sentence = BOMBS[name]
    with pytest.raises(InputError) as refused:
        uploaded(company, data)
    assert sentence in refused.value.fields["file"]
    assert company.value("SELECT count(*) FROM customer_lists") == 0


def test_formulas_and_zeros_in_cells_are_only_text(company: Company) -> None:
    one = taken_in(company, "Email,Name\na@u.example,=HYPERLINK(1)\nb@u.example,Zoe\0\n")
    names = [name for (name,) in company.rows("SELECT name FROM contacts WHERE created_via='csv'")]
    assert sorted(names) == ["=HYPERLINK(1)", "Zoe"]
    assert row(company, one)["state"] == "done"


def test_whoever_is_second_is_told_and_nothing_happens_twice(company: Company) -> None:
    one = checked(company, HUBSPOT)
    robin, kim = company.actor(), company.actor(KIM)
    with pytest.raises(NotAllowed):
        uploading.run(company.deps, kim, one)
    uploading.run(company.deps, company.actor(ANA), one)
    for late in (uploading.run, uploading.discard, uploading.undo):
        with pytest.raises(Conflict):
            late(company.deps, robin, one)
    company.work()
    with pytest.raises(Conflict):
        uploading.stop(company.deps, robin, one)
    uploading.undo(company.deps, robin, one)
    with pytest.raises(Conflict):
        uploading.undo(company.deps, robin, one)


def test_a_list_without_a_usable_line_cannot_be_run(company: Company) -> None:
    one = checked(company, "Email\nnobody\n")
    with pytest.raises(Conflict, match="No line of this list"):
        uploading.run(company.deps, company.actor(), one)
    uploading.discard(company.deps, company.actor(), one)
    assert company.value("SELECT count(*) FROM customer_lists") == 0


def test_a_worker_that_ends_in_the_middle_leaves_the_rest_to_the_next(company: Company) -> None:
    lines = "".join(f"p{number}@umbra.example,Umbra\n" for number in range(1_200))
    one = checked(company, f"Email,Account\n{lines}")
    uploading.run(company.deps, company.actor(), one)
    ending(company).work()
    found = row(company, one)
    assert (found["state"], found["rows_done"]) == ("running", 500)
    company.sweep()
    found = row(company, one)
    assert (found["state"], found["written"]["new contacts"]) == ("done", 1_200)
    assert company.value("SELECT count(*) FROM contacts WHERE created_via = 'csv'") == 1_200
    assert company.value("SELECT count(*) FROM accounts WHERE name = 'Umbra'") == 1


def test_a_list_stopped_in_the_middle_is_undone_as_far_as_it_went(company: Company) -> None:
    lines = "".join(f"p{number}@umbra.example\n" for number in range(600))
    one = checked(company, f"Email\n{lines}")
    uploading.run(company.deps, company.actor(), one)
    ending(company).work()
    uploading.stop(company.deps, company.actor(), one)
    company.sweep()
    assert company.value("SELECT count(*) FROM contacts WHERE created_via = 'csv'") == 500
    assert undone(company, one)["state"] == ListState.UNDONE
    assert company.value("SELECT count(*) FROM contacts WHERE created_via = 'csv'") == 0


def test_a_file_is_forgotten_after_thirty_days_with_the_way_back(company: Company) -> None:
    one = taken_in(company, HUBSPOT)
    company.later(days=29).sweep()
    assert company.value("SELECT data IS NOT NULL FROM customer_lists")
    company.later(days=31).sweep()
    assert company.value("SELECT data IS NULL FROM customer_lists")
    assert company.value("SELECT count(*) FROM customer_list_batches") == 0
    with pytest.raises(Conflict):
        uploading.undo(company.deps, company.actor(), one)
