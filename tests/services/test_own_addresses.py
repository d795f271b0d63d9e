"""Gmail's “Send mail as” changes while a mailbox is connected, and mail from it is ours (S-13)."""

from base64 import urlsafe_b64encode

import pytest

from backend.services.importing import syncing
from backend.services.settings import add_alias
from tests.support.company import ANA, DANA, KIM, ROBIN, Company

PRIVATE = "robin@private.example"
KNOWN = "SELECT address FROM mailbox_aliases WHERE source = 'send_as' ORDER BY address"
WHY = "SELECT reason FROM decisions WHERE gmail_id = %s"
BUSY = {"kind": "status", "match": "settings.sendAs.list", "params": {"code": 503}}


def says(company: Company, status: str, address: str = PRIVATE) -> None:
    """What Robin's Gmail says of an address."""
    company.simulator.post(
        "/simulator/send-as", {"email": ROBIN, "address": address, "status": status}
    )


def known(company: Company) -> list[str]:
    return [address for (address,) in company.rows(KNOWN)]


def writes(company: Company, to: str = KIM) -> str:
    """Robin writes by hand in Gmail from his private address; its Gmail id, once it is synced."""
    raw = f"From: {PRIVATE}\r\nTo: {to}\r\nSubject: Lunch\r\n\r\nAt noon?\r\n".encode()
    sent = company.gmail().post("messages/send", {"raw": urlsafe_b64encode(raw).decode()})
    for (mailbox_id,) in company.rows("SELECT id FROM mailboxes WHERE cursor IS NOT NULL"):
        syncing.sync_mailbox(company.deps, *company.key(mailbox_id))
    return str(sent["id"])


@pytest.fixture
def company(quiet_company: Company) -> Company:
    """Robin's mailbox is live."""
    quiet_company.connected(ROBIN)
    assert known(quiet_company) == []
    return quiet_company


def test_connecting_again_reads_them_again(company: Company) -> None:
    says(company, "accepted")
    company.connected(ROBIN)
    assert known(company) == [PRIVATE]


def test_every_night_they_are_read_again(company: Company) -> None:
    says(company, "accepted")
    company.sweep()
    assert known(company) == []
    company.later(hours=25).sweep()
    assert known(company) == [PRIVATE]


def test_what_gmail_no_longer_proves_is_given_up_and_what_an_admin_confirmed_stays(
    company: Company,
) -> None:
    says(company, "accepted")
    box = company.connected(ROBIN)
    add_alias(company.deps, company.actor(ANA), mailbox_id=box, address="r@lumenworks.example")
    says(company, "")
    company.later(hours=25).sweep()
    assert company.rows("SELECT address FROM mailbox_aliases") == [("r@lumenworks.example",)]


def test_an_unknown_sender_of_sent_mail_is_looked_up_before_the_mail_is_decided(
    company: Company,
) -> None:
    says(company, "accepted")
    assert company.rows(WHY, writes(company)) == [("internal_only",)]
    assert known(company) == [PRIVATE]
    kept = writes(company, to=DANA)
    assert company.rows(WHY, kept) == [("matched_recipient",)]
    assert company.value("SELECT outgoing FROM messages")


def test_a_colleague_who_receives_it_has_mail_of_ours(company: Company) -> None:
    says(company, "accepted")
    company.connected(KIM)
    writes(company)  # in any order, Robin's address is known afterwards
    writes(company)
    reasons = company.rows("SELECT reason FROM decisions ORDER BY decided_at DESC LIMIT 2")
    assert reasons == [("internal_only",), ("internal_only",)]
    assert company.rows("SELECT FROM messages") == []


def test_an_address_that_waits_for_its_proof_is_not_ours(company: Company) -> None:
    says(company, "pending")
    company.connected(ROBIN)
    assert known(company) == []


def test_a_read_that_fails_in_passing_breaks_nothing_and_is_made_up_for(company: Company) -> None:
    says(company, "accepted")
    company.simulator.post("/simulator/faults", BUSY)
    sent = writes(company, to=DANA)
    assert company.rows(WHY, sent) == [("third_party_sender",)]
    assert company.rows("SELECT state, last_error, own_addresses_at FROM mailboxes") == [
        ("live", None, None)
    ]
    later = company.later(minutes=11)
    later.sweep()
    assert known(company) == [PRIVATE]
    later.sweep()
    assert company.rows(WHY, sent) == [("matched_recipient",)]
    assert company.value("SELECT outgoing FROM messages")


def test_what_an_admin_confirms_brings_back_mail_sent_under_it(company: Company) -> None:
    says(company, "accepted")
    company.simulator.post("/simulator/faults", BUSY)
    sent = writes(company, to=DANA)
    box = company.value("SELECT id FROM mailboxes WHERE cursor IS NOT NULL")
    add_alias(company.deps, company.actor(ANA), mailbox_id=box, address=PRIVATE)
    company.work()
    assert company.rows(WHY, sent) == [("matched_recipient",)]


def test_a_first_connection_does_not_wait_for_them(quiet_company: Company) -> None:
    company = quiet_company
    says(company, "accepted")
    company.simulator.post("/simulator/faults", {**BUSY, "times": None})
    company.receives(**{"from": DANA})
    company.connected(ROBIN)
    assert company.rows("SELECT state FROM mailboxes") == [("live",)]
    assert company.value("SELECT count(*) FROM messages") == 1
