"""An address such as support@: a mailbox with its own profile, marked as shared by an admin."""

import pytest

from tests.console.conftest import Visitor, member
from tests.support.office import KIM, ROBIN, Office

STRANGER = "Pat Poe <pat@nobody.example>"


def subjects(office: Office) -> set[str]:
    return {subject for (subject,) in office.rows("SELECT subject FROM messages")}


@pytest.mark.contract("D-2", "D-17", "V-41", "V-42")
def test_a_shared_mailbox_takes_in_all_mail_once_an_admin_says_so(
    quiet_office: Office, ana: Visitor
) -> None:
    support = quiet_office.connected(KIM)
    quiet_office.receives(KIM, subject="Before", **{"from": STRANGER})
    quiet_office.later(minutes=20).sweep()
    assert subjects(quiet_office) == set()

    page = ana.follow(ana.post(f"/mailboxes/{support}/kind", takes_in="everything"))
    assert "A shared address: all mail, of strangers too" in page
    quiet_office.receives(KIM, subject="After", **{"from": STRANGER})
    quiet_office.later(minutes=40).sweep()
    assert subjects(quiet_office) == {"After"}

    kim = member(quiet_office, KIM)
    assert "After" in kim.page("/conversations")
    ana.post(f"/mailboxes/{support}/kind", takes_in="own")
    quiet_office.receives(KIM, subject="Private again", **{"from": STRANGER})
    quiet_office.later(minutes=60).sweep()
    assert subjects(quiet_office) == {"After"}


@pytest.mark.contract("D-2")
def test_a_personal_mailbox_never_takes_in_all_mail(quiet_office: Office, ana: Visitor) -> None:
    mailbox = quiet_office.connected(ROBIN)
    quiet_office.run("UPDATE mailboxes SET capture = 'all' WHERE id = %s", mailbox)
    quiet_office.receives(ROBIN, subject="Mine", **{"from": STRANGER})
    quiet_office.later(minutes=20).sweep()
    assert subjects(quiet_office) == set()
    assert ana.post(f"/mailboxes/{mailbox}/kind", takes_in="a lot").status_code == 422


def test_only_an_admin_marks_mailboxes(quiet_office: Office, robin: Visitor) -> None:
    mailbox = quiet_office.connected(ROBIN)
    assert robin.post(f"/mailboxes/{mailbox}/kind", takes_in="everything").status_code == 403
