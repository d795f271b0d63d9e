"""An answer joins its thread, and the copy that comes back by sync is the same mail."""

import pytest

from backend.errors import NotFound
from tests.services.outbox.sender import Sender
from tests.support.company import DANA, ROBIN
from tests.support.decisions import choose, share


def asked_by_dana(sender: Sender, **more: object) -> int:
    """Dana has written to Robin, and it was read: the conversation."""
    question = {"from": f"Dana Fox <{DANA}>", "subject": "Seats", "text": "Five more?", **more}
    sender.company.receives(sender.email, **question)
    sender.sync()
    return int(
        sender.company.value("SELECT id FROM conversations ORDER BY last_message_at DESC LIMIT 1")
    )


def count(sender: Sender, table: str) -> int:
    return int(sender.company.value(f"SELECT count(*) FROM {table}"))


@pytest.mark.contract("V-3", "K-27")
def test_a_reply_lands_in_the_thread_it_answers(sender: Sender) -> None:
    conversation = asked_by_dana(sender)
    thread = sender.company.value("SELECT thread_id FROM message_copies")
    cited = sender.company.value("SELECT rfc_id FROM messages")
    pending_id = sender.reply(conversation)
    sender.send()
    assert sender.row(pending_id)["sent_thread_id"] == thread
    mail = sender.copy(pending_id)
    assert mail["Subject"] == "Re: Seats"
    assert mail["In-Reply-To"] == f"<{cited}>"
    assert mail["References"].endswith(f"<{cited}>")


def test_an_id_with_blanks_in_quotes_is_answered_with_the_same_id(sender: Sender) -> None:
    named = '<"a b"@mail.northwind.example>'
    conversation = asked_by_dana(sender, headers={"Message-ID": named})
    thread = sender.company.value("SELECT thread_id FROM message_copies")
    pending_id = sender.reply(conversation)
    sender.send()
    mail = sender.copy(pending_id)
    assert mail["In-Reply-To"] == named
    assert mail["References"] == named
    assert sender.row(pending_id)["sent_thread_id"] == thread


@pytest.mark.contract("H-2", "H-44")
@pytest.mark.contract("H-18")
def test_the_copy_that_comes_back_is_the_same_mail(sender: Sender) -> None:
    conversation = asked_by_dana(sender)
    pending_id = sender.reply(conversation)
    sender.send()
    sender.sync()
    sender.sync()
    assert (count(sender, "messages"), count(sender, "conversations")) == (2, 1)
    assert count(sender, "departures") == 1
    row = sender.row(pending_id)
    outgoing = sender.company.value("SELECT id FROM messages WHERE send_id = %s", pending_id)
    assert (row["state"], row["sent_message_id"]) == ("sent", outgoing)
    assert row["conversation_id"] == conversation


@pytest.mark.contract("H-20", "H-42", "H-50")
def test_an_answer_to_an_answer_is_marked_once_and_cites_the_chain(sender: Sender) -> None:
    conversation = asked_by_dana(sender)
    first = sender.reply(conversation)
    sender.send()
    sender.sync()
    told = sender.left(first)[0]["message_id"].strip("<>")
    asked_by_dana(sender, subject="AW: Seats", in_reply_to=[told])
    assert count(sender, "conversations") == 1
    sender.passes(minutes=5)
    second = sender.reply(conversation, nonce="second reply")
    sender.send()
    mail = sender.copy(second)
    assert mail["Subject"].lower().count("re:") == 1
    assert f"<{told}>" in mail["References"]
    assert len(mail["References"].split()) >= 2


@pytest.mark.contract("D-23", "K-24", "K-25", "K-26", "K-27")
@pytest.mark.parametrize(("choice", "quoted"), [("single", False), ("history", True)])
def test_the_earlier_mail_is_repeated_only_where_chosen(
    sender: Sender, choice: str, *, quoted: bool
) -> None:
    choose(sender.company, "reply.quote", choice)
    pending_id = sender.reply(asked_by_dana(sender))
    sender.send()
    plain, html = (
        part.get_content()
        for part in sender.copy(pending_id).iter_parts()  # type: ignore[attr-defined]
    )
    assert ("> Five more?" in plain) is quoted
    assert ("<blockquote" in html) is quoted


def test_whoever_may_not_read_a_conversation_may_not_answer(
    sender: Sender, other_sender: Sender
) -> None:
    conversation = asked_by_dana(sender)
    share(sender.company, "metadata")
    with pytest.raises(NotFound):
        other_sender.reply(conversation)
    assert sender.state(sender.reply(conversation)) == "scheduled"


def test_a_colleague_answers_from_their_own_mailbox_in_a_thread_of_theirs(
    sender: Sender, other_sender: Sender
) -> None:
    conversation = asked_by_dana(sender)
    pending_id = other_sender.reply(conversation)
    other_sender.send()
    [left] = sender.left(pending_id)
    assert left["mailbox"] == other_sender.email
    assert other_sender.row(pending_id)["thread_id"] is None
    other_sender.sync()
    sender.sync()
    assert (count(sender, "messages"), count(sender, "conversations")) == (2, 1)


def test_a_thread_that_was_deleted_in_gmail_does_not_stop_the_answer(sender: Sender) -> None:
    conversation = asked_by_dana(sender)
    thread = sender.company.value("SELECT thread_id FROM message_copies")
    sender.company.gmail().delete(f"threads/{thread}")
    pending_id = sender.reply(conversation)
    sender.send()
    [left] = sender.left(pending_id)
    assert left["mailbox"] == ROBIN
    assert (sender.state(pending_id), sender.row(pending_id)["attempts"]) == ("sent", 2)
