"""Large bodies, which Gmail delivers apart, are read whole by sync and by a click."""

import pytest
import requests

from backend.domain.mail.mime.body import NOT_ALL
from backend.services import logging_mail
from tests.support.office import DANA, ROBIN, Office
from tests.support.open_mail import mail_from_dana, nonce, opened

LARGE = "A line of a long mail.\n" * 30_000
BODY = "SELECT text FROM message_bodies"


def calls(office: Office) -> dict[str, int]:
    answer = requests.get(f"{office.simulator.root}/simulator/usage", timeout=10).json()
    return {str(name): int(count) for name, count in answer["users"][ROBIN]["calls"].items()}


def test_sync_reads_a_body_that_comes_apart(quiet_office: Office) -> None:
    office = quiet_office
    for _ in range(2):
        office.receives(**{"from": DANA, "text": LARGE, "html": f"<pre>{LARGE}</pre>"})
    office.receives(**{"from": DANA, "text": "Short."})
    office.connected()
    lengths = sorted(len(text) for (text,) in office.rows(BODY))
    assert lengths[0] < 10
    assert min(lengths[1:]) > 500_000
    assert calls(office)["gmail.users.messages.attachments.get"] == 4


def test_a_part_that_cannot_be_had_is_tried_again_with_its_message(quiet_office: Office) -> None:
    office = quiet_office
    office.receives(**{"from": DANA, "text": LARGE})
    office.connect()
    fault = {"kind": "status", "match": "attachments.get", "params": {"code": 503}}
    office.simulator.post("/simulator/faults", fault)
    office.work()
    assert office.rows(BODY) == []
    office.later(minutes=1).sweep()
    assert len(office.value(BODY)) > 500_000
    assert office.rows("SELECT scanned, kept, failed FROM import_runs") == [(1, 1, 0)]


@pytest.mark.contract("H-4")
def test_a_click_reads_a_body_that_comes_apart(quiet_office: Office) -> None:
    office = quiet_office
    mail = opened(office, mail_from_dana(office, text=LARGE)[ROBIN])
    logging_mail.log(office.deps, office.actor(), opened=mail, nonce=nonce())
    assert len(office.value(BODY)) > 500_000


def test_a_part_that_gmail_never_hands_out_leaves_the_rest(quiet_office: Office) -> None:
    office = quiet_office
    gmail_id = office.receives(**{"from": DANA, "text": LARGE, "html": "<p>Short.</p>"})
    office.connect()
    fault = {"kind": "status", "match": "attachments.get", "params": {"code": 404}}
    office.simulator.post("/simulator/faults", fault)
    office.work()
    told = office.rows("SELECT gmail_id, outcome || ':' || reason FROM decisions")
    assert told == [(gmail_id, "kept:matched_sender")]
    assert office.value(BODY) == f"Short.\n\n{NOT_ALL}"
    assert NOT_ALL in office.value("SELECT html FROM message_bodies")


@pytest.mark.parametrize("way", ["sync", "click"])
def test_a_part_too_big_to_copy_is_told_of(
    way: str, quiet_office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = quiet_office
    monkeypatch.setattr("backend.google.deferred.BIGGEST_PART", 100_000)
    if way == "click":
        mail = opened(office, mail_from_dana(office, text=LARGE)[ROBIN])
        logging_mail.log(office.deps, office.actor(), opened=mail, nonce=nonce())
    else:
        office.receives(**{"from": DANA, "text": LARGE})
        office.connected()
    assert office.value(BODY) == NOT_ALL
    assert calls(office).get("gmail.users.messages.attachments.get", 0) == 0
