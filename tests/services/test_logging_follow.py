"""The thread switch: later mails of a followed thread are logged, whoever is on them."""

import pytest

from backend.errors import NotFound
from backend.services import logging_mail, rearranging
from backend.services.importing import syncing
from backend.services.logging_mail import Following
from tests.support.office import DANA, ROBIN, Office
from tests.support.open_mail import copies, mail_from_dana, nonce, opened

FOLLOWED = "SELECT followed_by IS NOT NULL, followed_at IS NOT NULL FROM conversations"


def test_the_switch_can_be_moved_to_and_fro(office: Office) -> None:
    mail, robin = opened(office, mail_from_dana(office)[ROBIN]), office.actor()
    logging_mail.log(office.deps, robin, opened=mail, nonce=nonce())
    for to, followed in ((Following.ON, True), (Following.ON, True), (Following.OFF, False)):
        logging_mail.follow(office.deps, robin, opened=mail, to=to)
        assert office.rows(FOLLOWED) == [(followed, followed)]


def test_a_reply_of_a_stranger_in_a_followed_thread_is_logged(office: Office) -> None:
    first, robin = mail_from_dana(office)[ROBIN], office.actor()
    office.connected()
    logging_mail.follow(office.deps, robin, opened=opened(office, first), to=Following.ON)
    headers = office.gmail().get(f"messages/{first}")["payload"]["headers"]
    message_id = next(one["value"] for one in headers if one["name"] == "Message-ID")
    answer = copies(
        office,
        {
            "from": "lee@else.example",
            "to": [ROBIN],
            "subject": "Re: Renewal",
            "in_reply_to": message_id,
        },
    )[ROBIN]
    sync(office)
    decided = office.rows("SELECT outcome, reason FROM decisions WHERE gmail_id = %s", answer)
    assert decided == [("kept", "followed_thread")]
    together = office.value(
        "SELECT count(DISTINCT m.conversation_id) FROM messages m JOIN message_copies c"
        " ON c.message_id = m.id WHERE c.gmail_id = ANY(%s)",
        [first, answer],
    )
    assert together == 1


def test_a_mail_that_is_not_logged_cannot_be_followed(office: Office) -> None:
    mail = opened(office, copies(office, {"from": DANA, "to": [ROBIN]})[ROBIN])
    with pytest.raises(NotFound, match="Log it first"):
        logging_mail.follow(office.deps, office.actor(), opened=mail, to=Following.ON)


def test_a_merge_that_is_undone_leaves_followed_only_what_was(office: Office) -> None:
    first, robin = mail_from_dana(office)[ROBIN], office.actor()
    second = copies(office, {"from": DANA, "to": [ROBIN], "subject": "Another matter"})[ROBIN]
    office.connected()
    logging_mail.follow(office.deps, robin, opened=opened(office, first), to=Following.ON)
    followed, kept = (
        office.value(
            "SELECT conversation_id FROM messages m JOIN message_copies c ON c.message_id = m.id"
            " WHERE c.gmail_id = %s",
            one,
        )
        for one in (first, second)
    )
    done = rearranging.merge(office.deps, robin, kept, followed)
    rearranging.undo(office.deps, robin, done.change_id)
    marked = office.rows("SELECT id FROM conversations WHERE followed_at IS NOT NULL")
    assert marked == [(followed,)]


def sync(office: Office) -> None:
    workspace_id, mailbox_id = office.rows(
        "SELECT workspace_id, id FROM mailboxes WHERE state = 'live'"
    )[0]
    syncing.sync_mailbox(office.deps, workspace_id, mailbox_id)
    office.work()
