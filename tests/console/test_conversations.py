"""Conversations on screen: who is on them, why they are listed, who may read, and foreign HTML."""

from datetime import timedelta

import pytest

from backend.queries.conversations import opened
from backend.services.notes import NotePlace, write_note
from tests.console.conftest import Visitor, member
from tests.support.company import ANA, DANA, KIM, ROBIN, Company
from tests.support.decisions import account_id, import_customers, share

HOSTILE = (
    '<p onclick="steal()">Numbers <b>attached</b></p><script>steal()</script>'
    '<img src="https://tracker.example/view.gif" width="1" height="1">'
    '<img src="https://pictures.example/chart.png">'
    '<a href="https://evil.example/">www.bank.example</a>'
)


@pytest.fixture
def thread(quiet_company: Company) -> int:
    """A conversation of Dana's, read from Robin's mailbox."""

    def read() -> int:
        mail = {"from": DANA, "cc": "jon@adatum.example", "subject": "Pilot", "html": HOSTILE}
        quiet_company.receives(ROBIN, **mail)
        quiet_company.connected(ROBIN)
        return int(quiet_company.value("SELECT id FROM conversations"))

    return quiet_company.begun("a hostile pilot", read)


@pytest.fixture
def message(thread: int, quiet_company: Company) -> int:
    return int(quiet_company.value("SELECT id FROM messages"))


@pytest.mark.contract("VC-104", "V-18")
def test_the_page_says_why_a_conversation_stands_under_each_account(
    thread: int, robin: Visitor
) -> None:
    text = robin.page(f"/conversations/{thread}")
    assert "Listed here because dana@northwind.example is in From" in text
    assert "Listed here because jon@adatum.example is in Cc" in text


@pytest.mark.contract("S-31", "S-32")
def test_the_history_shows_everything_or_interactions_alone(
    thread: int, robin: Visitor, quiet_company: Company
) -> None:
    number = account_id(quiet_company, "Adatum")
    about, actor = NotePlace(account_id=number), quiet_company.actor()
    write_note(quiet_company.deps, actor, text="Called about seats", about=about, nonce="once")
    everything = robin.page(f"/accounts/{number}")
    assert "History Everything Interactions Notes" in everything
    assert "Pilot" in everything
    assert "Called about seats" in everything
    interactions = robin.page(f"/accounts/{number}?kind=email")
    assert "Pilot" in interactions
    assert "Called about seats" not in interactions


def test_conversations_are_narrowed_by_account_type_mailbox_and_time(
    thread: int, robin: Visitor, quiet_company: Company
) -> None:
    import_customers(quiet_company, "Account,Plan", "Adatum,Gold")
    numbers = dict(quiet_company.rows("SELECT name, id FROM team_members"))
    account = quiet_company.value("SELECT id FROM accounts WHERE name = 'Adatum'")
    other = quiet_company.value("SELECT id FROM accounts WHERE name = 'Litware'")
    for query, found in (
        ("plan=Gold", True),
        ("plan=Silver", False),
        (f"account={account}", True),
        (f"account={other}", False),
        (f"member={numbers['Robin Vale']}", True),
        (f"member={numbers['Kim Doyle']}", False),
        ("heard=7", True),
        ("heard=over-30", False),
        ("member=nonsense&account=99999999999999999999", True),
    ):
        text = robin.page(f"/conversations?{query}")
        assert ("Pilot" in text) is found, query
        assert ("1 conversation" in text) is found, query


@pytest.mark.contract("S-33")
def test_a_conversation_is_one_entry_in_the_history_of_each_account(
    thread: int, robin: Visitor, quiet_company: Company
) -> None:
    for name in ("Northwind Traders", "Adatum"):
        number = quiet_company.value("SELECT id FROM accounts WHERE name = %s", name)
        assert "Pilot" in robin.page(f"/accounts/{number}")
        assert "Pilot" not in robin.page(f"/accounts/{number}?kind=note")


def test_the_page_says_who_can_read_it_and_who_logged_it(thread: int, robin: Visitor) -> None:
    text = robin.page(f"/conversations/{thread}")
    assert "Your team can read it: Robin Vale shares all of it" in text
    assert "Logged. Through your mailbox sync" in text


