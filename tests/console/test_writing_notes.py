"""Notes are written on the page of an account or contact, once however often the form arrives."""

import pytest

from tests.console.conftest import Visitor, words
from tests.support.company import Company


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
