"""Earlier mail of somebody who has become a contact, offered on their page."""

import pytest

from backend.services import creating_contacts
from backend.services.creating_contacts import NewContact
from tests.console.conftest import Visitor
from tests.support.company import ROBIN, Company
from tests.support.open_mail import nonce

LEE = "lee@newco.example"


@pytest.mark.contract("D-5")
def test_the_page_offers_earlier_mail_and_then_shows_it(
    quiet_company: Company, connected: Visitor
) -> None:
    quiet_company.receives(ROBIN, subject="Our first talk", **{"from": f"Lee Ward <{LEE}>"})
    quiet_company.later(minutes=20).sweep()
    contact = creating_contacts.create_contact(
        quiet_company.deps,
        quiet_company.actor(ROBIN),
        person=NewContact(name="Lee Ward", email=LEE, account=None),
        log=None,
        nonce=nonce(),
    )
    page = connected.page(f"/contacts/{contact}")
    assert "Left out of your mailbox because Lee Ward was not a contact then" in page
    assert "Log earlier mail (1 found)" in page
    answer = connected.post(f"/contacts/{contact}/earlier-mail")
    assert "1 earlier email is on the way." in connected.follow(answer)
    quiet_company.work()
    page = connected.page(f"/contacts/{contact}")
    assert "Our first talk" in page
    assert "Log earlier mail" not in page
