"""What was taken out of the timeline: no list and no count has it, and it can be put back."""

import pytest

from tests.console.conftest import Visitor, member, words
from tests.support.company import ANA, DANA, KIM, ROBIN, Company


@pytest.fixture
def two(quiet_company: Company) -> tuple[int, int]:
    """A conversation with two messages: its id and that of the newer message."""
    first = {"to": [ROBIN], "from": DANA, "subject": "Pilot", "text": "First words"}
    message_id = quiet_company.simulator.post("/simulator/mail", first).json()["message_id"]
    answer = {"subject": "Re: Pilot", "in_reply_to": f"<{message_id}>", "text": "Second"}
    quiet_company.receives(ROBIN, **{"from": DANA, **answer})
    quiet_company.connected(ROBIN)
    thread = int(quiet_company.value("SELECT id FROM conversations"))
    return thread, int(quiet_company.value("SELECT max(id) FROM messages"))


@pytest.mark.contract("K-37", "K-38")
def test_a_message_taken_out_leaves_the_page_and_the_count(
    robin: Visitor, quiet_company: Company, two: tuple[int, int]
) -> None:
    thread, message = two
    assert "2 messages" in robin.page(f"/conversations/{thread}")
    assert "stays in Gmail" in robin.page(f"/messages/{message}/removal")
    before = quiet_company.gmail().get("messages")
    text = robin.follow(robin.post(f"/messages/{message}/removal"))
    assert "Removed from the timeline" in text
    assert "1 message" in text
    assert "1 email taken out of the timeline" in text
    assert "Taken out by Robin Vale" in text
    assert quiet_company.gmail().get("messages") == before
    assert "1 message" in robin.follow(robin.post(f"/messages/{message}/removal"))
    back = robin.follow(robin.post(f"/messages/{message}/return"))
    assert "2 messages" in back
    assert "Logged. By you" in back


def test_a_conversation_without_any_message_is_in_no_list_and_in_no_number(
    robin: Visitor, quiet_company: Company, two: tuple[int, int]
) -> None:
    thread, _ = two
    account = quiet_company.value("SELECT id FROM accounts WHERE name = 'Northwind Traders'")
    assert "1 conversation" in robin.page("/conversations")
    for (message,) in quiet_company.rows("SELECT id FROM messages"):
        robin.post(f"/messages/{message}/removal")
    assert "No conversations yet" in robin.page("/conversations")
    assert "0 conversations" in robin.page("/conversations")
    assert "Pilot" not in robin.page("/")
    assert "Pilot" not in robin.page(f"/accounts/{account}")
    assert "None of it is in the timeline" in robin.page(f"/conversations/{thread}")


def test_who_may_not_take_it_out_is_told_who_may(
    quiet_company: Company, two: tuple[int, int]
) -> None:
    thread, message = two
    kim, ana = member(quiet_company, KIM), member(quiet_company, ANA)
    assert "Take out" not in kim.page(f"/conversations/{thread}")
    answer = kim.post(f"/messages/{message}/removal")
    assert answer.status_code == 403
    assert "admins" in words(answer)
    assert "Taken out by Ana Lindt" in ana.follow(ana.post(f"/messages/{message}/removal"))
