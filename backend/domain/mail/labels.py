"""Gmail's system label ids, and what they decide before a message is fetched.

Live sync refuses drafts, chats, spam and trash by label before it pays for a fetch, and the capture
rule refuses them again on every other path: both read this list.
"""

from collections.abc import Collection, Sequence
from enum import StrEnum

from backend.domain.reasons import Reason


class Label(StrEnum):
    """System labels that mean something here; ids as in Gmail's `users.labels`."""

    INBOX = "INBOX"
    SENT = "SENT"
    DRAFT = "DRAFT"
    CHAT = "CHAT"
    SPAM = "SPAM"
    TRASH = "TRASH"
    UNREAD = "UNREAD"


def not_mail(labels: Collection[str]) -> Reason | None:
    """Why this is no mail that arrived or left. A draft that was sent is mail.

    >>> not_mail({"DRAFT"})
    <Reason.DRAFT: 'draft'>
    """
    if Label.CHAT in labels:
        return Reason.CHAT
    if Label.DRAFT in labels and Label.SENT not in labels:
        return Reason.DRAFT
    return None


def put_away(labels: Collection[str]) -> Reason | None:
    """Why this message is out of sight, as Gmail or its owner decided.

    >>> put_away({"TRASH", "UNREAD"})
    <Reason.TRASHED: 'trashed'>
    """
    if Label.SPAM in labels:
        return Reason.SPAM
    if Label.TRASH in labels:
        return Reason.TRASHED
    return None


def refused_unread(labels: Collection[str]) -> Reason | None:
    """Why a message need not be fetched at all.

    Sent mail is always read, even from the trash: it may carry a send id that settles whether a
    pending message left.

    >>> refused_unread({"TRASH"})
    <Reason.TRASHED: 'trashed'>
    >>> refused_unread({"SENT", "TRASH"}) is None
    True
    """
    if Label.SENT in labels:
        return not_mail(labels)
    return not_mail(labels) or put_away(labels)


def is_outgoing(labels: Collection[str], *, sender_is_ours: bool) -> bool:
    """Whether the workspace wrote the message. A mail to oneself carries SENT and INBOX.

    INBOX says nothing: filters and archiving remove it from received mail, and a colleague's copy
    of our mail has it without SENT.
    """
    return Label.SENT in labels or sender_is_ours


def whereabouts(copies: Sequence[tuple[str, Collection[str] | None]]) -> str:
    """In words, that a message was put away in Gmail; empty when nobody did. `copies`: each owner's
    name with the labels, None where the copy was deleted.

    >>> whereabouts([("Kim", {"TRASH"}), ("Robin", {"INBOX"})])
    'In the trash of Kim'
    >>> whereabouts([("Kim", {"SPAM"})]), whereabouts([("Kim", None)]), whereabouts([])
    ('In spam', 'Deleted in Gmail', '')
    """
    there = [(whose, put_away(labels)) for whose, labels in copies if labels is not None]
    if not there:
        return "Deleted in Gmail" if copies else ""
    told = []
    for reason, where in ((Reason.TRASHED, "In the trash"), (Reason.SPAM, "In spam")):
        people = list(dict.fromkeys(whose for whose, found in there if found is reason))
        if people:
            everywhere = all(found is reason for _, found in there)
            told.append(where if everywhere else f"{where} of {', '.join(people)}")
    return "; ".join(told)
