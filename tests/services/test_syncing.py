"""Live sync: what Gmail tells of after the import, however it tells it."""

import base64
from concurrent.futures import ThreadPoolExecutor

import pytest

from backend.domain.ids import MailboxId
from backend.services.importing.syncing import remember_hint, sync_mailbox
from tests.support.company import ANA, DANA, KIM, ROBIN, STRANGER, Company

FAR = 10**12
"""A history id beyond everything: the mailbox has news."""


def told(company: Company, email: str = ROBIN) -> None:
    """Gmail's push said that there is news, and the worker looked."""
    profile = company.gmail(email).get("profile")
    remember_hint(company.deps, email=email, history_id=int(profile["historyId"]))
    company.work()


def decisions(company: Company) -> dict[str, str]:
    return dict(company.rows("SELECT gmail_id, outcome || ':' || reason FROM decisions"))


@pytest.mark.contract("H-40")
@pytest.mark.contract("V-14")
@pytest.mark.contract("V-15")
@pytest.mark.contract("V-16")
@pytest.mark.contract("V-17")
def test_a_hint_brings_mail_of_both_directions(quiet_company: Company) -> None:
    company = quiet_company
    box = company.connected()
    came = company.receives(**{"from": DANA, "subject": "Question"})
    left = sent(company, DANA)
    told(company)
    assert decisions(company) == {came: "kept:matched_sender", left: "kept:matched_recipient"}
    assert dict(
        company.rows(
            "SELECT gmail_id, m.outgoing FROM message_copies c"
            " JOIN messages m ON m.id = c.message_id"
        )
    ) == {came: False, left: True}
    linked = company.rows(
        "SELECT DISTINCT c.name FROM participants p JOIN contacts c ON c.id = p.contact_id"
    )
    assert len(linked) == 1
    cursor, hint = company.rows("SELECT cursor, hint FROM mailboxes WHERE id = %s", box)[0]
    assert cursor >= hint


def sent(company: Company, to: str, email: str = ROBIN) -> str:
    """A mail written in Gmail itself."""

    raw = f"From: {email}\r\nTo: {to}\r\nSubject: From Gmail\r\n\r\nHello.\r\n".encode()
    body = {"raw": base64.urlsafe_b64encode(raw).decode()}
    return str(company.gmail(email).post("messages/send", body)["id"])


@pytest.mark.contract("V-20")
@pytest.mark.contract("V-22")
def test_nobody_known_means_nothing_kept(quiet_company: Company) -> None:
    company = quiet_company
    company.connected()
    gmail_id = company.receives(**{"from": STRANGER})
    told(company)
    assert decisions(company) == {gmail_id: "skipped:nobody_known"}
    assert company.value("SELECT count(*) FROM messages") == 0
    assert company.value("SELECT count(*) FROM contacts WHERE created_via <> 'seed'") == 0


def test_mail_arrives_by_poll_while_push_is_silent(quiet_company: Company) -> None:
    company = quiet_company
    company.connected()
    gmail_id = company.receives(**{"from": DANA})
    company.later(minutes=5).sweep()
    assert gmail_id not in decisions(company) or company.value("SELECT hint FROM mailboxes") is None
    company.later(minutes=16).sweep()
    assert decisions(company) == {gmail_id: "kept:matched_sender"}


def test_late_doubled_and_foreign_hints_change_nothing(quiet_company: Company) -> None:
    company = quiet_company
    box = company.connected()
    for history_id in (FAR, 5, FAR, 7):
        assert remember_hint(company.deps, email=ROBIN.upper(), history_id=history_id) == 1
    assert company.value("SELECT hint FROM mailboxes WHERE id = %s", box) == FAR
    assert remember_hint(company.deps, email="nobody@else.example", history_id=FAR) == 0
    company.work()
    assert decisions(company) == {}


@pytest.mark.contract("H-1")
@pytest.mark.contract("D-22")
def test_labels_and_deletions_are_followed(quiet_company: Company) -> None:
    company = quiet_company
    gmail_id = company.receives(**{"from": DANA})
    company.connected()
    account = company.gmail()
    account.post(
        f"messages/{gmail_id}/modify", {"addLabelIds": ["STARRED"], "removeLabelIds": ["UNREAD"]}
    )
    told(company)
    labels = company.value("SELECT labels FROM message_copies")
    assert "STARRED" in labels
    assert "UNREAD" not in labels
    account.delete(f"messages/{gmail_id}")
    told(company)
    assert company.value("SELECT deleted_at IS NOT NULL FROM message_copies")
    assert company.value("SELECT count(*) FROM messages") == 1


def test_drafts_are_left_out_unread_until_they_are_sent(quiet_company: Company) -> None:

    company = quiet_company
    company.connected()
    account = company.gmail()
    raw = f"From: {ROBIN}\r\nTo: {DANA}\r\nSubject: Draft\r\n\r\nHello.\r\n".encode()
    message = {"message": {"raw": base64.urlsafe_b64encode(raw).decode()}}
    draft = account.post("drafts", message)
    told(company)
    assert decisions(company) == {draft["message"]["id"]: "skipped:draft"}
    company.simulator.post("/simulator/faults", {"kind": "sent_via_labels"})
    left = account.post("drafts/send", {"id": draft["id"]})
    told(company)
    assert decisions(company)[left["id"]] == "kept:matched_recipient"


