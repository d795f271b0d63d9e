"""The thread switch: later messages of a followed thread are logged, with anybody on them."""

import pytest

from backend.errors import NotFound
from backend.services import logging_mail, rearranging
from backend.services.importing import syncing
from backend.services.logging_mail import Following
from tests.support.company import DANA, ROBIN, Company
from tests.support.open_mail import copies, mail_from_dana, nonce, opened

FOLLOWED = "SELECT followed_by IS NOT NULL, followed_at IS NOT NULL FROM conversations"


def test_the_switch_can_be_moved_to_and_fro(company: Company) -> None:
    mail, robin = opened(company, mail_from_dana(company)[ROBIN]), company.actor()
    logging_mail.log(company.deps, robin, opened=mail, nonce=nonce())
    for to, followed in ((Following.ON, True), (Following.ON, True), (Following.OFF, False)):
        logging_mail.follow(company.deps, robin, opened=mail, to=to)
        assert company.rows(FOLLOWED) == [(followed, followed)]


def test_a_reply_of_a_stranger_in_a_followed_thread_is_logged(company: Company) -> None:
    first, robin = mail_from_dana(company)[ROBIN], company.actor()
    company.connected()
    logging_mail.follow(company.deps, robin, opened=opened(company, first), to=Following.ON)
    headers = company.gmail().get(f"messages/{first}")["payload"]["headers"]
    message_id = next(one["value"] for one in headers if one["name"] == "Message-ID")
    answer = copies(
        company,
        {
            "from": "lee@else.example",
            "to": [ROBIN],
            "subject": "Re: Renewal",
            "in_reply_to": message_id,
        },
    )[ROBIN]
    sync(company)
    decided = company.rows("SELECT outcome, reason FROM decisions WHERE gmail_id = %s", answer)
    assert decided == [("kept", "followed_thread")]
    together = company.value(
        "SELECT count(DISTINCT m.conversation_id) FROM messages m JOIN message_copies c"
        " ON c.message_id = m.id WHERE c.gmail_id = ANY(%s)",
        [first, answer],
    )
    assert together == 1


def test_a_mail_that_is_not_logged_cannot_be_followed(company: Company) -> None:
    mail = opened(company, copies(company, {"from": DANA, "to": [ROBIN]})[ROBIN])
    with pytest.raises(NotFound, match="Log it first"):
        logging_mail.follow(company.deps, company.actor(), opened=mail, to=Following.ON)


def test_a_merge_that_is_undone_leaves_followed_only_what_was(company: Company) -> None:
    first, robin = mail_from_dana(company)[ROBIN], company.actor()
    second = copies(company, {"from": DANA, "to": [ROBIN], "subject": "Another matter"})[ROBIN]
    company.connected()
    logging_mail.follow(company.deps, robin, opened=opened(company, first), to=Following.ON)
    followed, kept = (
        company.value(
            "SELECT conversation_id FROM messages m JOIN message_copies c ON c.message_id = m.id"
            " WHERE c.gmail_id = %s",
            one,
        )
        for one in (first, second)
    )
    done = rearranging.merge(company.deps, robin, kept, followed)
    rearranging.undo(company.deps, robin, done.change_id)
    marked = company.rows("SELECT id FROM conversations WHERE followed_at IS NOT NULL")
    assert marked == [(followed,)]


def sync(company: Company) -> None:
    workspace_id, mailbox_id = company.rows(
        "SELECT workspace_id, id FROM mailboxes WHERE state = 'live'"
    )[0]
    syncing.sync_mailbox(company.deps, workspace_id, mailbox_id)
    company.work()
