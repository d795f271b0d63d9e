"""One click logs for the whole team, once, and undo leaves nothing behind (N1)."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from backend.domain.capture.rule import Asked
from backend.domain.summaries.mail import LogSummary
from backend.errors import InputError, NotAllowed, ScopeMissing
from backend.google.open_message import OpenedMessage, read
from backend.google.opened import Extent
from backend.services import logging_mail
from backend.services.capture.opened import capture_opened, clicked_in, own_mailbox
from backend.services.importing import syncing
from tests.support.decisions import never_log
from tests.support.office import ANA, DANA, KIM, ROBIN, Office
from tests.support.open_mail import contents, copies, difference, mail_from_dana, nonce, opened
from tests.support.round_trips import counted

TABLES = ("messages", "message_bodies", "message_copies", "log_entries", "conversations")


def log(office: Office, mail: OpenedMessage, email: str = ROBIN, button: str = "") -> LogSummary:
    return logging_mail.log(office.deps, office.actor(email), opened=mail, nonce=button or nonce())


def unlog(office: Office, mail: OpenedMessage, email: str = ROBIN, button: str = "") -> LogSummary:
    return logging_mail.unlog(
        office.deps, office.actor(email), opened=mail, nonce=button or nonce()
    )


def counts(office: Office) -> dict[str, int]:
    return {table: office.value(f"SELECT count(*) FROM {table}") for table in TABLES}


@pytest.mark.contract("H-4", "V-17", "V-18", "V-19")
def test_a_click_stores_the_mail_with_its_people(office: Office) -> None:
    done = log(office, opened(office, mail_from_dana(office)[ROBIN]))
    assert (done.logged, done.by_me, done.sentence, done.may_undo) == (True, True, "By you", True)
    assert set(counts(office).values()) == {1}
    assert office.rows(
        "SELECT p.role, p.address, p.contact_id IS NOT NULL, p.member_id IS NOT NULL "
        "FROM participants p ORDER BY p.role, p.position"
    ) == [
        ("from", DANA, True, False),
        ("to", ROBIN, False, True),
        ("to", KIM, False, True),
    ]
    assert office.value("SELECT text FROM message_bodies").startswith("Let us talk")
    decided = "SELECT outcome, reason, rule, path FROM decisions"
    assert office.rows(decided) == [("kept", "logged_by_click", "person", "click")]


def test_a_member_without_gmail_gets_a_mailbox_row_by_the_first_click(office: Office) -> None:
    log(office, opened(office, mail_from_dana(office)[ROBIN]))
    assert office.rows("SELECT state, owner_id IS NOT NULL FROM mailboxes") == [
        ("unconnected", True)
    ]


def test_a_colleague_who_clicks_too_changes_nothing_but_her_copy(office: Office) -> None:
    mail = mail_from_dana(office)
    log(office, opened(office, mail[ROBIN]))
    theirs = log(office, opened(office, mail[KIM], KIM), KIM)
    assert (theirs.by_me, theirs.by_name, theirs.sentence) == (False, "Robin Vale", "By Robin Vale")
    assert counts(office) == {**dict.fromkeys(TABLES, 1), "message_copies": 2}


def test_ten_clicks_of_each_of_two_people_at_once_log_once(office: Office) -> None:
    mail = mail_from_dana(office)
    people = [(opened(office, mail[email], email), email) for email in (ROBIN, KIM)] * 10
    with ThreadPoolExecutor(20) as pool:
        done = list(pool.map(lambda one: log(office, *one), people))
    assert counts(office) == {**dict.fromkeys(TABLES, 1), "message_copies": 2}
    assert office.value("SELECT message_count FROM conversations") == 1
    assert len({one.by_name for one in done}) == 1
    assert office.value("SELECT count(*) FROM audit_log WHERE action = 'message.logged'") == 1


def test_a_double_click_on_one_button_is_one_click(office: Office) -> None:
    mail = opened(office, mail_from_dana(office)[ROBIN])
    with ThreadPoolExecutor(20) as pool:
        list(pool.map(lambda _: log(office, mail, ROBIN, "drawn-once:log"), range(20)))
    assert set(counts(office).values()) == {1}
    assert office.value("SELECT count(*) FROM clicks") == 1


def test_a_replay_of_log_after_undo_does_not_log_again(office: Office) -> None:
    mail = opened(office, mail_from_dana(office)[ROBIN])
    log(office, mail, ROBIN, "drawn-first:log")
    unlog(office, mail)
    replayed = log(office, mail, ROBIN, "drawn-first:log")
    assert not replayed.logged
    assert set(counts(office).values()) == {0}


def test_undo_leaves_nothing_of_what_the_click_stored(office: Office) -> None:
    before = contents(office)
    mail = opened(office, mail_from_dana(office)[ROBIN])
    log(office, mail)
    assert difference(before, contents(office)) != {}
    undone = unlog(office, mail)
    assert not undone.logged
    assert difference(before, contents(office)) == {}
    assert office.rows("SELECT outcome, reason, deciding_address FROM decisions") == []


def test_undo_in_a_longer_thread_takes_back_one_mail_only(office: Office) -> None:
    first = mail_from_dana(office, date="2026-11-01T09:00:00+00:00")
    log(office, opened(office, first[ROBIN]))
    before = contents(office)
    second = mail_from_dana(office, **answer_to(office, first[ROBIN]), date="2026-11-02T09:00:00Z")
    log(office, opened(office, second[ROBIN]))
    assert office.rows("SELECT message_count FROM conversations") == [(2,)]
    unlog(office, opened(office, second[ROBIN]))
    assert difference(before, contents(office)) == {}


def test_undo_gives_the_earlier_decision_back(office: Office) -> None:
    only_copied = {"from": "Lee Ward <lee@else.example>", "to": [ROBIN], "cc": [DANA]}
    gmail_id = copies(office, only_copied)[ROBIN]
    office.connected()
    decided = (
        "SELECT outcome, reason, rule, path, deciding_hash, decided_at "
        "FROM decisions WHERE gmail_id = %s"
    )
    earlier = office.rows(decided, gmail_id)
    assert earlier[0][:2] == ("skipped", "only_copied")
    before = contents(office)
    log(office, opened(office, gmail_id))
    assert office.rows(decided, gmail_id)[0][:2] == ("kept", "logged_by_click")
    unlog(office, opened(office, gmail_id))
    assert office.rows(decided, gmail_id) == earlier
    assert difference(before, contents(office)) == {}


def test_what_an_import_brings_by_itself_comes_in_spite_of_an_undone_click(office: Office) -> None:
    mail = opened(office, mail_from_dana(office)[ROBIN])
    log(office, mail)
    unlog(office, mail)
    office.connected()
    assert how_logged(office, mail) == ("sync", None)


def test_an_undo_before_sync_saw_the_mail_leaves_it_to_sync(office: Office) -> None:
    office.connected()
    mail = opened(office, copies(office, {"from": DANA, "to": [ROBIN]})[ROBIN])
    assert log(office, mail).by_me
    assert not unlog(office, mail).logged
    office.work()
    assert how_logged(office, mail) == ("sync", None)


def test_an_undo_after_sync_saw_the_mail_leaves_it_logged_by_sync(office: Office) -> None:
    kim = office.connected(KIM)
    mail = opened(office, mail_from_dana(office)[ROBIN])
    log(office, mail)
    syncing.sync_mailbox(office.deps, *office.key(kim))
    undone = unlog(office, mail)
    assert (undone.logged, undone.via) == (True, "sync")
    for table in ("decisions", "message_copies"):
        assert office.rows(f"SELECT 1 FROM {table} WHERE gmail_id = %s", mail.stored_id) == []


def how_logged(office: Office, mail: OpenedMessage) -> tuple[str, int | None]:
    found = office.rows(
        "SELECT l.via, l.logged_by FROM log_entries l JOIN message_copies c USING (message_id)"
        " WHERE c.gmail_id = %s AND l.removed_at IS NULL",
        mail.stored_id,
    )
    return (found[0][0], found[0][1])


def test_mail_that_sync_keeps_leaves_the_timeline_and_stays_stored(office: Office) -> None:
    gmail_id = copies(office, {"from": DANA, "to": [ROBIN], "subject": "Only to Robin"})[ROBIN]
    office.connected()
    mail = opened(office, gmail_id)
    held = "SELECT message_id FROM message_copies WHERE gmail_id = %s"
    message_id = office.value(held, gmail_id)
    conversation = office.rows(
        "SELECT c.id, c.message_count FROM conversations c JOIN messages m "
        "ON m.conversation_id = c.id WHERE m.id = %s",
        message_id,
    )[0]
    assert not unlog(office, mail).logged
    count = "SELECT message_count FROM conversations WHERE id = %s"
    assert office.value(count, conversation[0]) == conversation[1] - 1
    assert office.value(held, gmail_id) == message_id
    again = log(office, mail)
    assert (again.logged, again.by_me) == (True, True)
    assert office.value(count, conversation[0]) == conversation[1]


def test_only_the_logger_or_an_admin_may_undo(office: Office) -> None:
    mail = copies(office, {"from": DANA, "to": [ROBIN, KIM, ANA]})
    log(office, opened(office, mail[ROBIN]))
    with pytest.raises(NotAllowed, match="Only admins can undo what somebody else logged"):
        unlog(office, opened(office, mail[KIM], KIM), KIM)
    assert counts(office)["log_entries"] == 1
    assert not unlog(office, opened(office, mail[ANA], ANA), ANA).logged
    assert set(counts(office).values()) == {0}


def test_undoing_twice_is_undoing_once(office: Office) -> None:
    mail = opened(office, mail_from_dana(office)[ROBIN])
    log(office, mail)
    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(lambda _: unlog(office, mail), range(8)))
    assert not any(one.logged for one in done)
    assert set(counts(office).values()) == {0}


@pytest.mark.contract("VC-6")
def test_mail_with_nobody_known_is_not_logged(office: Office) -> None:
    stranger = copies(office, {"from": "lee@else.example", "to": [ROBIN]})[ROBIN]
    with pytest.raises(InputError, match="Add the contact first"):
        log(office, opened(office, stranger))
    assert set(counts(office).values()) == {0}
    assert office.value("SELECT count(*) FROM clicks") == 0


@pytest.mark.contract("S-11")
def test_internal_mail_is_not_logged_by_a_click_either(office: Office) -> None:
    internal = copies(office, {"from": KIM, "to": [ROBIN]})[ROBIN]
    with pytest.raises(InputError, match="stayed inside the team"):
        log(office, opened(office, internal))
    assert set(counts(office).values()) == {0}


def test_the_never_log_list_beats_a_click(office: Office) -> None:
    never_log(office, "northwind.example")
    mail = opened(office, mail_from_dana(office)[ROBIN])
    with pytest.raises(InputError, match="never-log list"):
        log(office, mail)
    with pytest.raises(NotAllowed, match="never-log list"):
        logging_mail.log(
            office.deps, office.actor(), opened=mail, nonce=nonce(), asked=Asked.LOG_ANYWAY
        )
    assert set(counts(office).values()) == {0}


def test_a_personal_never_log_entry_has_exceptions_for_its_owner(office: Office) -> None:
    never_log(office, "northwind.example", by=ROBIN)
    mail = opened(office, mail_from_dana(office)[ROBIN])
    done = logging_mail.log(
        office.deps, office.actor(), opened=mail, nonce=nonce(), asked=Asked.LOG_ANYWAY
    )
    assert done.logged


def test_undo_beside_mail_that_is_being_filed_counts_right(office: Office) -> None:
    first = mail_from_dana(office)
    log(office, opened(office, first[ROBIN]))
    again = opened(office, mail_from_dana(office, **answer_to(office, first[ROBIN]))[ROBIN])
    deps, actor = office.deps, office.actor()
    fetched = read(deps.google, again, Extent.WHOLE)
    with ThreadPoolExecutor(1) as pool:
        with deps.store.begin(actor.workspace_id) as session:
            mailbox_id = own_mailbox(deps, session, actor).id
            where = clicked_in(deps, actor, mailbox_id, asked=Asked.LOG)
            capture_opened(session, where, actor, fetched)
            undone = pool.submit(unlog, office, opened(office, first[ROBIN]))
            while not office.value(WAITING):
                assert not undone.done()
        assert not undone.result().logged
    assert office.rows("SELECT message_count FROM conversations") == [(1,)]


WAITING = """SELECT count(*) FROM pg_stat_activity
 WHERE datname = current_database() AND wait_event_type = 'Lock'"""


def answer_to(office: Office, gmail_id: str) -> dict[str, str]:
    """The headers of an answer to a mail of Robin's mailbox."""
    headers = office.gmail().get(f"messages/{gmail_id}")["payload"]["headers"]
    ids = {one["name"]: one["value"] for one in headers}
    return {"subject": "Re: Renewal", "in_reply_to": ids["Message-ID"]}


def test_without_the_permission_nothing_is_read(office: Office) -> None:
    mail = opened(office, mail_from_dana(office)[ROBIN], scopes=frozenset())
    with pytest.raises(ScopeMissing) as caught:
        log(office, mail)
    assert caught.value.scopes == (
        "https://www.googleapis.com/auth/gmail.addons.current.message.action",
    )


def test_a_click_waits_six_times_for_the_database(office: Office) -> None:
    log(office, opened(office, mail_from_dana(office)[ROBIN]))  # makes the mailbox's row
    mail, actor = opened(office, mail_from_dana(office, subject="Next")[ROBIN]), office.actor()
    with counted() as sent:
        logging_mail.log(office.deps, actor, opened=mail, nonce=nonce())
    assert counts(office)["messages"] == 2
    # A look before Gmail is asked; then begin, claim and ask, lock and look, write, commit.
    assert sent.round_trips <= 6
    assert len(sent.statements) <= 10, sent.statements
