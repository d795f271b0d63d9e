"""A member moves to another address: nothing is lost or doubled, and the old one falls silent."""

import pytest

from backend.errors import Conflict, InputError, NotFound
from backend.services import composing, connecting
from tests.support.company import DANA, ROBIN, Company, allow

NEW = "robin.vale@lumenworks.example"
BOXES = "SELECT email, state, sealed_token IS NOT NULL FROM mailboxes ORDER BY id"
PENDING = "SELECT b.email, p.state FROM pending_messages p JOIN mailboxes b ON b.id = p.mailbox_id"
SUBJECTS = "SELECT subject FROM messages ORDER BY id"


@pytest.fixture
def company(quiet_company: Company) -> Company:
    """Robin is connected, and has a second mailbox at Google."""
    person = {"email": NEW, "name": "Robin Vale", "role": "team"}
    quiet_company.simulator.post("/simulator/people", person)
    quiet_company.connected(ROBIN)
    return quiet_company


def asked(company: Company, address: str = NEW) -> str:
    """Back from Google with the other account; what the confirmation is known by."""
    deps, actor = company.deps, company.actor()
    url = connecting.begin(deps, actor, return_to="/", address=address, way=connecting.MOVE)
    arrived = connecting.finish(deps, actor, **allow(url, address))
    assert isinstance(arrived, connecting.Unconfirmed)
    return arrived.state


def move(company: Company, address: str = NEW) -> None:
    state = asked(company, address)
    connecting.confirm(company.deps, company.actor(), state=state, display_name="Robin Vale")
    company.work()


def started(company: Company, subject: str) -> None:
    """Robin writes to Dana from here."""
    draft = composing.Draft(to=[DANA], subject=subject, body_text="Shall we talk?")
    composing.start(company.deps, company.actor(), draft=draft, nonce=subject)


def leave(company: Company) -> None:
    """What is due leaves, whatever hour it is."""
    company.work()
    company.later(minutes=5).sweep()


@pytest.mark.contract("H-22", "K-7")
def test_another_address_takes_the_place_without_disconnecting_first(company: Company) -> None:
    company.receives(ROBIN, subject="Before", **{"from": DANA})
    company.later(minutes=20).sweep()
    state = asked(company)
    shown = connecting.unconfirmed(company.deps, company.actor(), state=state)
    assert (shown.email, shown.moves_from, shown.warning) == (NEW, ROBIN, "")
    assert company.rows(BOXES) == [(ROBIN, "live", True)]
    connecting.confirm(company.deps, company.actor(), state=state, display_name="Robin Vale")
    company.work()
    assert company.rows(BOXES) == [(ROBIN, "disconnected", False), (NEW, "live", True)]
    assert company.rows(SUBJECTS) == [("Before",)]


@pytest.mark.contract("H-23")
def test_new_mail_leaves_from_the_new_address_and_so_does_what_waited(company: Company) -> None:
    started(company, "Waited")
    move(company)
    started(company, "New")
    assert {address for address, _ in company.rows(PENDING)} == {NEW}
    leave(company)
    assert set(company.rows(PENDING)) == {(NEW, "sent")}
    sent = company.gmail(NEW).get("messages", labelIds="SENT")["messages"]
    assert len(sent) == 2
    assert not company.gmail(ROBIN).get("messages", labelIds="SENT").get("messages")


@pytest.mark.contract("H-24")
def test_the_old_address_is_not_read_any_more_even_in_its_threads(company: Company) -> None:
    company.receives(ROBIN, subject="Renewal", **{"from": DANA})
    company.later(minutes=20).sweep()
    move(company)
    company.receives(ROBIN, subject="Re: Renewal", **{"from": DANA})
    company.receives(NEW, subject="Hello", **{"from": DANA})
    company.later(minutes=40).sweep()
    assert company.rows(SUBJECTS) == [("Renewal",), ("Hello",)]


def test_while_a_mail_may_be_leaving_nobody_moves(company: Company) -> None:
    lost = {"kind": "drop_after_accept", "match": "messages.send"}
    company.simulator.post("/simulator/faults", lost)
    started(company, "On its way")
    company.work()
    state = asked(company)
    with pytest.raises(Conflict, match="leaving your mailbox"):
        connecting.confirm(company.deps, company.actor(), state=state, display_name="Robin Vale")
    assert company.rows(BOXES) == [(ROBIN, "live", True)]
    assert company.rows(PENDING) == [(ROBIN, "unknown")]


def test_there_and_back_again_doubles_nothing(company: Company) -> None:
    company.receives(ROBIN, subject="Renewal", **{"from": DANA})
    company.later(minutes=20).sweep()
    move(company)
    move(company, ROBIN)
    assert [state for _, state, _ in company.rows(BOXES)] == ["disconnected"] * 2 + ["live"]
    assert company.rows(SUBJECTS) == [("Renewal",)]
    assert company.value("SELECT count(*) FROM conversations") == 1


def test_moving_needs_a_mailbox_and_another_address(company: Company) -> None:
    deps, actor = company.deps, company.actor()
    for wrong in ("", "nowhere", ROBIN):
        with pytest.raises(InputError) as refused:
            connecting.begin(deps, actor, return_to="/", address=wrong, way=connecting.MOVE)
        assert "address" in refused.value.fields
    kim = company.actor("kim@lumenworks.example")
    with pytest.raises(NotFound, match="no mailbox here yet"):
        connecting.begin(deps, kim, return_to="/", address=NEW, way=connecting.MOVE)
