"""Notes are written on the page of an account or contact, once however often the form arrives."""

import pytest

from tests.console.conftest import Visitor, member, words
from tests.support.company import ROBIN, Company


@pytest.mark.parametrize("noun", ["accounts", "contacts"])
def test_a_note_is_written_once(quiet_company: Company, robin: Visitor, noun: str) -> None:
    page = f"/{noun}/{quiet_company.value(f'SELECT min(id) FROM {noun}')}"
    empty = robin.post(f"{page}/notes", note=" ", nonce="one")
    assert empty.status_code == 422
    assert "The note is empty. Type something first." in words(empty)
    long = robin.post(f"{page}/notes", note="x" * 5001, nonce="one")
    assert "Shorten it to 5,000." in words(long)
    robin.post(f"{page}/notes", note="Budget is <40k>", nonce="two")
    shown = robin.follow(robin.post(f"{page}/notes", note="Budget is <40k>", nonce="two"))
    assert "The note is written." in shown
    assert shown.count("Budget is <40k>") == 1
    assert robin.post(f"/{noun}/987654/notes", note="x", nonce="three").status_code == 404


def written(one: Visitor, page: str, text: str) -> str:
    """Write a note. Returns its address."""
    one.post(f"{page}/notes", note=text, nonce=text)
    return f"/notes/{one.company.value('SELECT max(id) FROM notes')}"


def test_a_note_is_edited_by_its_author_and_by_admins(
    quiet_company: Company, robin: Visitor, kim: Visitor, ana: Visitor
) -> None:
    page = f"/accounts/{quiet_company.value('SELECT min(id) FROM accounts')}"
    note = written(robin, page, "Budget is 40k")
    assert "Edit" not in kim.get(page).get_data(as_text=True).split("History")[1].split("</ul>")[0]
    refused = kim.post(note, text="Budget is 10k", version="1")
    assert refused.status_code == 403
    assert "Only admins can change somebody else's note" in words(refused)
    assert kim.post(f"{note}/deletion").status_code == 403
    assert "Budget is 40k" in robin.page(note)
    assert robin.post(note, text=" ", version="1").status_code == 422
    saved = robin.follow(robin.post(note, text="Budget is 45k", version="1"))
    assert "Budget is 45k" in saved
    assert "edited today" in saved
    late = ana.post(note, text="Budget is 50k", version="1")
    assert late.status_code == 409
    assert "edited this note meanwhile" in words(late)
    assert "Budget is 45k" in words(late)
    assert "Budget is 50k" in ana.follow(ana.post(note, text="Budget is 50k", version="2"))
    assert robin.get("/notes/999999").status_code == 404


def test_a_note_is_pinned_deleted_and_restored(
    quiet_company: Company, robin: Visitor, kim: Visitor
) -> None:
    page = f"/contacts/{quiet_company.value('SELECT min(id) FROM contacts')}"
    note = written(robin, page, "Likes tea")
    pinned = kim.follow(kim.post(f"{note}/pin", pinned="yes"))
    assert pinned.count("Likes tea") == 2
    assert "Unpin" in pinned
    assert kim.follow(kim.post(f"{note}/pin")).count("Likes tea") == 1
    kim.post(f"{note}/pin", pinned="yes")
    gone = robin.follow(robin.post(f"{note}/deletion"))
    assert "Likes tea" not in gone
    assert "The note is deleted." in gone
    assert robin.get(note).status_code == 404
    assert "was deleted" in robin.follow(robin.post(f"{note}/pin", pinned="yes"))
    assert kim.post(f"{note}/restoring").status_code == 403
    assert robin.follow(robin.post(f"{note}/restoring")).count("Likes tea") == 2
    assert "not deleted" in robin.follow(robin.post(f"{note}/restoring"))


def test_what_was_deleted_a_month_ago_is_gone(quiet_company: Company, robin: Visitor) -> None:
    page = f"/contacts/{quiet_company.value('SELECT min(id) FROM contacts')}"
    old, new = written(robin, page, "Old"), written(robin, page, "New")
    robin.post(f"{old}/deletion")
    member(quiet_company.later(days=31), ROBIN).post(f"{new}/deletion")
    assert robin.post(f"{old}/restoring").status_code == 404
    assert robin.post(f"{new}/restoring").status_code == 303
