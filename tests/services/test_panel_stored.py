"""The card beside an email that is in the store: from there, without asking Gmail."""

from datetime import UTC, datetime

import pytest

from backend.domain.summaries.panel import KnownPerson
from backend.domain.summaries.timeline import InteractionKind
from backend.google.open_message import OpenedMessage
from backend.queries.accounts import account_names
from backend.queries.panel.message import open_message
from backend.services import logging_mail, notes, timeline
from backend.services.notes import NotePlace
from tests.support.company import DANA, KIM, ROBIN, Company
from tests.support.decisions import share, unsubscribe
from tests.support.open_mail import copies, mail_from_dana, nonce, opened


def known(company: Company, mail: OpenedMessage, email: str = ROBIN) -> KnownPerson:
    found = open_message(company.deps, company.actor(email), mail)
    assert isinstance(found, KnownPerson)
    return found


def without_gmail(gmail_id: str) -> OpenedMessage:
    """An event whose tokens open nothing: a call to Gmail would fail."""
    return OpenedMessage(gmail_id=gmail_id, thread_id=gmail_id)


def test_synced_mail_is_shown_without_asking_gmail(company: Company) -> None:
    gmail_id = copies(company, {"from": DANA, "to": [ROBIN]})[ROBIN]
    company.connected()
    found = known(company, without_gmail(gmail_id))
    assert (found.log.logged, found.log.sentence) == (True, "Through your mailbox sync")
    assert (found.log.may_undo, found.follow.by_sync) == (True, True)
    assert found.readable_by.startswith("Your team can read it")
    assert found.private is None
    assert found.recent[0].kind is InteractionKind.EMAIL


def test_a_colleagues_mailbox_may_have_brought_it_in(company: Company) -> None:
    mail = mail_from_dana(company)
    company.connected(KIM)
    found = known(company, opened(company, mail[ROBIN]))
    assert found.log.sentence == "Already here through the mailbox of Kim Doyle"
    assert (found.log.logged, found.log.may_log, found.log.may_undo) == (True, False, False)


def test_a_colleague_sees_who_logged_it(company: Company) -> None:
    mail = mail_from_dana(company)
    logging_mail.log(
        company.deps, company.actor(), opened=opened(company, mail[ROBIN]), nonce=nonce()
    )
    found = known(company, opened(company, mail[KIM], KIM), KIM)
    assert (found.log.sentence, found.log.may_undo) == ("By Robin Vale", False)


@pytest.mark.contract("D-7")
def test_the_owner_of_the_thread_is_marked(company: Company) -> None:
    mail = copies(company, {"from": KIM, "to": [ROBIN, "omar@northwind.example", DANA]})[ROBIN]
    logging_mail.log(company.deps, company.actor(), opened=opened(company, mail), nonce=nonce())
    found = known(company, without_gmail(mail))
    assert [(p.name, p.main) for p in found.people] == [
        ("Omar Lund", True),
        ("Dana Reyes", False),
    ]
    assert found.contact.name == "Omar Lund"


def test_a_private_thread_of_a_colleague_shows_that_it_is_and_no_more(company: Company) -> None:
    mail = mail_from_dana(company, subject="Secret plans")
    company.connected(KIM)
    share(company, "metadata", KIM)
    found = known(company, opened(company, mail[ROBIN]))
    assert found.private == "Only Kim Doyle can read it"
    assert [line.private for line in found.recent if line.title == ""] != []
    assert not any("Secret" in line.title for line in found.recent)
    mine = known(company, opened(company, mail[KIM], KIM), KIM)
    assert mine.private is None
    assert mine.recent[0].title == "Secret plans"


def test_notes_on_person_and_account_stand_among_the_recent(company: Company) -> None:
    gmail_id = mail_from_dana(company)[ROBIN]
    found = known(company, opened(company, gmail_id))
    assert found.account is not None
    for place in (
        NotePlace(contact_id=found.contact.id),
        NotePlace(account_id=found.account.id, contact_id=found.contact.id),
        NotePlace(account_id=found.account.id),
    ):
        notes.write_note(
            company.deps, company.actor(), text="Likes tea", about=place, nonce=nonce()
        )
    recent = known(company, opened(company, gmail_id)).recent
    assert [(line.kind, line.title) for line in recent] == [
        (InteractionKind.NOTE, "Robin Vale")
    ] * 3


def test_mail_that_was_taken_out_is_not_the_last_word(company: Company) -> None:
    first = copies(company, {"from": DANA, "to": [KIM]})[KIM]
    headers = company.gmail(KIM).get(f"messages/{first}")["payload"]["headers"]
    ids = {one["name"]: one["value"] for one in headers}
    copies(
        company,
        {"from": ROBIN, "to": [DANA], "cc": [KIM], "in_reply_to": ids["Message-ID"]},
    )
    company.connected(KIM)
    assert known(company, without_gmail(first), KIM).recent[0].outgoing
    answer = company.value("SELECT id FROM messages WHERE outgoing ORDER BY sent_at DESC")
    timeline.take_out(company.deps, company.actor(KIM), answer)
    assert not known(company, without_gmail(first), KIM).recent[0].outgoing


def test_whoever_unsubscribed_is_shown_as_such(company: Company) -> None:
    unsubscribe(company.at(datetime(2026, 10, 2, 12, tzinfo=UTC)))
    found = known(company, opened(company, mail_from_dana(company)[ROBIN]))
    assert found.contact.write_block == "Unsubscribed 2 Oct"


def test_account_names_are_suggested_by_their_beginning(company: Company) -> None:
    robin = company.actor()
    assert account_names(company.deps, robin, "NORTH") == ["Northwind Traders"]
    assert account_names(company.deps, robin, "n") == []
    assert account_names(company.deps, robin, "100%_") == []
