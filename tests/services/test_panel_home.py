"""The home card's content: the mailbox, what leaves today, and what waits for the rep."""

import base64

from backend.domain.summaries.mailbox import MailboxState
from backend.queries.home import home_panel
from tests.support.company import DANA, KIM, ROBIN, Company
from tests.support.decisions import add_contact, turn_gmail_off


def test_before_anything_is_connected_there_is_no_mailbox(company: Company) -> None:
    found = home_panel(company.deps, company.actor())
    assert (found.greeting_name, found.mailbox, found.outlook) == ("Robin", None, None)
    assert found.gmail_enabled


def test_a_live_mailbox_has_room_to_send(company: Company) -> None:
    company.connected()
    found = home_panel(company.deps, company.actor())
    assert found.mailbox is not None
    assert found.mailbox.state is MailboxState.LIVE
    assert found.outlook is not None
    assert (found.outlook.daily_limit, found.outlook.hourly_limit) == (250, 60)
    assert found.leaving_today == 0


def test_gmail_may_not_be_switched_on_yet(company: Company) -> None:
    turn_gmail_off(company)
    assert not home_panel(company.deps, company.actor()).gmail_enabled


def test_who_did_not_answer_is_waited_for(company: Company) -> None:
    company.simulator.post("/simulator/reset", {"seed": "empty"})
    company.gmail().post("messages/send", {"raw": raw(ROBIN, DANA)})
    company.connected()
    later = company.later(days=6)
    waiting = home_panel(later.deps, company.actor()).waiting
    assert [(line.title, line.who) for line in waiting] == [
        ("No reply for 6 days", "Dana Reyes, Northwind Traders")
    ]
    assert home_panel(company.later(days=2).deps, company.actor()).waiting == ()


def test_an_address_that_failed_is_told_to_the_owner_of_the_account(quiet_company: Company) -> None:
    gone = "nobody.home@northwind.example"
    add_contact(quiet_company, "Nora Home", gone, accounts=["Northwind Traders"])
    quiet_company.connected(KIM)
    quiet_company.gmail(KIM).post("messages/send", {"raw": raw(KIM, gone)})
    for minutes in (20, 21):  # the report is read before its mail, and once more after it
        quiet_company.later(minutes=minutes).sweep()
    robin = quiet_company.actor()  # who looks after the account, and did not write
    waiting = home_panel(quiet_company.deps, robin).waiting
    assert [(line.title, line.who) for line in waiting] == [
        ("Bounced", "Nora Home, Northwind Traders")
    ]


def raw(sender: str, to: str) -> str:
    text = f"From: {sender}\r\nTo: {to}\r\nSubject: Any news\r\n\r\nHello\r\n"
    return base64.urlsafe_b64encode(text.encode()).decode()
