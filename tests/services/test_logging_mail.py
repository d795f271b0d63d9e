"""One click logs for the whole team, once, and undo leaves nothing behind (N1)."""

from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor

import pytest

from backend.domain.capture.rule import Asked
from backend.domain.summaries.mail import LogSummary
from backend.domain.summaries.panel import KnownPerson
from backend.errors import InputError, NotAllowed, ScopeMissing
from backend.google.open_message import OpenedMessage, read
from backend.google.opened import Extent
from backend.queries.panel.message import open_message
from backend.services import logging_mail
from backend.services.capture.opened import capture_opened, clicked_in, own_mailbox
from backend.services.importing import syncing
from tests.support.company import ANA, DANA, KIM, ROBIN, Company
from tests.support.decisions import never_log
from tests.support.open_mail import contents, copies, difference, mail_from_dana, nonce, opened
from tests.support.round_trips import counted

TABLES = ("messages", "message_bodies", "message_copies", "log_entries", "conversations")


def log(company: Company, mail: OpenedMessage, email: str = ROBIN, button: str = "") -> LogSummary:
    return logging_mail.log(
        company.deps, company.actor(email), opened=mail, nonce=button or nonce()
    )


def unlog(
    company: Company, mail: OpenedMessage, email: str = ROBIN, button: str = ""
) -> LogSummary:
    return logging_mail.unlog(
        company.deps, company.actor(email), opened=mail, nonce=button or nonce()
    )


def counts(company: Company) -> dict[str, int]:
    return {table: company.value(f"SELECT count(*) FROM {table}") for table in TABLES}


@pytest.mark.contract("H-4", "V-17", "V-18", "V-19")
def test_a_click_stores_the_mail_with_its_people(company: Company) -> None:
    done = log(company, opened(company, mail_from_dana(company)[ROBIN]))
    assert (done.logged, done.by_me, done.sentence, done.may_undo) == (True, True, "By you", True)
    assert set(counts(company).values()) == {1}
    assert company.rows(
        "SELECT p.role, p.address, p.contact_id IS NOT NULL, p.member_id IS NOT NULL "
        "FROM participants p ORDER BY p.role, p.position"
    ) == [
        ("from", DANA, True, False),
        ("to", ROBIN, False, True),
        ("to", KIM, False, True),
    ]
    assert company.value("SELECT text FROM message_bodies").startswith("Let us talk")
    decided = "SELECT outcome, reason, rule, path FROM decisions"
    assert company.rows(decided) == [("kept", "logged_by_click", "person", "click")]


def test_a_member_without_gmail_gets_a_mailbox_row_by_the_first_click(company: Company) -> None:
    log(company, opened(company, mail_from_dana(company)[ROBIN]))
    assert company.rows("SELECT state, owner_id IS NOT NULL FROM mailboxes") == [
        ("unconnected", True)
    ]


def test_a_colleague_who_clicks_too_changes_nothing_but_her_copy(company: Company) -> None:
    mail = mail_from_dana(company)
    log(company, opened(company, mail[ROBIN]))
    theirs = log(company, opened(company, mail[KIM], KIM), KIM)
    assert (theirs.by_me, theirs.by_name, theirs.sentence) == (False, "Robin Vale", "By Robin Vale")
    assert counts(company) == {**dict.fromkeys(TABLES, 1), "message_copies": 2}


def test_ten_clicks_of_each_of_two_people_at_once_log_once(company: Company) -> None:
    mail = mail_from_dana(company)
    people = [(opened(company, mail[email], email), email) for email in (ROBIN, KIM)] * 10
    with ThreadPoolExecutor(20) as pool:
        done = list(pool.map(lambda one: log(company, *one), people))
    assert counts(company) == {**dict.fromkeys(TABLES, 1), "message_copies": 2}
    assert company.value("SELECT message_count FROM conversations") == 1
    assert len({one.by_name for one in done}) == 1
    assert company.value("SELECT count(*) FROM audit_log WHERE action = 'message.logged'") == 1


