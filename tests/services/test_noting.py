"""Notes: written once however often the click arrives, on something that is there."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from backend.domain.ids import ContactId
from backend.errors import InputError, NotFound
from backend.services import notes, seeding
from backend.services.notes import NotePlace
from tests.support.company import DANA, Company
from tests.support.decisions import account_id
from tests.support.open_mail import nonce

NOTES = "SELECT text, account_id, contact_id FROM notes"


def dana(company: Company) -> ContactId:
    return ContactId(company.value("SELECT contact_id FROM contact_addresses WHERE key = %s", DANA))


def test_a_note_is_kept_with_its_author_and_place(company: Company) -> None:
    about = NotePlace(contact_id=dana(company))
    notes.write_note(company.deps, company.actor(), text="  Likes tea ", about=about, nonce=nonce())
    assert company.rows(NOTES) == [("Likes tea", None, dana(company))]
    author = "SELECT t.name FROM notes n JOIN team_members t ON t.id = n.author_id"
    assert company.rows(author) == [("Robin Vale",)]


def test_the_same_click_twenty_times_at_once_writes_one_note(company: Company) -> None:
    about, robin = NotePlace(contact_id=dana(company)), company.actor()
    with ThreadPoolExecutor(20) as pool:
        list(
            pool.map(
                lambda _: notes.write_note(
                    company.deps, robin, text="Once", about=about, nonce="drawn-once:note"
                ),
                range(20),
            )
        )
    assert len(company.rows(NOTES)) == 1


@pytest.mark.parametrize("text", ["", "  \n ", "x" * 5001], ids=["empty", "blank", "too long"])
def test_a_note_that_says_nothing_or_too_much_is_refused(company: Company, text: str) -> None:
    about = NotePlace(contact_id=dana(company))
    with pytest.raises(InputError):
        notes.write_note(company.deps, company.actor(), text=text, about=about, nonce=nonce())
    assert company.rows(NOTES) == []


def test_a_note_about_nothing_is_refused(company: Company) -> None:
    with pytest.raises(InputError, match="account or a contact"):
        notes.write_note(
            company.deps, company.actor(), text="Hello", about=NotePlace(), nonce=nonce()
        )


def test_a_note_about_another_workspaces_account_is_refused(company: Company) -> None:
    example = company.simulator.company
    admin = {**example["people"][0], "email": "olga@elsewhere.example"}
    seeding.seed(company.deps, {**example, "people": [admin], "accounts": [{"name": "Hidden"}]})
    about = NotePlace(account_id=account_id(company, "Hidden"))
    with pytest.raises(NotFound):
        notes.write_note(company.deps, company.actor(), text="Hello", about=about, nonce=nonce())
    assert company.rows(NOTES) == []
