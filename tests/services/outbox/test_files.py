"""Files on pending mail: refused when too large, changed while it waits, frozen when it leaves."""

from datetime import timedelta

import pytest

from backend.domain.ids import PendingId
from backend.domain.writing.message_size import MB
from backend.errors import InputError
from backend.queries.pending.opened import pending_detail
from backend.services import composing
from backend.services.composing import FileChanges, NewFile
from tests.services.outbox.sender import Sender, attached, draft, known_as, sent_to
from tests.support.decisions import choose

OFFER = NewFile("Offer.pdf", b"%PDF-1.7 an offer\x00\xff")
NOTE = NewFile("Grüße ☀.txt", "Grüße".encode())


def with_files(*added: NewFile, removed: tuple[int, ...] = ()) -> FileChanges:
    return FileChanges(added=added, removed=removed)


def files(sender: Sender, pending_id: PendingId) -> list[tuple[int, str, bool]]:
    return sender.company.rows(
        "SELECT id, name, data IS NOT NULL FROM pending_files WHERE pending_id = %s ORDER BY id",
        pending_id,
    )


@pytest.mark.contract("H-21")
def test_files_leave_with_the_mail_and_come_back_with_its_copy(sender: Sender) -> None:
    pending_id = sender.start(files=with_files(OFFER, NOTE))
    sender.send()
    assert attached(sender.copy(pending_id)) == {
        "Offer.pdf": ("application/pdf", OFFER.data),
        "Grüße ☀.txt": ("text/plain", NOTE.data),
    }
    assert [(name, kept) for _, name, kept in files(sender, pending_id)] == [
        ("Offer.pdf", False),
        ("Grüße ☀.txt", False),
    ]
    sender.sync()
    linked = sender.company.rows(
        "SELECT a.filename FROM attachments a JOIN pending_messages p"
        " ON p.sent_message_id = a.message_id WHERE p.id = %s ORDER BY 1",
        pending_id,
    )
    assert linked == [("Grüße ☀.txt",), ("Offer.pdf",)]


@pytest.mark.contract("D-27")
def test_files_over_the_limit_are_refused_beside_their_field(sender: Sender) -> None:
    with pytest.raises(InputError) as refused:
        sender.start(files=with_files(NewFile("big.zip", bytes(25 * MB + 1))))
    assert "25 MB" in refused.value.fields["files"]
    choose(sender.company, "send.max_attachment_mb", "1")
    with pytest.raises(InputError) as refused:
        sender.start(files=with_files(NewFile("big.zip", bytes(MB + 1))))
    assert "1 MB" in refused.value.fields["files"]
    assert sender.states() == {}


def test_many_receivers_refuse_from_18_mb_on_and_the_author_is_told(sender: Sender) -> None:
    later = sender.moment + timedelta(days=1)
    big = sender.start(files=with_files(NewFile("film.mp4", bytes(18 * MB))), due_at=later)
    assert "18 MB" in pending_detail(sender.deps, sender.actor, big).files_warning
    small = sender.start(files=with_files(OFFER), due_at=later)
    assert pending_detail(sender.deps, sender.actor, small).files_warning == ""


def test_files_are_taken_off_and_added_while_the_mail_waits(sender: Sender) -> None:
    pending_id = sender.start(files=with_files(OFFER, NOTE))
    first, _ = (number for number, _, _ in files(sender, pending_id))
    changed = draft(files=with_files(NewFile("new.csv", b"a,b"), removed=(first,)))
    composing.edit(sender.deps, sender.actor, pending_id=pending_id, draft=changed, version=1)
    assert [name for _, name, _ in files(sender, pending_id)] == ["Grüße ☀.txt", "new.csv"]
    too_much = draft(files=with_files(NewFile("big", bytes(25 * MB)), removed=()))
    with pytest.raises(InputError):
        composing.edit(sender.deps, sender.actor, pending_id=pending_id, draft=too_much, version=2)
    sender.send()
    assert set(attached(sender.copy(pending_id))) == {"Grüße ☀.txt", "new.csv"}


def test_files_of_a_mail_that_was_deleted_are_let_go(sender: Sender) -> None:
    pending_id = sender.start(files=with_files(OFFER))
    composing.cancel(sender.deps, sender.actor, pending_id=pending_id, version=1)
    assert [kept for _, _, kept in files(sender, pending_id)] == [False]


def test_files_of_a_mail_that_a_rule_stopped_for_good_are_let_go(sender: Sender) -> None:
    gone = known_as(sender, "nobody.home@northwind.example")
    later = sender.moment + timedelta(hours=1)
    pending_id = sender.start(gone, files=with_files(OFFER), due_at=later)
    sent_to(sender, gone)
    sender.passes(hours=1).send()
    assert sender.state(pending_id) == "discarded"
    assert [kept for _, _, kept in files(sender, pending_id)] == [False]


@pytest.mark.parametrize(
    "name",
    [
        "a.txt\r\nBcc: victim@else.example",
        'a"; filename="b.exe.txt',
        "../../etc/passwd.txt",
        "C:\\Users\\robin\\plan.txt",
        "\u202etxt.exe",
    ],
)
def test_a_dangerous_name_changes_nothing_but_itself(sender: Sender, name: str) -> None:
    pending_id = sender.start(files=with_files(NewFile(name, b"x")))
    sender.send()
    copy = sender.copy(pending_id)
    assert copy["Bcc"] is None
    [left] = sender.left(pending_id)
    assert left["recipients"] == ["dana@northwind.example"]
    [found] = attached(copy)
    assert found is not None
    assert not set(found) & set("\r\n/\\\u202e")


def test_what_is_shown_of_files_needs_no_bytes(sender: Sender) -> None:
    pending_id = sender.start(files=with_files(OFFER))
    sender.send()
    assert [kept for _, _, kept in files(sender, pending_id)] == [False]
    detail = pending_detail(sender.deps, sender.actor, pending_id)
    assert [(one.name, one.size) for one in detail.files] == [("Offer.pdf", "19 bytes")]
    assert detail.line.files == 1