def test_a_double_click_on_one_button_is_one_click(company: Company) -> None:
    mail = opened(company, mail_from_dana(company)[ROBIN])
    with ThreadPoolExecutor(20) as pool:
        list(pool.map(lambda _: log(company, mail, ROBIN, "drawn-once:log"), range(20)))
    assert set(counts(company).values()) == {1}
    assert company.value("SELECT count(*) FROM clicks") == 1


def test_a_replay_of_log_after_undo_does_not_log_again(company: Company) -> None:
    mail = opened(company, mail_from_dana(company)[ROBIN])
    log(company, mail, ROBIN, "drawn-first:log")
    unlog(company, mail)
    replayed = log(company, mail, ROBIN, "drawn-first:log")
    assert not replayed.logged
    assert set(counts(company).values()) == {0}


def test_undo_leaves_nothing_of_what_the_click_stored(company: Company) -> None:
    before = contents(company)
    mail = opened(company, mail_from_dana(company)[ROBIN])
    log(company, mail)
    assert difference(before, contents(company)) != {}
    undone = unlog(company, mail)
    assert not undone.logged
    assert difference(before, contents(company)) == {}
    assert company.rows("SELECT outcome, reason, deciding_address FROM decisions") == []


def test_undo_in_a_longer_thread_takes_back_one_mail_only(company: Company) -> None:
    first = mail_from_dana(company, date="2026-11-01T09:00:00+00:00")
    log(company, opened(company, first[ROBIN]))
    before = contents(company)
    second = mail_from_dana(
        company, **answer_to(company, first[ROBIN]), date="2026-11-02T09:00:00Z"
    )
    log(company, opened(company, second[ROBIN]))
    assert company.rows("SELECT message_count FROM conversations") == [(2,)]
    unlog(company, opened(company, second[ROBIN]))
    assert difference(before, contents(company)) == {}


def test_undo_gives_the_earlier_decision_back(company: Company) -> None:
    only_copied = {"from": "Lee Ward <lee@else.example>", "to": [ROBIN], "cc": [DANA]}
    gmail_id = copies(company, only_copied)[ROBIN]
    company.connected()
    decided = (
        "SELECT outcome, reason, rule, path, deciding_hash, decided_at "
        "FROM decisions WHERE gmail_id = %s"
    )
    earlier = company.rows(decided, gmail_id)
    assert earlier[0][:2] == ("skipped", "only_copied")
    before = contents(company)
    log(company, opened(company, gmail_id))
    assert company.rows(decided, gmail_id)[0][:2] == ("kept", "logged_by_click")
    unlog(company, opened(company, gmail_id))
    assert company.rows(decided, gmail_id) == earlier
    assert difference(before, contents(company)) == {}


def test_what_an_import_brings_by_itself_comes_in_spite_of_an_undone_click(
    company: Company,
) -> None:
    mail = opened(company, mail_from_dana(company)[ROBIN])
    log(company, mail)
    unlog(company, mail)
    company.connected()
    assert how_logged(company, mail) == ("sync", None)


def test_an_undo_before_sync_saw_the_mail_leaves_it_to_sync(company: Company) -> None:
    company.connected()
    mail = opened(company, copies(company, {"from": DANA, "to": [ROBIN]})[ROBIN])
    assert log(company, mail).by_me
    assert not unlog(company, mail).logged
    company.work()
    assert how_logged(company, mail) == ("sync", None)


def test_an_undo_after_sync_saw_the_mail_leaves_it_logged_by_sync(company: Company) -> None:
    kim = company.connected(KIM)
    mail = opened(company, mail_from_dana(company)[ROBIN])
    log(company, mail)
    syncing.sync_mailbox(company.deps, *company.key(kim))
    undone = unlog(company, mail)
    assert (undone.logged, undone.via) == (True, "sync")
    for table in ("decisions", "message_copies"):
        assert company.rows(f"SELECT 1 FROM {table} WHERE gmail_id = %s", mail.stored_id) == []


