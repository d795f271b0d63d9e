"""An address such as support@: a mailbox with its own profile, marked as shared by an admin."""

import pytest

from backend.domain.summaries.panel import UnknownPerson
from backend.google.open_message import OpenedMessage
from backend.queries.panel.message import open_message
from tests.console.conftest import Visitor, words
from tests.support.company import KIM, ROBIN, Company

STRANGER = "Pat Poe <pat@nobody.example>"


def subjects(company: Company) -> set[str]:
    return {subject for (subject,) in company.rows("SELECT subject FROM messages")}


@pytest.mark.contract("D-2", "D-17", "V-41", "V-42")
def test_a_shared_mailbox_takes_in_all_mail_once_its_owner_says_so(
    quiet_company: Company, ana: Visitor, kim: Visitor
) -> None:
    support = quiet_company.connected(KIM)
    quiet_company.receives(KIM, subject="Before", **{"from": STRANGER})
    quiet_company.later(minutes=20).sweep()
    assert subjects(quiet_company) == set()

    ana.post(f"/mailboxes/{support}/kind", takes_in="shared")
    assert "Only mail with known contacts is logged" in kim.page("/settings/email")
    told = kim.follow(kim.post("/mailbox/reach", capture="all"))
    assert "All its mail is logged at the moment, including strangers'" in told
    page = ana.page("/settings/integrations/gmail")
    assert "A shared address: all mail, of strangers too" in page
    gmail_id = quiet_company.receives(KIM, subject="After", **{"from": STRANGER})
    quiet_company.later(minutes=40).sweep()
    assert subjects(quiet_company) == {"After"}
    mail = OpenedMessage(gmail_id=gmail_id, thread_id=gmail_id)
    beside_it = open_message(quiet_company.deps, quiet_company.actor(KIM), mail)
    assert isinstance(beside_it, UnknownPerson)
    assert beside_it.refusal == "This email is in Rapport, but nobody on it is a contact."

    assert "After" in kim.page("/conversations")
    ana.post(f"/mailboxes/{support}/kind", takes_in="own")
    quiet_company.receives(KIM, subject="Private again", **{"from": STRANGER})
    quiet_company.later(minutes=60).sweep()
    assert subjects(quiet_company) == {"After"}


@pytest.mark.contract("D-2")
def test_a_personal_mailbox_never_takes_in_all_mail(
    quiet_company: Company, robin: Visitor, ana: Visitor
) -> None:
    mailbox = quiet_company.connected(ROBIN)
    assert robin.post("/mailbox/reach", capture="all").status_code == 422
    quiet_company.receives(ROBIN, subject="Mine", **{"from": STRANGER})
    quiet_company.later(minutes=20).sweep()
    assert subjects(quiet_company) == set()
    assert ana.post(f"/mailboxes/{mailbox}/kind", takes_in="a lot").status_code == 422


def test_nobody_has_a_colleagues_strangers_taken_in(quiet_company: Company, ana: Visitor) -> None:
    mailbox = quiet_company.connected(KIM)
    answer = ana.post(f"/mailboxes/{mailbox}/kind", takes_in="everything")
    assert answer.status_code == 403
    assert f"Only the person who signs in as {KIM} can have all its mail logged" in words(answer)
    assert quiet_company.value("SELECT capture FROM mailboxes WHERE id = %s", mailbox) == "matched"


def test_a_persons_own_mailbox_is_not_opened_to_strangers(
    quiet_company: Company, robin: Visitor
) -> None:
    quiet_company.connected(ROBIN)
    answer = robin.post("/mailbox/reach", capture="all")
    assert answer.status_code == 422
    assert "an admin marked as shared" in words(answer)


def test_only_an_admin_marks_mailboxes(quiet_company: Company, robin: Visitor) -> None:
    mailbox = quiet_company.connected(ROBIN)
    assert robin.post(f"/mailboxes/{mailbox}/kind", takes_in="everything").status_code == 403
