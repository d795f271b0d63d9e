import pytest

from tests.services.outbox.desk import Desk
from tests.support.office import KIM, ROBIN, Office


def desk_of(office: Office, email: str) -> Desk:
    """A desk whose mailbox is connected and read; its owner sends at any hour."""
    mailbox_id = office.connected(email)
    return Desk(office, mailbox_id, email)


@pytest.fixture
def desk(quiet_office: Office) -> Desk:
    return desk_of(quiet_office, ROBIN)


@pytest.fixture
def other_desk(desk: Desk) -> Desk:
    """A colleague's, in the same workspace."""
    return desk_of(desk.office, KIM)
