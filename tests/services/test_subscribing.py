"""Contacts are switched to subscribed and unsubscribed, several at once (VC-87)."""

from backend.domain.ids import ContactId
from backend.queries import contacts
from backend.services import subscriptions
from backend.services.subscriptions import Subscription
from tests.support.decisions import add_contact
from tests.support.office import DANA, Office


def test_two_contacts_with_one_address_are_switched_together(office: Office) -> None:
    dana = office.value("SELECT contact_id FROM contact_addresses WHERE key = %s", DANA)
    omar = add_contact(office, "Warehouse desk", "desk@northwind.example", DANA)
    deps, actor, both = office.deps, office.actor(), [ContactId(dana), ContactId(omar)]
    assert subscriptions.switch(deps, actor, contacts=both, to=Subscription.UNSUBSCRIBED) == 2
    found = [contacts.contact(deps, actor, one).write_block or "" for one in both]
    assert all(one.startswith("Unsubscribed") for one in found)
    subscriptions.switch(deps, actor, contacts=both, to=Subscription.SUBSCRIBED)
    assert [contacts.contact(deps, actor, one).write_block for one in both] == [None, None]
