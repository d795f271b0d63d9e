"""Mailboxes connected when the product asked for more than it does now go on as they are."""

import pytest

from backend.google.oauth import IDENTITY_SCOPES
from tests.services.outbox.sender import Sender
from tests.support.office import DANA, ROBIN, Office

BEFORE = {"scope": " ".join([*IDENTITY_SCOPES, "https://www.googleapis.com/auth/gmail.modify"])}
GRANTED = "SELECT string_agg(s, ' ') FROM mailboxes, unnest(scopes) s WHERE s LIKE '%%gmail%%'"


@pytest.fixture
def sender_of_before(quiet_office: Office) -> Sender:
    """Robin allowed gmail.modify, as the product asked once."""
    office = quiet_office
    mailbox_id = office.connect(ROBIN, instead=BEFORE)
    assert office.value(GRANTED).endswith("/gmail.modify")
    office.work()
    return Sender(office, mailbox_id)


def test_a_grant_of_before_reads_and_sends(sender_of_before: Sender) -> None:
    sender, office = sender_of_before, sender_of_before.office
    office.receives(**{"from": DANA})
    sender.sync()
    assert office.rows("SELECT state FROM mailboxes") == [("live",)]
    assert office.value("SELECT count(*) FROM messages") == 1
    pending_id = sender.start()
    sender.send()
    assert sender.state(pending_id) == "sent"


def test_connecting_again_asks_for_less(sender_of_before: Sender) -> None:
    office = sender_of_before.office
    office.connect(ROBIN)
    held = [scope.rpartition("/")[2] for scope in office.value(GRANTED).split()]
    assert held == ["gmail.readonly", "gmail.send"]
