"""An answer joins its thread, and the copy that comes back by sync is the same mail."""

import pytest

from backend.errors import NotFound
from tests.services.outbox.desk import Desk
from tests.support.company import choose, share
from tests.support.office import DANA, ROBIN


def asked_by_dana(desk: Desk, **more: object) -> int:
    """Dana has written to Robin, and it was read: the conversation."""
    question = {"from": f"Dana Fox <{DANA}>", "subject": "Seats", "text": "Five more?", **more}
    desk.office.receives(desk.email, **question)
    desk.sync()
    return int(
        desk.office.value("SELECT id FROM conversations ORDER BY last_message_at DESC LIMIT 1")
    )


def count(desk: Desk, table: str) -> int:
    return int(desk.office.value(f"SELECT count(*) FROM {table}"))


@pytest.mark.contract("V-3", "K-27")
def test_a_reply_lands_in_the_thread_it_answers(desk: Desk) -> None:
    conversation = asked_by_dana(desk)
    thread = desk.office.value("SELECT thread_id FROM message_copies")
    cited = desk.office.value("SELECT rfc_id FROM messages")
    pending_id = desk.reply(conversation)
    desk.send()
    assert desk.row(pending_id)["sent_thread_id"] == thread
    mail = desk.copy(pending_id)
    assert mail["Subject"] == "Re: Seats"
    assert mail["In-Reply-To"] == f"<{cited}>"
    assert mail["References"].endswith(f"<{cited}>")


def test_an_id_with_blanks_in_quotes_is_answered_with_the_same_id(desk: Desk) -> None:
    named = '<"a b"@mail.northwind.example>'
    conversation = asked_by_dana(desk, headers={"Message-ID": named})
    thread = desk.office.value("SELECT thread_id FROM message_copies")
    pending_id = desk.reply(conversation)
    desk.send()
    mail = desk.copy(pending_id)
    assert mail["In-Reply-To"] == named
    assert mail["References"] == named
    assert desk.row(pending_id)["sent_thread_id"] == thread


@pytest.mark.contract("H-2", "H-44")
@pytest.mark.contract("H-18")
def test_the_copy_that_comes_back_is_the_same_mail(desk: Desk) -> None:
    conversation = asked_by_dana(desk)
    pending_id = desk.reply(conversation)
    desk.send()
    desk.sync()
    desk.sync()
    assert (count(desk, "messages"), count(desk, "conversations")) == (2, 1)
    assert count(desk, "departures") == 1
    row = desk.row(pending_id)
    outgoing = desk.office.value("SELECT id FROM messages WHERE send_id = %s", pending_id)
    assert (row["state"], row["sent_message_id"]) == ("sent", outgoing)
    assert row["conversation_id"] == conversation


@pytest.mark.contract("H-20", "H-42", "H-50")
def test_an_answer_to_an_answer_is_marked_once_and_cites_the_chain(desk: Desk) -> None:
    conversation = asked_by_dana(desk)
    first = desk.reply(conversation)
    desk.send()
    desk.sync()
    told = desk.left(first)[0]["message_id"].strip("<>")
    asked_by_dana(desk, subject="AW: Seats", in_reply_to=[told])
    assert count(desk, "conversations") == 1
    desk.passes(minutes=5)
    second = desk.reply(conversation, nonce="second reply")
    desk.send()
    mail = desk.copy(second)
    assert mail["Subject"].lower().count("re:") == 1
    assert f"<{told}>" in mail["References"]
    assert len(mail["References"].split()) >= 2


@pytest.mark.contract("D-23", "K-24", "K-25", "K-26", "K-27")
@pytest.mark.parametrize(("choice", "quoted"), [("single", False), ("history", True)])
def test_the_earlier_mail_is_repeated_only_where_chosen(
    desk: Desk, choice: str, *, quoted: bool
) -> None:
    choose(desk.office, "reply.quote", choice)
    pending_id = desk.reply(asked_by_dana(desk))
    desk.send()
    plain, html = (
        part.get_content()
        for part in desk.copy(pending_id).iter_parts()  # type: ignore[attr-defined]
    )
    assert ("> Five more?" in plain) is quoted
    assert ("<blockquote" in html) is quoted


def test_whoever_may_not_read_a_conversation_may_not_answer(desk: Desk, other_desk: Desk) -> None:
    conversation = asked_by_dana(desk)
    share(desk.office, "metadata")
    with pytest.raises(NotFound):
        other_desk.reply(conversation)
    assert desk.state(desk.reply(conversation)) == "scheduled"


def test_a_colleague_answers_from_their_own_mailbox_in_a_thread_of_theirs(
    desk: Desk, other_desk: Desk
) -> None:
    conversation = asked_by_dana(desk)
    pending_id = other_desk.reply(conversation)
    other_desk.send()
    [left] = desk.left(pending_id)
    assert left["mailbox"] == other_desk.email
    assert other_desk.row(pending_id)["thread_id"] is None
    other_desk.sync()
    desk.sync()
    assert (count(desk, "messages"), count(desk, "conversations")) == (2, 1)


def test_a_thread_that_was_deleted_in_gmail_does_not_stop_the_answer(desk: Desk) -> None:
    conversation = asked_by_dana(desk)
    thread = desk.office.value("SELECT thread_id FROM message_copies")
    desk.office.gmail().delete(f"threads/{thread}")
    pending_id = desk.reply(conversation)
    desk.send()
    [left] = desk.left(pending_id)
    assert left["mailbox"] == ROBIN
    assert (desk.state(pending_id), desk.row(pending_id)["attempts"]) == ("sent", 2)
