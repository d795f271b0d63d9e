"""Contacts are switched to subscribed and unsubscribed, several at once (VC-87)."""

from backend.domain.ids import ContactId
from backend.queries import contacts
from backend.services import composing, subscriptions
from backend.services.composing import Draft
from backend.services.subscriptions import Subscription
from backend.store.subscriptions import Chosen, end_writing
from tests.support.company import DANA, Company
from tests.support.decisions import add_contact


def test_two_contacts_with_one_address_are_switched_together(company: Company) -> None:
    dana = company.value("SELECT contact_id FROM contact_addresses WHERE key = %s", DANA)
    omar = add_contact(company, "Warehouse desk", "desk@northwind.example", DANA)
    deps, actor, both = company.deps, company.actor(), [ContactId(dana), ContactId(omar)]
    assert subscriptions.switch(deps, actor, contacts=both, to=Subscription.UNSUBSCRIBED) == 2
    found = [contacts.contact(deps, actor, one).write_block or "" for one in both]
    assert all(one.startswith("Unsubscribed") for one in found)
    subscriptions.switch(deps, actor, contacts=both, to=Subscription.SUBSCRIBED)
    assert [contacts.contact(deps, actor, one).write_block for one in both] == [None, None]


def test_a_persons_own_click_outranks_the_hand_of_others(company: Company) -> None:
    """So that undoing a list never subscribes somebody who has clicked since."""
    company.connect()
    deps, actor = company.deps, company.actor()
    draft = Draft(to=(DANA,), subject="News", body_text="Read this.")
    mail = composing.start(deps, actor, draft=draft, nonce="news")
    dana = ContactId(company.value("SELECT contact_id FROM contact_addresses WHERE key = %s", DANA))
    subscriptions.switch(deps, actor, contacts=[dana], to=Subscription.UNSUBSCRIBED)
    hashes = {deps.keyed_hash.of(actor.workspace_id, DANA): (dana, DANA)}
    clicked = Chosen(actor.workspace_id, deps.now(), pending_id=mail)
    by_hand = Chosen(actor.workspace_id, deps.now(), set_by=actor.member_id)
    for how in (clicked, by_hand):
        with deps.store.begin(actor.workspace_id) as session:
            end_writing(session, how, hashes)
        assert company.rows("SELECT set_by, pending_id FROM suppressions") == [(None, mail)]
