"""Large bodies, which Gmail delivers apart, are read whole by sync and by a click."""

import pytest
import requests

from backend.domain.mail.mime.body import NOT_ALL
from backend.services import logging_mail
from tests.support.company import DANA, ROBIN, Company
from tests.support.open_mail import mail_from_dana, nonce, opened

LARGE = "A line of a long mail.\n" * 30_000
BODY = "SELECT text FROM message_bodies"


def calls(company: Company) -> dict[str, int]:
    answer = requests.get(f"{company.simulator.root}/simulator/usage", timeout=10).json()
    return {str(name): int(count) for name, count in answer["users"][ROBIN]["calls"].items()}


def test_sync_reads_a_body_that_comes_apart(quiet_company: Company) -> None:
    company = quiet_company
    for _ in range(2):
        company.receives(**{"from": DANA, "text": LARGE, "html": f"<pre>{LARGE}</pre>"})
    company.receives(**{"from": DANA, "text": "Short."})
    company.connected()
    lengths = sorted(len(text) for (text,) in company.rows(BODY))
    assert lengths[0] < 10
    assert min(lengths[1:]) > 500_000
    assert calls(company)["gmail.users.messages.attachments.get"] == 4


def test_a_part_that_cannot_be_had_is_tried_again_with_its_message(quiet_company: Company) -> None:
    company = quiet_company
    company.receives(**{"from": DANA, "text": LARGE})
    company.connect()
    fault = {"kind": "status", "match": "attachments.get", "params": {"code": 503}}
    company.simulator.post("/simulator/faults", fault)
    company.work()
    assert company.rows(BODY) == []
    company.later(minutes=1).sweep()
    assert len(company.value(BODY)) > 500_000
    assert company.rows("SELECT scanned, kept, failed FROM import_runs") == [(1, 1, 0)]


@pytest.mark.contract("H-4")
def test_a_click_reads_a_body_that_comes_apart(quiet_company: Company) -> None:
    company = quiet_company
    mail = opened(company, mail_from_dana(company, text=LARGE)[ROBIN])
    logging_mail.log(company.deps, company.actor(), opened=mail, nonce=nonce())
    assert len(company.value(BODY)) > 500_000


def test_a_part_that_gmail_never_hands_out_leaves_the_rest(quiet_company: Company) -> None:
    company = quiet_company
    gmail_id = company.receives(**{"from": DANA, "text": LARGE, "html": "<p>Short.</p>"})
    company.connect()
    fault = {"kind": "status", "match": "attachments.get", "params": {"code": 404}}
    company.simulator.post("/simulator/faults", fault)
    company.work()
    told = company.rows("SELECT gmail_id, outcome || ':' || reason FROM decisions")
    assert told == [(gmail_id, "kept:matched_sender")]
    assert company.value(BODY) == f"Short.\n\n{NOT_ALL}"
    assert NOT_ALL in company.value("SELECT html FROM message_bodies")


@pytest.mark.parametrize("way", ["sync", "click"])
def test_a_part_too_big_to_copy_is_told_of(
    way: str, quiet_company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    company = quiet_company
    monkeypatch.setattr("backend.google.deferred.BIGGEST_PART", 100_000)
    if way == "click":
        mail = opened(company, mail_from_dana(company, text=LARGE)[ROBIN])
        logging_mail.log(company.deps, company.actor(), opened=mail, nonce=nonce())
    else:
        company.receives(**{"from": DANA, "text": LARGE})
        company.connected()
    assert company.value(BODY) == NOT_ALL
    assert calls(company).get("gmail.users.messages.attachments.get", 0) == 0
