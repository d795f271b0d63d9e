"""Notes: written once however often the click arrives, on something that is there."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from backend.domain.ids import ContactId
from backend.errors import InputError, NotFound
from backend.services import notes, seeding
from backend.services.notes import NotePlace
from tests.support.decisions import account_id
from tests.support.office import DANA, Office
from tests.support.open_mail import nonce

NOTES = "SELECT text, account_id, contact_id FROM notes"


def dana(office: Office) -> ContactId:
    return ContactId(office.value("SELECT contact_id FROM contact_addresses WHERE key = %s", DANA))


def test_a_note_is_kept_with_its_author_and_place(office: Office) -> None:
    about = NotePlace(contact_id=dana(office))
    notes.write_note(office.deps, office.actor(), text="  Likes tea ", about=about, nonce=nonce())
    assert office.rows(NOTES) == [("Likes tea", None, dana(office))]
    author = "SELECT t.name FROM notes n JOIN team_members t ON t.id = n.author_id"
    assert office.rows(author) == [("Robin Vale",)]


def test_the_same_click_twenty_times_at_once_writes_one_note(office: Office) -> None:
    about, robin = NotePlace(contact_id=dana(office)), office.actor()
    with ThreadPoolExecutor(20) as pool:
        list(
            pool.map(
                lambda _: notes.write_note(
                    office.deps, robin, text="Once", about=about, nonce="drawn-once:note"
                ),
                range(20),
            )
        )
    assert len(office.rows(NOTES)) == 1


@pytest.mark.parametrize("text", ["", "  \n ", "x" * 5001], ids=["empty", "blank", "too long"])
def test_a_note_that_says_nothing_or_too_much_is_refused(office: Office, text: str) -> None:
    about = NotePlace(contact_id=dana(office))
    with pytest.raises(InputError):
        notes.write_note(office.deps, office.actor(), text=text, about=about, nonce=nonce())
    assert office.rows(NOTES) == []


def test_a_note_about_nothing_is_refused(office: Office) -> None:
    with pytest.raises(InputError, match="account or a contact"):
        notes.write_note(
            office.deps, office.actor(), text="Hello", about=NotePlace(), nonce=nonce()
        )


def test_a_note_about_another_workspaces_account_is_refused(office: Office) -> None:
    company = office.simulator.company
    admin = {**company["people"][0], "email": "olga@elsewhere.example"}
    seeding.seed(office.deps, {**company, "people": [admin], "accounts": [{"name": "Hidden"}]})
    about = NotePlace(account_id=account_id(office, "Hidden"))
    with pytest.raises(NotFound):
        notes.write_note(office.deps, office.actor(), text="Hello", about=about, nonce=nonce())
    assert office.rows(NOTES) == []
