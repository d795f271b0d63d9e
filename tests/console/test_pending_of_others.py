"""Mail that leaves from somebody else's mailbox: whose limits, windows and signature count."""

from datetime import timedelta

from tests.console.conftest import Visitor, member, words
from tests.support.company import KIM, Company
from tests.support.decisions import settle_on


def test_a_leader_edits_it_under_its_senders_rules(letter: str, quiet_company: Company) -> None:
    settle_on(quiet_company, KIM, signature_html="Mine")
    kim = member(quiet_company, KIM)
    answer = kim.get(f"{letter}/edit")
    page = answer.get_data(as_text=True)
    assert "The signature of Robin Vale is added automatically." in page
    assert "It leaves from robin@lumenworks.example" in page
    assert "/settings/email/signature" not in page
    assert "Connect your Gmail first." not in page


def test_its_forecast_is_that_of_its_own_mailbox(letter: str, quiet_company: Company) -> None:
    kim = member(quiet_company, KIM)
    pending = letter.rpartition("/")[2]
    asked = "/pending/forecast?when=delay&delay=2&delay_unit=days"
    assert words(kim.get(asked)) == "Connect your Gmail first."
    assert "On the date chosen for it." in words(kim.get(f"{asked}&mail={pending}"))


def test_a_mail_that_is_moved_does_not_wait_behind_itself(
    connected: Visitor, letter: str, quiet_company: Company
) -> None:
    due = quiet_company.value("SELECT due_at FROM pending_messages")
    moved = f"/pending/forecast?due_at={due + timedelta(minutes=1):%Y-%m-%dT%H:%M}"
    assert "before it" in words(connected.get(moved))
    pending = letter.rpartition("/")[2]
    assert "before it" not in words(connected.get(f"{moved}&mail={pending}"))


def test_an_address_that_names_no_mail_asks_of_ones_own(connected: Visitor) -> None:
    answer = connected.get("/pending/forecast?when=delay&delay=2&delay_unit=days&mail=nonsense")
    assert "On the date chosen for it." in words(answer)