def how_logged(company: Company, mail: OpenedMessage) -> tuple[str, int | None]:
    found = company.rows(
        "SELECT l.via, l.logged_by FROM log_entries l JOIN message_copies c USING (message_id)"
        " WHERE c.gmail_id = %s AND l.removed_at IS NULL",
        mail.stored_id,
    )
    return (found[0][0], found[0][1])


def test_mail_that_sync_keeps_leaves_the_timeline_and_stays_stored(company: Company) -> None:
    gmail_id = copies(company, {"from": DANA, "to": [ROBIN], "subject": "Only to Robin"})[ROBIN]
    company.connected()
    mail = opened(company, gmail_id)
    held = "SELECT message_id FROM message_copies WHERE gmail_id = %s"
    message_id = company.value(held, gmail_id)
    conversation = company.rows(
        "SELECT c.id, c.message_count FROM conversations c JOIN messages m "
        "ON m.conversation_id = c.id WHERE m.id = %s",
        message_id,
    )[0]
    assert not unlog(company, mail).logged
    count = "SELECT message_count FROM conversations WHERE id = %s"
    assert company.value(count, conversation[0]) == conversation[1] - 1
    assert company.value(held, gmail_id) == message_id
    again = log(company, mail)
    assert (again.logged, again.by_me) == (True, True)
    assert company.value(count, conversation[0]) == conversation[1]


def test_only_the_logger_or_an_admin_may_undo(company: Company) -> None:
    mail = copies(company, {"from": DANA, "to": [ROBIN, KIM, ANA]})
    log(company, opened(company, mail[ROBIN]))
    with pytest.raises(NotAllowed, match="Only admins can undo what somebody else logged"):
        unlog(company, opened(company, mail[KIM], KIM), KIM)
    assert counts(company)["log_entries"] == 1
    assert not unlog(company, opened(company, mail[ANA], ANA), ANA).logged
    assert set(counts(company).values()) == {0}


def test_undoing_twice_is_undoing_once(company: Company) -> None:
    mail = opened(company, mail_from_dana(company)[ROBIN])
    log(company, mail)
    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(lambda _: unlog(company, mail), range(8)))
    assert not any(one.logged for one in done)
    assert set(counts(company).values()) == {0}


@pytest.mark.contract("VC-6")
def test_mail_with_nobody_known_is_not_logged(company: Company) -> None:
    stranger = copies(company, {"from": "lee@else.example", "to": [ROBIN]})[ROBIN]
    with pytest.raises(InputError, match="Add the contact first"):
        log(company, opened(company, stranger))
    assert set(counts(company).values()) == {0}
    assert company.value("SELECT count(*) FROM clicks") == 0


@pytest.mark.contract("S-11")
def test_internal_mail_is_not_logged_by_a_click_either(company: Company) -> None:
    internal = copies(company, {"from": KIM, "to": [ROBIN]})[ROBIN]
    with pytest.raises(InputError, match="stayed inside the team"):
        log(company, opened(company, internal))
    assert set(counts(company).values()) == {0}


def test_the_never_log_list_beats_a_click(company: Company) -> None:
    never_log(company, "northwind.example")
    mail = opened(company, mail_from_dana(company)[ROBIN])
    with pytest.raises(InputError, match="never-log list"):
        log(company, mail)
    with pytest.raises(NotAllowed, match="never-log list"):
        logging_mail.log(
            company.deps, company.actor(), opened=mail, nonce=nonce(), asked=Asked.LOG_ANYWAY
        )
    assert set(counts(company).values()) == {0}


def test_a_personal_never_log_entry_has_exceptions_for_its_owner(company: Company) -> None:
    never_log(company, "northwind.example", by=ROBIN)
    mail = opened(company, mail_from_dana(company)[ROBIN])
    done = logging_mail.log(
        company.deps, company.actor(), opened=mail, nonce=nonce(), asked=Asked.LOG_ANYWAY
    )
    assert done.logged


