"""The facts at the last second about the message about to leave."""

from collections.abc import Iterator
from datetime import timedelta

from backend.domain.sending.rule import Change, SendFacts, SendKind
from backend.domain.sending.suppression import Mailing
from backend.domain.writing.unsubscribing import Offer
from backend.services.sending.send_lease import SendLease
from backend.store import suppressions
from backend.store.outbox.looking import DueMail, NextDue
from backend.store.outbox.rows import letter_of

AT_ONCE = timedelta(minutes=10)
"""A hand-written message meant to leave at once is not held because of a reply that crossed it."""


def facts_of(lease: SendLease, seen: NextDue) -> SendFacts:
    """The facts of the message that was seen, with the mailbox's gate."""
    mail, way = seen.mail, seen.way
    to = [one.key for one in mail.to]
    copies = [one.key for one in (*mail.cc, *mail.bcc)]
    return SendFacts(
        letter=letter_of(mail),
        gate=way.gate,
        to=to,
        copies=copies,
        suppressions=suppressions.of_addresses(
            lease.deps.store, lease.deps.keyed_hash, lease.workspace_id, [*to, *copies]
        ),
        mailing=Mailing(honours_unsubscribes=mail.unsubscribe_offer == Offer.OFFERED),
        changes=frozenset(changes(mail, sender_is_gone=way.sender.owner_is_gone)),
    )


def changes(mail: DueMail, *, sender_is_gone: bool) -> Iterator[Change]:
    """What happened since a person last decided that the message shall leave as it is."""
    if sender_is_gone:
        yield Change.SENDER_GONE
    by_hand = mail.kind == SendKind.ONE_TO_ONE and mail.due_at - mail.decided_at < AT_ONCE
    if not by_hand and mail.answered_at is not None and mail.answered_at > mail.decided_at:
        yield Change.CONTACT_REPLIED
