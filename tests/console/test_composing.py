"""Writing mail in the console: replies, new conversations, dates, and what is refused."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.console.conftest import Visitor, words
from tests.support.company import DANA, ROBIN, Company
from tests.support.decisions import settle_on

LETTER = {"to": DANA, "subject": "Renewal", "body_text": "Hi Dana,\r\n\r\nshall we?"}


def waiting(company: Company) -> list[tuple[object, ...]]:
    return company.rows("SELECT state, subject, body_text, due_at, reply_to FROM pending_messages")


@pytest.mark.contract("V-2", "VC-24", "VC-40")
def test_a_new_conversation_is_queued_and_says_when_it_leaves(
    connected: Visitor, quiet_company: Company
) -> None:
    text = connected.follow(connected.post("/conversations", nonce="n1", **LETTER))
    assert "As it will arrive" in text
    assert "Dana Reyes <dana@northwind.example>" in text
    rows = waiting(quiet_company)
    assert len(rows) == 1
    assert rows[0][1:3] == ("Renewal", "Hi Dana,\n\nshall we?")


def test_a_double_click_queues_once(connected: Visitor, quiet_company: Company) -> None:
    for _ in range(2):
        assert connected.post("/conversations", nonce="same", **LETTER).status_code == 303
    assert len(waiting(quiet_company)) == 1


@pytest.mark.contract("V-3")
def test_a_reply_joins_its_conversation(connected: Visitor, quiet_company: Company) -> None:
    quiet_company.receives(ROBIN, **{"from": DANA, "subject": "Pilot"})
    quiet_company.work()
    quiet_company.connected(ROBIN)
    thread = quiet_company.value("SELECT id FROM conversations")
    answer = connected.post(f"/conversations/{thread}/replies", to=DANA, body_text="Yes")
    assert answer.headers["Location"] == f"/conversations/{thread}#pending"
    row = quiet_company.rows("SELECT conversation_id, subject FROM pending_messages")[0]
    assert row == (thread, "Re: Pilot")
    assert "Re: Pilot" in connected.page(f"/conversations/{thread}")


@pytest.mark.contract("VC-14", "VC-19", "VC-20")
def test_cc_bcc_and_reply_to_are_kept(connected: Visitor, quiet_company: Company) -> None:
    connected.post(
        "/conversations",
        **LETTER,
        cc="Omar Lund <omar@northwind.example>",
        bcc="archive@lumenworks.example",
        reply_to="desk@lumenworks.example",
    )
    row = quiet_company.rows("SELECT cc, bcc, reply_to FROM pending_messages")[0]
    assert row[0][0]["address"] == "omar@northwind.example"
    assert row[1][0]["address"] == "archive@lumenworks.example"
    assert row[2] == "desk@lumenworks.example"


@pytest.mark.contract("VC-33", "VC-39")
@pytest.mark.parametrize(
    ("when", "ahead"),
    [
        pytest.param({"when": "delay", "delay": "3", "delay_unit": "hours"}, 3, id="a delay"),
        pytest.param({"when": "delay", "delay": "2", "delay_unit": "days"}, 48, id="days"),
    ],
)
def test_a_delay_moves_the_date(
    connected: Visitor, quiet_company: Company, when: dict[str, str], ahead: int
) -> None:
    connected.post("/conversations", **LETTER, **when)
    due_at = waiting(quiet_company)[0][3]
    assert isinstance(due_at, datetime)
    assert abs(due_at - quiet_company.deps.now() - timedelta(hours=ahead)) < timedelta(minutes=5)


def test_a_date_is_read_in_the_writers_zone(connected: Visitor, quiet_company: Company) -> None:
    settle_on(quiet_company, time_zone="America/New_York")
    day = (quiet_company.deps.now() + timedelta(days=9)).date()
    connected.post("/conversations", **LETTER, when="date", due_at=f"{day}T09:00")
    due_at = waiting(quiet_company)[0][3]
    assert isinstance(due_at, datetime)
    assert due_at.astimezone(UTC).hour in {13, 14}


@pytest.mark.contract("VC-6")
def test_somebody_who_is_no_contact_cannot_be_written_to(
    connected: Visitor, quiet_company: Company
) -> None:
    answer = connected.post("/conversations", **{**LETTER, "to": "lee@else.example"})
    assert answer.status_code == 422
    assert "lee@else.example is not a contact" in words(answer)
    assert "shall we?" in words(answer)
    assert waiting(quiet_company) == []


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        pytest.param({"to": ""}, "Nobody is in To", id="nobody in To"),
        pytest.param({"to": "dana@"}, "is not a usable email address", id="half an address"),
        pytest.param({"subject": " "}, "Write a subject", id="no subject"),
        pytest.param({"body_text": ""}, "Write a message", id="no text"),
        pytest.param({"when": "date", "due_at": "soon"}, "Choose a day and a time", id="no date"),
        pytest.param({"when": "delay", "delay": "-1"}, "Write a number", id="a delay below zero"),
        pytest.param({"when": "delay", "delay": "9999"}, "Write a number", id="a delay of years"),
    ],
)
def test_what_cannot_be_used_is_named_and_nothing_is_lost(
    connected: Visitor, quiet_company: Company, changed: dict[str, str], said: str
) -> None:
    answer = connected.post("/conversations", **{**LETTER, "reply_to": "kept@x.example", **changed})
    assert answer.status_code == 422
    assert said in words(answer)
    assert "kept@x.example" in answer.get_data(as_text=True)
    assert waiting(quiet_company) == []


def test_without_a_mailbox_nothing_is_queued_and_the_page_says_why(
    robin: Visitor, quiet_company: Company
) -> None:
    assert "Your Gmail is not connected" in robin.page("/conversations/new")
    answer = robin.post("/conversations", **LETTER)
    assert answer.status_code == 409
    assert "Your Gmail is not connected" in words(answer)
    assert waiting(quiet_company) == []


@pytest.mark.contract("VC-38")
def test_the_form_shows_the_signature_and_the_forecast(connected: Visitor) -> None:
    form = connected.get("/conversations/new").get_data(as_text=True)
    assert 'title="Your signature"' in form
    assert "Robin Vale" in words(connected.get("/settings/email/signature"))
    past = words(connected.get("/pending/forecast?when=date&due_at=2020-01-01T10:00"))
    assert past == "This moment has passed. Choose a later one."
    line = words(connected.get("/pending/forecast?when=delay&delay=2&delay_unit=days"))
    assert line.startswith("Leaves ")
    assert "On the date chosen for it" in line


def test_an_account_leads_to_a_form_addressed_to_its_contact(
    connected: Visitor, quiet_company: Company
) -> None:
    number = quiet_company.value("SELECT id FROM accounts WHERE name = 'Northwind Traders'")
    form = connected.get(f"/conversations/new?account={number}").get_data(as_text=True)
    assert "@northwind.example" in form


@pytest.mark.contract("K-28", "K-29")
def test_the_choice_of_quoting_says_when_each_fits(ana: Visitor) -> None:
    page = ana.page("/settings/policies")
    assert "Fits unrelated questions one after the other, and many messages whose history" in page
    assert "Fits reminding people of their question, and troubleshooting back and forth." in page
