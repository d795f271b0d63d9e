import pytest

from tests.services.outbox.sender import Sender
from tests.support.company import KIM, ROBIN, Company


def sender_of(company: Company, email: str) -> Sender:
    """Somebody whose mailbox is connected and read, and who sends at any hour."""
    mailbox_id = company.connected(email)
    return Sender(company, mailbox_id, email)


@pytest.fixture
def sender(quiet_company: Company) -> Sender:
    return sender_of(quiet_company, ROBIN)


@pytest.fixture
def other_sender(sender: Sender) -> Sender:
    """A colleague's, in the same workspace."""
    return sender_of(sender.company, KIM)
