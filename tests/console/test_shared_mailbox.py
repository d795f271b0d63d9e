"""An address such as support@: a mailbox with its own profile, marked as shared by an admin."""

import pytest

from backend.domain.summaries.panel import UnknownPerson
from backend.google.open_message import OpenedMessage
from backend.queries.panel.message import open_message
from tests.console.conftest import Visitor, words
from tests.support.office import KIM, ROBIN, Office

STRANGER = "Pat Poe <pat@nobody.example>"


def subjects(office: Office) -> set[str]:
    return {subject for (subject,) in office.rows("SELECT subject FROM messages")}


@pytest.mark.contract("D-2", "D-17", "V-41", "V-42")
def test_a_shared_mailbox_takes_in_all_mail_once_its_owner_says_so(
    quiet_office: Office, ana: Visitor, kim: Visitor
) -> None:
    support = quiet_office.connected(KIM)
    quiet_office.receives(KIM, subject="Before", **{"from": STRANGER})
    quiet_office.later(minutes=20).sweep()
    assert subjects(quiet_office) == set()

    ana.post(f"/mailboxes/{support}/kind", takes_in="shared")
    assert "Only mail with known contacts is taken in" in kim.page("/settings/email")
    told = kim.follow(kim.post("/mailbox/reach", capture="all"))
    assert "All its mail is taken in at present, of strangers, too" in told
    page = ana.page("/settings/integrations/gmail")
    assert "A shared address: all mail, of strangers too" in page
    gmail_id = quiet_office.receives(KIM, subject="After", **{"from": STRANGER})
    quiet_office.later(minutes=40).sweep()
    assert subjects(quiet_office) == {"After"}
    mail = OpenedMessage(gmail_id=gmail_id, thread_id=gmail_id)
    beside_it = open_message(quiet_office.deps, quiet_office.actor(KIM), mail)
    assert isinstance(beside_it, UnknownPerson)
    assert beside_it.refusal == "This email is in Rapport, but nobody on it is a contact."

    assert "After" in kim.page("/conversations")
    ana.post(f"/mailboxes/{support}/kind", takes_in="own")
    quiet_office.receives(KIM, subject="Private again", **{"from": STRANGER})
    quiet_office.later(minutes=60).sweep()
    assert subjects(quiet_office) == {"After"}


@pytest.mark.contract("D-2")
def test_a_personal_mailbox_never_takes_in_all_mail(
    quiet_office: Office, robin: Visitor, ana: Visitor
) -> None:
    mailbox = quiet_office.connected(ROBIN)
    assert robin.post("/mailbox/reach", capture="all").status_code == 422
    quiet_office.receives(ROBIN, subject="Mine", **{"from": STRANGER})
    quiet_office.later(minutes=20).sweep()
    assert subjects(quiet_office) == set()
    assert ana.post(f"/mailboxes/{mailbox}/kind", takes_in="a lot").status_code == 422


def test_nobody_has_a_colleagues_strangers_taken_in(quiet_office: Office, ana: Visitor) -> None:
    mailbox = quiet_office.connected(KIM)
    answer = ana.post(f"/mailboxes/{mailbox}/kind", takes_in="everything")
    assert answer.status_code == 403
    assert f"Only whoever signs in as {KIM} can have all its mail taken in" in words(answer)
    assert quiet_office.value("SELECT capture FROM mailboxes WHERE id = %s", mailbox) == "matched"


def test_a_persons_own_mailbox_is_not_opened_to_strangers(
    quiet_office: Office, robin: Visitor
) -> None:
    quiet_office.connected(ROBIN)
    answer = robin.post("/mailbox/reach", capture="all")
    assert answer.status_code == 422
    assert "an admin marked as shared" in words(answer)


def test_only_an_admin_marks_mailboxes(quiet_office: Office, robin: Visitor) -> None:
    mailbox = quiet_office.connected(ROBIN)
    assert robin.post(f"/mailboxes/{mailbox}/kind", takes_in="everything").status_code == 403
