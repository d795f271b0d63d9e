"""A member moves to another address: nothing is lost or doubled, and the old one falls silent."""

import pytest

from backend.errors import Conflict, InputError, NotFound
from backend.services import composing, connecting
from tests.support.office import DANA, ROBIN, Office, allow

NEW = "robin.vale@lumenworks.example"
BOXES = "SELECT email, state, sealed_token IS NOT NULL FROM mailboxes ORDER BY id"
PENDING = "SELECT b.email, p.state FROM pending_messages p JOIN mailboxes b ON b.id = p.mailbox_id"
SUBJECTS = "SELECT subject FROM messages ORDER BY id"


@pytest.fixture
def office(quiet_office: Office) -> Office:
    """Robin is connected, and has a second mailbox at Google."""
    person = {"email": NEW, "name": "Robin Vale", "role": "team"}
    quiet_office.simulator.post("/simulator/people", person)
    quiet_office.connected(ROBIN)
    return quiet_office


def asked(office: Office, address: str = NEW) -> str:
    """Back from Google with the other account; what the confirmation is known by."""
    deps, actor = office.deps, office.actor()
    url = connecting.begin(deps, actor, return_to="/", address=address, way=connecting.MOVE)
    arrived = connecting.finish(deps, actor, **allow(url, address))
    assert isinstance(arrived, connecting.Unconfirmed)
    return arrived.state


def move(office: Office, address: str = NEW) -> None:
    state = asked(office, address)
    connecting.confirm(office.deps, office.actor(), state=state, display_name="Robin Vale")
    office.work()


def started(office: Office, subject: str) -> None:
    """Robin writes to Dana from here."""
    draft = composing.Draft(to=[DANA], subject=subject, body_text="Shall we talk?")
    composing.start(office.deps, office.actor(), draft=draft, nonce=subject)


def leave(office: Office) -> None:
    """What is due leaves, whatever hour it is."""
    office.work()
    office.later(minutes=5).sweep()


@pytest.mark.contract("H-22", "K-7")
def test_another_address_takes_the_place_without_disconnecting_first(office: Office) -> None:
    office.receives(ROBIN, subject="Before", **{"from": DANA})
    office.later(minutes=20).sweep()
    state = asked(office)
    shown = connecting.unconfirmed(office.deps, office.actor(), state=state)
    assert (shown.email, shown.moves_from, shown.warning) == (NEW, ROBIN, "")
    assert office.rows(BOXES) == [(ROBIN, "live", True)]
    connecting.confirm(office.deps, office.actor(), state=state, display_name="Robin Vale")
    office.work()
    assert office.rows(BOXES) == [(ROBIN, "disconnected", False), (NEW, "live", True)]
    assert office.rows(SUBJECTS) == [("Before",)]


@pytest.mark.contract("H-23")
def test_new_mail_leaves_from_the_new_address_and_so_does_what_waited(office: Office) -> None:
    started(office, "Waited")
    move(office)
    started(office, "New")
    assert {address for address, _ in office.rows(PENDING)} == {NEW}
    leave(office)
    assert set(office.rows(PENDING)) == {(NEW, "sent")}
    sent = office.gmail(NEW).get("messages", labelIds="SENT")["messages"]
    assert len(sent) == 2
    assert not office.gmail(ROBIN).get("messages", labelIds="SENT").get("messages")


@pytest.mark.contract("H-24")
def test_the_old_address_is_not_read_any_more_even_in_its_threads(office: Office) -> None:
    office.receives(ROBIN, subject="Renewal", **{"from": DANA})
    office.later(minutes=20).sweep()
    move(office)
    office.receives(ROBIN, subject="Re: Renewal", **{"from": DANA})
    office.receives(NEW, subject="Hello", **{"from": DANA})
    office.later(minutes=40).sweep()
    assert office.rows(SUBJECTS) == [("Renewal",), ("Hello",)]


def test_while_a_mail_may_be_leaving_nobody_moves(office: Office) -> None:
    lost = {"kind": "drop_after_accept", "match": "messages.send"}
    office.simulator.post("/simulator/faults", lost)
    started(office, "On its way")
    office.work()
    state = asked(office)
    with pytest.raises(Conflict, match="leaving your mailbox"):
        connecting.confirm(office.deps, office.actor(), state=state, display_name="Robin Vale")
    assert office.rows(BOXES) == [(ROBIN, "live", True)]
    assert office.rows(PENDING) == [(ROBIN, "unknown")]


def test_there_and_back_again_doubles_nothing(office: Office) -> None:
    office.receives(ROBIN, subject="Renewal", **{"from": DANA})
    office.later(minutes=20).sweep()
    move(office)
    move(office, ROBIN)
    assert [state for _, state, _ in office.rows(BOXES)] == ["disconnected"] * 2 + ["live"]
    assert office.rows(SUBJECTS) == [("Renewal",)]
    assert office.value("SELECT count(*) FROM conversations") == 1


def test_moving_needs_a_mailbox_and_another_address(office: Office) -> None:
    deps, actor = office.deps, office.actor()
    for wrong in ("", "nowhere", ROBIN):
        with pytest.raises(InputError) as refused:
            connecting.begin(deps, actor, return_to="/", address=wrong, way=connecting.MOVE)
        assert "address" in refused.value.fields
    kim = office.actor("kim@lumenworks.example")
    with pytest.raises(NotFound, match="no mailbox here yet"):
        connecting.begin(deps, kim, return_to="/", address=NEW, way=connecting.MOVE)
