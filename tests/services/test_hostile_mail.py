"""Mail made to cost time, on its whole path: it delays nothing, and it is reported."""

import base64
import os

import pytest

from backend.cpu import within
from backend.errors import TooCostly
from tests.support.company import DANA, ROBIN, Company
from tests.support.hostile_mail import bounce, html, mail, multipart, recipients, references

pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
"""The budget may end inside a finaliser, where Python only tells of it; it ends again then."""

ASIDE = "SELECT gmail_id, reason, detail FROM quarantine"


def receives_raw(company: Company, raw: bytes) -> str:
    """A whole mail as it was written, in Robin's mailbox; its id there."""
    given = {"raw_base64": base64.b64encode(raw).decode("ascii"), "to": [ROBIN]}
    return str(company.simulator.post("/simulator/mail", given).json()["copies"][0]["id"])


def from_dana(raw: bytes) -> bytes:
    """The same mail, written by somebody whose mail is kept."""
    return raw.replace(b"From: Eve <eve@evil.example>", f"From: {DANA}".encode())


def test_hostile_mail_is_stored_and_the_mail_behind_it_comes(quiet_company: Company) -> None:
    company = quiet_company
    for number, raw in enumerate(
        (
            recipients(2_000),
            references(5_000),
            html("&" * 400_000),
            html("<div>" * 20_000),
            mail(b"a" * 2_000_000),
            multipart(["Content-Type: text/plain\r\n\r\nx"] * 3_000),
            mail(Subject=" \r\n ".join(["=?utf-8?q?" * 60] * 20), Cc=" " * 900 + "x"),
            multipart(
                ['Content-Type: text/x; name="a\x00b"\r\nContent-Disposition: attachment\r\n\r\nx']
            ),
        )
    ):
        receives_raw(company, from_dana(raw).replace(b"<hostile@", f"<hostile{number}@".encode()))
    receives_raw(company, bounce(1_000))
    company.receives(**{"from": DANA, "subject": "The one behind"})
    company.connect()
    begun = os.times()
    company.work()
    spent = os.times().user - begun.user
    assert company.value("SELECT count(*) FROM messages WHERE subject = 'The one behind'") == 1
    assert company.value("SELECT count(*) FROM messages") == 9
    assert company.rows(ASIDE) == []
    assert spent < 9 * 1.0


def test_a_mail_that_takes_too_long_is_set_aside_at_once_and_told(
    quiet_company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    company = quiet_company
    slow = receives_raw(company, from_dana(html("<p><b>Hi</b>" * 9_000)))
    company.receives(**{"from": DANA, "subject": "The one behind"})
    monkeypatch.setattr("backend.google.deferred.READING", 0.02)
    company.connect()
    company.work()
    ((gmail_id, reason, detail),) = company.rows(ASIDE)
    assert (gmail_id, reason) == (slow, "cannot_parse")
    assert detail.startswith("Reading this email would take too long")
    assert company.value("SELECT subject FROM messages") == "The one behind"
    decided = company.value("SELECT outcome FROM decisions WHERE gmail_id = %s", slow)
    assert decided == "quarantined"


def test_a_mail_that_takes_too_long_to_judge_is_set_aside_alone_and_at_once(
    quiet_company: Company, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    company = quiet_company
    slow = receives_raw(company, from_dana(mail("On 3 May 2024, Kim wrote:\r\n" * 8_000)))
    company.receives(**{"from": DANA, "subject": "The one behind"})
    monkeypatch.setattr("backend.services.capture.capturing.JUDGING", 0.01)
    company.connect()
    company.work()
    assert [row[0] for row in company.rows(ASIDE)] == [slow]
    assert company.value("SELECT subject FROM messages") == "The one behind"
    assert "batch_failed" not in capsys.readouterr().out  # it is known, and not read once more


def test_computing_is_cut_off_wherever_it_is() -> None:
    def endless() -> None:
        while True:
            try:
                sum(range(1_000))
            except Exception:  # noqa: BLE001 - what a careless reader would do
                return

    with pytest.raises(TooCostly):
        within(0.05, endless)
    assert within(0.05, lambda: sum(range(10))) == 45
