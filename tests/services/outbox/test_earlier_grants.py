"""Mailboxes connected when the product asked for more scopes than now keep working."""

import pytest

from backend.google.oauth import IDENTITY_SCOPES
from tests.services.outbox.sender import Sender
from tests.support.company import DANA, ROBIN, Company

BEFORE = {"scope": " ".join([*IDENTITY_SCOPES, "https://www.googleapis.com/auth/gmail.modify"])}
GRANTED = "SELECT string_agg(s, ' ') FROM mailboxes, unnest(scopes) s WHERE s LIKE '%%gmail%%'"


@pytest.fixture
def sender_of_before(quiet_company: Company) -> Sender:
    """Robin allowed gmail.modify, as the product asked once."""
    company = quiet_company
    mailbox_id = company.connect(ROBIN, instead=BEFORE)
    assert company.value(GRANTED).endswith("/gmail.modify")
    company.work()
    return Sender(company, mailbox_id)


def test_a_grant_of_before_reads_and_sends(sender_of_before: Sender) -> None:
    sender, company = sender_of_before, sender_of_before.company
    company.receives(**{"from": DANA})
    sender.sync()
    assert company.rows("SELECT state FROM mailboxes") == [("live",)]
    assert company.value("SELECT count(*) FROM messages") == 1
    pending_id = sender.start()
    sender.send()
    assert sender.state(pending_id) == "sent"


def test_connecting_again_asks_for_less(sender_of_before: Sender) -> None:
    company = sender_of_before.company
    company.connect(ROBIN)
    held = [scope.rpartition("/")[2] for scope in company.value(GRANTED).split()]
    assert held == ["gmail.readonly", "gmail.send"]
