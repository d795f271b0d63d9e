"""What leaves at once can be taken back; people of several accounts are never joined unasked."""

import re
from datetime import timedelta
from typing import Any

import pytest

from tests.console.conftest import Visitor, at, words
from tests.support.company import DANA, ROBIN, Company
from tests.support.decisions import settle_on

LETTER = {"to": DANA, "subject": "Renewal", "body_text": "Hi Dana"}
JON = "jon@adatum.example"


@pytest.fixture
def careful(connected: Visitor, quiet_company: Company) -> Visitor:
    """Robin, who can take mail back for ten seconds, as everybody can who chose nothing."""
    settle_on(quiet_company, undo_seconds="10")
    return connected


def states(company: Company) -> list[tuple[Any, ...]]:
    return company.rows("SELECT state, reason FROM pending_messages ORDER BY nonce")


def undo(visitor: Visitor, page: str) -> Any:
    """Press Undo in the toast of a page."""
    action = re.search(r'action="(/pending/[^"]+/recall)"', page)
    version = re.search(r'name="version" value="(\d+)"', page)
    assert action is not None, page
    assert version is not None, page
    return visitor.post(action[1], version=version[1])


def test_a_mail_waits_ten_seconds_and_can_be_taken_back(
    careful: Visitor, quiet_company: Company
) -> None:
    page = careful.get(at(careful.post("/conversations", nonce="n1", **LETTER)))
    assert "It leaves in 10 seconds." in words(page)
    assert "Until then it can be taken back." in words(page)
    assert re.search(r'data-counts="\d+">(10|9) seconds<', page.get_data(as_text=True))
    quiet_company.work()
    assert states(quiet_company) == [("scheduled", "not_due")]
    form = careful.follow(undo(careful, page.get_data(as_text=True)))
    assert "Taken back. It has not left" in form
    again = careful.follow(undo(careful, page.get_data(as_text=True)))
    assert "You took this email back already." in again
    assert states(quiet_company) == [("held", "taken_back")]
    quiet_company.later(minutes=1).work()
    assert states(quiet_company) == [("held", "taken_back")]
    letter = quiet_company.value("SELECT id FROM pending_messages")
    saved = careful.post(f"/pending/{letter}", version=2, then="release", **LETTER)
    assert "Saved. It leaves in 10 seconds." in careful.follow(saved)
    later = quiet_company.later(seconds=11)
    later.sweep()
    assert states(quiet_company)[0][0] == "sent"
    late = careful.post(f"/pending/{letter}/recall", version=9)
    assert late.status_code == 409
    assert "It has left" in words(late)


@pytest.mark.parametrize(("chosen", "wait"), [("0", 0), ("30", 30), ("7", None)])
def test_each_member_chooses_for_how_long(
    connected: Visitor, quiet_company: Company, chosen: str, wait: int | None
) -> None:
    settings = {"daily_limit": "250", "hourly_limit": "60", "time_zone": "Europe/Berlin"}
    answer = connected.post("/settings/email", undo_seconds=chosen, **settings)
    assert answer.status_code == (422 if wait is None else 303)
    connected.post("/conversations", **LETTER)
    row = quiet_company.rows("SELECT due_at - created_at, undo_until FROM pending_messages")[0]
    assert abs(row[0] - timedelta(seconds=wait or 0)) < timedelta(seconds=1)
    assert (row[1] is None) is not bool(wait)


def test_a_date_that_has_passed_is_refused_at_its_field(
    connected: Visitor, quiet_company: Company
) -> None:
    past = {"when": "date", "due_at": "2020-01-01T09:00"}
    answer = connected.post("/conversations", **LETTER, **past)
    assert answer.status_code == 422
    assert "This moment has passed" in words(answer)
    connected.post("/conversations", **LETTER)
    letter = quiet_company.value("SELECT id FROM pending_messages")
    moved = connected.post(f"/pending/{letter}/schedule", version=1, due_at=past["due_at"])
    assert moved.status_code == 422
    assert 'id="f-due_at-wrong"' in moved.get_data(as_text=True)
    edited = connected.post(f"/pending/{letter}", version=1, **LETTER, **past)
    assert edited.status_code == 422
    assert "This moment has passed" in words(edited)


def test_people_of_several_accounts_are_asked_about_first(
    careful: Visitor, quiet_company: Company
) -> None:
    both = {**LETTER, "to": f"{DANA}, {JON}", "cc": "kim@lumenworks.example"}
    asked = careful.post("/conversations", nonce="n", **both)
    assert asked.status_code == 422
    assert "belong to different accounts and would see each other's addresses" in words(asked)
    assert re.search(r'value="each"\s+checked', asked.get_data(as_text=True))
    assert states(quiet_company) == []
    told = careful.post("/conversations/recipients", **both).get_data(as_text=True)
    assert 'name="spread"' in told
    page = careful.get(at(careful.post("/conversations", nonce="n", spread="each", **both)))
    assert "2 emails, one to each. For the first: It leaves in 10 seconds." in words(page)
    rows = quiet_company.rows('SELECT "to", cc FROM pending_messages ORDER BY nonce')
    assert [[one["address"] for one in to] for to, _ in rows] == [[DANA], [JON]]
    assert {cc[0]["address"] for _, cc in rows} == {"kim@lumenworks.example"}
    careful.post("/conversations", nonce="n", spread="each", **both)
    assert "Taken back: 2 emails" in careful.follow(undo(careful, page.get_data(as_text=True)))
    assert states(quiet_company) == [("held", "taken_back")] * 2
    careful.post("/conversations", nonce="m", spread="together", **both)
    assert len(states(quiet_company)) == 3


def test_who_is_added_to_waiting_mail_or_an_answer_is_asked_about(
    connected: Visitor, quiet_company: Company
) -> None:
    connected.post("/conversations", **LETTER)
    letter = quiet_company.value("SELECT id FROM pending_messages")
    wider = {**LETTER, "to": f"{DANA}, {JON}"}
    edited = connected.post(f"/pending/{letter}", version=1, **wider)
    assert edited.status_code == 422
    assert "different accounts" in words(edited)
    assert (
        connected.post(f"/pending/{letter}", version=1, spread="together", **wider).status_code
        == 303
    )
    quiet_company.receives(ROBIN, JON, **{"from": DANA, "subject": "Pilot"})
    quiet_company.work()
    quiet_company.connected(ROBIN)
    thread = quiet_company.value("SELECT id FROM conversations")
    answer = connected.post(f"/conversations/{thread}/replies", to=wider["to"], body_text="Yes")
    assert answer.status_code == 303, "they were on that mail together"