def test_a_private_conversation_shows_that_it_happened_and_nothing_else(
    thread: int, message: int, quiet_company: Company
) -> None:
    share(quiet_company, "metadata")
    kim, robin = member(quiet_company, KIM), member(quiet_company, ROBIN)
    for path in ("/conversations", f"/conversations/{thread}", "/"):
        text = kim.page(path)
        assert "Pilot" not in text, path
        assert "Numbers" not in text, path
    assert "Private email" in kim.page(f"/conversations/{thread}")
    assert kim.get(f"/messages/{message}/body").status_code == 404
    assert "Pilot" in robin.page(f"/conversations/{thread}")
    answer = kim.post(f"/conversations/{thread}/replies", to=DANA, body_text="Hi")
    assert answer.status_code != 500


def test_foreign_html_runs_nothing_and_loads_nothing(message: int, robin: Visitor) -> None:
    answer = robin.get(f"/messages/{message}/body")
    text = answer.get_data(as_text=True)
    policy = answer.headers["Content-Security-Policy"]
    assert "sandbox" in policy
    assert "script-src" not in policy
    assert "https:" not in policy
    assert "<b>attached</b>" in text
    assert "steal" not in text
    assert "tracker.example" not in text
    assert "pictures.example" not in text
    assert "(leads to evil.example)" in text


def test_pictures_are_loaded_when_somebody_asks_and_trackers_never(
    message: int, robin: Visitor
) -> None:
    answer = robin.get(f"/messages/{message}/body?images=shown")
    text = answer.get_data(as_text=True)
    assert "img-src data: https:" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "pictures.example" in text
    assert "tracker.example" not in text


def test_waiting_conversations_are_exactly_those_counted_at_home(
    thread: int, robin: Visitor
) -> None:
    home = robin.page("/")
    assert "Waiting for your answer 1" in home
    listed = robin.page("/conversations?mine=1&waiting=1")
    assert "Pilot" in listed
    assert "1 conversation" in listed


@pytest.mark.contract("V-6")
def test_the_list_shows_the_date_of_the_last_message(thread: int, robin: Visitor) -> None:
    text = robin.page("/conversations")
    assert "Last message" in text
    assert "They wrote last" in text


def test_subjects_are_searched_whatever_their_case(thread: int, robin: Visitor) -> None:
    assert "Pilot" in robin.page("/conversations?q=pILOT")
    assert "No conversations match" in robin.page("/conversations?q=nothing")


def test_a_message_says_why_it_is_here(
    message: int, robin: Visitor, quiet_company: Company
) -> None:
    text = robin.page(f"/messages/{message}/why")
    assert "dana@northwind.example, who sent it, is a known contact" in text
    gmail_id = quiet_company.value("SELECT gmail_id FROM message_copies")
    assert "Logged because" in robin.page(f"/why?message={gmail_id}")
    kim = member(quiet_company, KIM)
    assert "No decision is known" in kim.page(f"/why?message={gmail_id}")
    assert "Logged because" in member(quiet_company, ANA).page(f"/why?message={gmail_id}")


def test_mail_that_was_left_out_is_explained_to_who_has_its_id(quiet_company: Company) -> None:
    quiet_company.receives(ROBIN, **{"from": "lee@else.example", "subject": "Cheap offers"})
    quiet_company.connected(ROBIN)
    gmail_id = quiet_company.value("SELECT gmail_id FROM decisions WHERE outcome = 'skipped'")
    text = member(quiet_company, ROBIN).page(f"/why?message={gmail_id}")
    assert "nobody on it is a known contact" in text
    assert "Cheap offers" not in text


def test_the_list_of_a_big_thread_is_cut_and_leads_to_what_came_before(
    thread: int, robin: Visitor, quiet_company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opened, "MESSAGES_SHOWN", 3)
    first, sent_at = quiet_company.rows("SELECT rfc_id, sent_at FROM messages")[0]
    for number in range(1, 5):
        at = sent_at - timedelta(hours=number)
        older = {"subject": "Re: Pilot", "text": f"Older {number}", "date": at.isoformat()}
        quiet_company.receives(ROBIN, **{"from": DANA, "in_reply_to": [f"<{first}>"], **older})
    quiet_company.later(minutes=16).sweep()
    text = robin.page(f"/conversations/{thread}")
    assert "Show earlier messages" in text
    assert "Older 2" in text
    assert "Older 3" not in text
    oldest = quiet_company.value("SELECT id FROM messages WHERE snippet = 'Older 2'")
    earlier = robin.page(f"/conversations/{thread}?before={oldest}")
    assert "Older 3" in earlier
    assert "Older 4" in earlier
