"""Gmail's “Send mail as” changes while a mailbox is connected, and mail from it is ours (S-13)."""

from base64 import urlsafe_b64encode

import pytest

from backend.services.importing import syncing
from backend.services.settings import add_alias
from tests.support.office import ANA, DANA, KIM, ROBIN, Office

PRIVATE = "robin@private.example"
KNOWN = "SELECT address FROM mailbox_aliases WHERE source = 'send_as' ORDER BY address"
WHY = "SELECT reason FROM decisions WHERE gmail_id = %s"
BUSY = {"kind": "status", "match": "settings.sendAs.list", "params": {"code": 503}}


def says(office: Office, status: str, address: str = PRIVATE) -> None:
    """What Robin's Gmail says of an address."""
    office.simulator.post(
        "/simulator/send-as", {"email": ROBIN, "address": address, "status": status}
    )


def known(office: Office) -> list[str]:
    return [address for (address,) in office.rows(KNOWN)]


def writes(office: Office, to: str = KIM) -> str:
    """Robin writes by hand in Gmail from his private address; its Gmail id, once it is synced."""
    raw = f"From: {PRIVATE}\r\nTo: {to}\r\nSubject: Lunch\r\n\r\nAt noon?\r\n".encode()
    sent = office.gmail().post("messages/send", {"raw": urlsafe_b64encode(raw).decode()})
    for (mailbox_id,) in office.rows("SELECT id FROM mailboxes WHERE cursor IS NOT NULL"):
        syncing.sync_mailbox(office.deps, *office.key(mailbox_id))
    return str(sent["id"])


@pytest.fixture
def office(quiet_office: Office) -> Office:
    """Robin's mailbox is live."""
    quiet_office.connected(ROBIN)
    assert known(quiet_office) == []
    return quiet_office


def test_connecting_again_reads_them_again(office: Office) -> None:
    says(office, "accepted")
    office.connected(ROBIN)
    assert known(office) == [PRIVATE]


def test_every_night_they_are_read_again(office: Office) -> None:
    says(office, "accepted")
    office.sweep()
    assert known(office) == []
    office.later(hours=25).sweep()
    assert known(office) == [PRIVATE]


def test_what_gmail_no_longer_proves_is_given_up_and_what_an_admin_confirmed_stays(
    office: Office,
) -> None:
    says(office, "accepted")
    box = office.connected(ROBIN)
    add_alias(office.deps, office.actor(ANA), mailbox_id=box, address="r@lumenworks.example")
    says(office, "")
    office.later(hours=25).sweep()
    assert office.rows("SELECT address FROM mailbox_aliases") == [("r@lumenworks.example",)]


def test_an_unknown_sender_of_sent_mail_is_looked_up_before_the_mail_is_decided(
    office: Office,
) -> None:
    says(office, "accepted")
    assert office.rows(WHY, writes(office)) == [("internal_only",)]
    assert known(office) == [PRIVATE]
    kept = writes(office, to=DANA)
    assert office.rows(WHY, kept) == [("matched_recipient",)]
    assert office.value("SELECT outgoing FROM messages")


def test_a_colleague_who_receives_it_has_mail_of_ours(office: Office) -> None:
    says(office, "accepted")
    office.connected(KIM)
    writes(office)  # whoever is read first, Robin's address is known afterwards
    writes(office)
    reasons = office.rows("SELECT reason FROM decisions ORDER BY decided_at DESC LIMIT 2")
    assert reasons == [("internal_only",), ("internal_only",)]
    assert office.rows("SELECT FROM messages") == []


def test_an_address_that_waits_for_its_proof_is_not_ours(office: Office) -> None:
    says(office, "pending")
    office.connected(ROBIN)
    assert known(office) == []


def test_a_read_that_fails_in_passing_breaks_nothing_and_is_made_up_for(office: Office) -> None:
    says(office, "accepted")
    office.simulator.post("/simulator/faults", BUSY)
    sent = writes(office, to=DANA)
    assert office.rows(WHY, sent) == [("third_party_sender",)]
    assert office.rows("SELECT state, last_error, own_addresses_at FROM mailboxes") == [
        ("live", None, None)
    ]
    later = office.later(minutes=11)
    later.sweep()
    assert known(office) == [PRIVATE]
    later.sweep()
    assert office.rows(WHY, sent) == [("matched_recipient",)]
    assert office.value("SELECT outgoing FROM messages")


def test_what_an_admin_confirms_brings_back_mail_sent_under_it(office: Office) -> None:
    says(office, "accepted")
    office.simulator.post("/simulator/faults", BUSY)
    sent = writes(office, to=DANA)
    box = office.value("SELECT id FROM mailboxes WHERE cursor IS NOT NULL")
    add_alias(office.deps, office.actor(ANA), mailbox_id=box, address=PRIVATE)
    office.work()
    assert office.rows(WHY, sent) == [("matched_recipient",)]


def test_a_first_connection_does_not_wait_for_them(quiet_office: Office) -> None:
    office = quiet_office
    says(office, "accepted")
    office.simulator.post("/simulator/faults", {**BUSY, "times": None})
    office.receives(**{"from": DANA})
    office.connected(ROBIN)
    assert office.rows("SELECT state FROM mailboxes") == [("live",)]
    assert office.value("SELECT count(*) FROM messages") == 1