def test_what_came_and_went_between_two_looks_needs_no_decision(quiet_company: Company) -> None:
    company = quiet_company
    company.connected()
    gmail_id = company.receives(**{"from": DANA})
    company.gmail().delete(f"messages/{gmail_id}")
    told(company)
    assert decisions(company) == {}
    assert company.value("SELECT count(*) FROM to_fetch") == 0


def test_spam_counts_once_somebody_says_it_is_none(quiet_company: Company) -> None:
    company = quiet_company
    company.connected()
    gmail_id = company.receives(**{"from": DANA, "labels": ["SPAM"]})
    told(company)
    assert decisions(company) == {gmail_id: "skipped:spam"}
    company.gmail().post(
        f"messages/{gmail_id}/modify", {"addLabelIds": ["INBOX"], "removeLabelIds": ["SPAM"]}
    )
    told(company)
    assert decisions(company) == {gmail_id: "kept:matched_sender"}


def test_pages_without_history_are_no_end(quiet_company: Company) -> None:
    company = quiet_company
    company.connected()
    company.simulator.post("/simulator/faults", {"kind": "history_empty_pages"})
    gmail_id = company.receives(**{"from": DANA})
    told(company)
    assert decisions(company) == {gmail_id: "kept:matched_sender"}


def test_an_expired_cursor_leads_to_a_resync(quiet_company: Company) -> None:
    company = quiet_company
    company.receives(**{"from": DANA, "subject": "Before"})
    box = company.connected()
    between = company.receives(**{"from": DANA, "subject": "Between"})
    company.simulator.post("/simulator/faults", {"kind": "history_expired"})
    told(company)
    assert decisions(company)[between] == "kept:matched_sender"
    assert company.value("SELECT count(*) FROM messages") == 2
    assert company.value("SELECT state FROM mailboxes WHERE id = %s", box) == "live"
    assert company.rows("SELECT kind, finished_at IS NOT NULL FROM import_runs ORDER BY id") == [
        ("import", True),
        ("resync", True),
    ]
    after = company.receives(**{"from": DANA, "subject": "After"})
    told(company)
    assert decisions(company)[after] == "kept:matched_sender"


def test_what_is_gone_before_it_is_read_is_skipped_alone(quiet_company: Company) -> None:
    company = quiet_company
    company.connected()
    gone = company.receives(**{"from": DANA})
    kept = company.receives(**{"from": DANA})
    fault = {
        "kind": "status",
        "match": {"method": "messages.get", "message": gone},
        "params": {"code": 404},
    }
    company.simulator.post("/simulator/faults", fault)
    told(company)
    assert decisions(company) == {gone: "skipped:message_gone", kept: "kept:matched_sender"}


def test_a_rate_answer_rests_the_mailbox_until_its_time(quiet_company: Company) -> None:
    company = quiet_company
    box = company.connected()
    gmail_id = company.receives(**{"from": DANA})
    fault = {"kind": "retry_after", "match": "history.list", "params": {"seconds": 600}}
    company.simulator.post("/simulator/faults", fault)
    told(company)
    paused = "SELECT paused_until > now() + interval '9 minutes' FROM mailboxes WHERE id = %s"
    assert company.value(paused, box)
    assert decisions(company) == {}
    company.later(minutes=11).sweep()
    assert decisions(company) == {gmail_id: "kept:matched_sender"}
    assert company.value("SELECT last_error FROM mailboxes WHERE id = %s", box) is None


@pytest.mark.contract("V-18")
@pytest.mark.contract("V-19")
def test_one_mail_in_two_mailboxes_is_one_message(quiet_company: Company) -> None:
    company = quiet_company
    company.connected(ROBIN)
    company.connected(KIM)
    company.receives(ROBIN, KIM, **{"from": DANA})
    told(company, ROBIN)
    told(company, KIM)
    assert company.value("SELECT count(*) FROM messages") == 1
    assert company.value("SELECT count(*) FROM message_copies") == 2
    assert company.value("SELECT count(*) FROM conversations") == 1
    assert company.value("SELECT message_count FROM conversations") == 1
    members = company.rows(
        "SELECT m.email FROM participants p JOIN team_members m ON m.id = p.member_id ORDER BY 1"
    )
    assert members == [(KIM,), (ROBIN,)]


def test_several_workers_sync_as_one_does(quiet_company: Company) -> None:
    company = quiet_company
    boxes = [company.connected(email) for email in (ROBIN, KIM, ANA)]
    for number in range(10):
        company.receives(ROBIN, KIM, ANA, **{"from": DANA, "subject": f"Mail {number}"})
    for email in (ROBIN, KIM, ANA):
        remember_hint(company.deps, email=email, history_id=FAR)

    def one_round(box: MailboxId) -> None:
        sync_mailbox(company.deps, *company.key(box))

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(one_round, boxes * 3))
    assert company.value("SELECT count(*) FROM messages") == 10
    assert company.value("SELECT count(*) FROM message_copies") == 30
    assert company.value("SELECT count(*) FROM conversations") == 10
    assert company.value("SELECT count(*) FROM decisions") == 30
    assert company.value("SELECT count(*) FROM to_fetch") == 0