def test_undo_beside_mail_that_is_being_filed_counts_right(company: Company) -> None:
    first = mail_from_dana(company)
    log(company, opened(company, first[ROBIN]))
    again = opened(company, mail_from_dana(company, **answer_to(company, first[ROBIN]))[ROBIN])
    deps, actor = company.deps, company.actor()
    fetched = read(deps.google, again, Extent.WHOLE)
    with ThreadPoolExecutor(1) as pool:
        with deps.store.begin(actor.workspace_id) as session:
            mailbox_id = own_mailbox(deps, session, actor).id
            where = clicked_in(deps, actor, mailbox_id, asked=Asked.LOG)
            capture_opened(session, where, actor, fetched)
            undone = pool.submit(unlog, company, opened(company, first[ROBIN]))
            while not company.value(WAITING):
                assert not undone.done()
        assert not undone.result().logged
    assert company.rows("SELECT message_count FROM conversations") == [(1,)]


WAITING = """SELECT count(*) FROM pg_stat_activity
 WHERE datname = current_database() AND wait_event_type = 'Lock'"""


def answer_to(company: Company, gmail_id: str) -> dict[str, str]:
    """The headers of an answer to a mail of Robin's mailbox."""
    headers = company.gmail().get(f"messages/{gmail_id}")["payload"]["headers"]
    ids = {one["name"]: one["value"] for one in headers}
    return {"subject": "Re: Renewal", "in_reply_to": ids["Message-ID"]}


def test_without_the_permission_nothing_is_read(company: Company) -> None:
    mail = opened(company, mail_from_dana(company)[ROBIN], scopes=frozenset())
    with pytest.raises(ScopeMissing) as caught:
        log(company, mail)
    assert caught.value.scopes == (
        "https://www.googleapis.com/auth/gmail.addons.current.message.action",
    )


def test_a_click_waits_six_times_for_the_database(company: Company) -> None:
    log(company, opened(company, mail_from_dana(company)[ROBIN]))  # makes the mailbox's row
    mail, actor = opened(company, mail_from_dana(company, subject="Next")[ROBIN]), company.actor()
    with counted() as sent:
        logging_mail.log(company.deps, actor, opened=mail, nonce=nonce())
    assert counts(company)["messages"] == 2
    # A look before Gmail is asked; then begin, claim and ask, lock and look, write, commit.
    assert sent.round_trips <= 6
    assert len(sent.statements) <= 10, sent.statements


def test_a_mail_that_only_bears_the_message_id_of_another_is_not_taken_for_it(
    quiet_company: Company,
) -> None:
    company = quiet_company

    def arrives(subject: str, email: str) -> OpenedMessage:
        raw = (
            f"From: {DANA}\r\nTo: {email}\r\nSubject: {subject}\r\n"
            "Date: Thu, 26 Nov 2026 09:00:00 +0000\r\nMessage-ID: <scan@device.example>\r\n\r\nHi"
        )
        mail = copies(company, {"raw_base64": b64encode(raw.encode()).decode()})[email]
        return opened(company, mail, email)

    def is_logged(mail: OpenedMessage) -> bool:
        card = open_message(company.deps, company.actor(KIM), mail)
        assert isinstance(card, KnownPerson)
        return card.log.logged

    log(company, arrives("Order 4711", ROBIN))
    same, other = arrives("[EXT] Order 4711", KIM), arrives("Invoice 17", KIM)
    assert (is_logged(same), is_logged(other)) == (True, False)
    assert log(company, other, KIM).by_me
    assert unlog(company, other, KIM).logged is False
    assert company.rows("SELECT subject FROM messages") == [("Order 4711",)]
    assert (is_logged(same), is_logged(other)) == (True, False)
