import pytest

from tests.services.outbox.sender import Sender
from tests.support.office import KIM, ROBIN, Office


def sender_of(office: Office, email: str) -> Sender:
    """Somebody whose mailbox is connected and read, and who sends at any hour."""
    mailbox_id = office.connected(email)
    return Sender(office, mailbox_id, email)


@pytest.fixture
def sender(quiet_office: Office) -> Sender:
    return sender_of(quiet_office, ROBIN)


@pytest.fixture
def other_sender(sender: Sender) -> Sender:
    """A colleague's, in the same workspace."""
    return sender_of(sender.office, KIM)
