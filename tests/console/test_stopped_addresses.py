"""Addresses that mail came back from, on every page that speaks of them, and the way to lift it."""

import pytest

from backend.services import sending
from backend.services.importing import syncing
from tests.console.conftest import Visitor, at
from tests.support.company import DANA, Company
from tests.support.decisions import add_contact, contact_id

GONE = "nobody.home@northwind.example"
SAID = f"Could not be delivered to {GONE}: no such address"


@pytest.fixture
def returned(connected: Visitor, quiet_company: Company) -> Visitor:
    """Robin, who wrote to Nora's only address, which does not exist any more."""
    add_contact(quiet_company, "Nora Home", GONE, accounts=["Northwind Traders"])
    form = {"to": GONE, "subject": "Renewal", "body_text": "Hi Dana", "when": "now"}
    assert connected.post("/conversations", **form).status_code == 303
    (key,) = quiet_company.rows("SELECT workspace_id, id FROM mailboxes")
    sending.send_mailbox(quiet_company.deps, *key)
    syncing.sync_mailbox(quiet_company.deps, *key)
    return connected


def test_switching_leaves_what_a_bounce_forbids(returned: Visitor, quiet_company: Company) -> None:
    nora = contact_id(quiet_company, GONE)
    returned.post("/contacts/subscriptions", contact=nora, to="subscribed")
    assert "Mail came back" in returned.page("/contacts?q=nora")


@pytest.mark.contract("M7")
def test_every_page_says_that_mail_came_back_until_somebody_lifts_it(
    returned: Visitor, quiet_company: Company
) -> None:
    contact, conversation, message = quiet_company.rows(
        "SELECT a.contact_id, m.conversation_id, m.id FROM contact_addresses a, messages m"
        " WHERE a.key = %s AND m.outgoing",
        GONE,
    )[0]
    home = returned.page("/")
    assert "Nothing needs you" not in home
    for path in (
        *("/", f"/contacts/{contact}", f"/conversations/{conversation}"),
        *(f"/messages/{message}/why", "/settings/stopped-addresses?q=nobody"),
    ):
        assert SAID in returned.page(path), path
    for path in ("/conversations", f"/contacts/{contact}"):
        shown = returned.page(path)
        assert "Mail came back" in shown
        assert "They wrote last" not in shown
    assert "1 stopped address ·" in returned.page("/settings/stopped-addresses")
    told = returned.post("/conversations/recipients", to=GONE).get_data(as_text=True)
    assert "Write to another address of this person" in told
    assert (
        returned.post("/conversations/recipients", to="somebody").get_data(as_text=True).strip()
        == ""
    )

    stop = quiet_company.value("SELECT id FROM suppressions")
    form = {"back": f"/contacts/{contact}"}
    lifted = returned.post(f"/settings/stopped-addresses/{stop}/lift", **form)
    assert at(lifted) == f"/contacts/{contact}"
    assert f"Mail may go to {GONE} again" in returned.follow(lifted)
    assert SAID not in returned.page("/")
    assert "No address is stopped" in returned.page("/settings/stopped-addresses")
    assert "Lifted" in returned.page("/settings/stopped-addresses?state=lifted")
    again = returned.post(f"/settings/stopped-addresses/{stop}/lift")
    assert f"Mail may go to {GONE} again already" in returned.follow(again)
    away = {"back": "//evil.example"}
    assert returned.post("/settings/stopped-addresses/999/lift", **away).status_code == 404


def test_who_unsubscribed_is_listed_and_not_lifted_here(
    robin: Visitor, quiet_company: Company
) -> None:
    dana = quiet_company.value("SELECT contact_id FROM contact_addresses WHERE key = %s", DANA)
    robin.post("/contacts/subscriptions", contact=dana, to="unsubscribed")
    text = robin.page("/settings/stopped-addresses?reason=unsubscribed&q=dana")
    assert DANA in text
    assert "Write again" not in text
    stop = quiet_company.value("SELECT id FROM suppressions")
    assert robin.post(f"/settings/stopped-addresses/{stop}/lift").status_code == 422
