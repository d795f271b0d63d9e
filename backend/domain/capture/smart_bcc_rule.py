"""What is done with a mail that came to a Smart BCC address, before the capture rule is asked.

Separate from it because this asks about the sender and the road alone. What is filed goes through
the capture rule like all mail; what cannot be trusted is held for the address's owner, and what a
machine sent is left out. Nothing is ever answered by mail, so loops end here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from backend.domain.ids import MemberId
from backend.domain.mail.kinds import MailKind
from backend.domain.reasons import Reason, sentence

MOST_HOPS = 50
"""Received headers of a mail that goes in circles."""

MACHINES = frozenset({MailKind.BOUNCE, MailKind.COMPLAINT, MailKind.AUTO_REPLY, MailKind.LIST})


class Held(StrEnum):
    """Why a mail waits for its owner."""

    UNVERIFIED = "unverified"
    OUTSIDER = "outsider"
    FORWARDED = "forwarded"
    NOBODY_KNOWN = "nobody_known"
    UNREADABLE = "unreadable"


class LeftOut(StrEnum):
    """Why a mail is not filed, for any sender."""

    LOOP = "loop"
    OWN_MAIL = "own_mail"
    MACHINE = "machine"


SENTENCES: Mapping[str, str] = {
    Held.UNVERIFIED: "Its sender could not be verified: neither DKIM nor SPF proves the address.",
    Held.OUTSIDER: "Somebody outside your team sent it to this address.",
    Held.FORWARDED: "It is forwarded mail, and only its text says who wrote it first.",
    Held.NOBODY_KNOWN: "Nobody on it is a contact, and this workspace adds none from Smart BCC.",
    Held.UNREADABLE: "It can't be read: it is built in an unusual way.",
    LeftOut.LOOP: "It went in circles between mail servers.",
    LeftOut.OWN_MAIL: "Rapport sent it itself, and files it through the mailbox it left from.",
    LeftOut.MACHINE: "It is automatic or list mail.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """What is known of the mail. `author` is the member whose address From is, if any; `known`
    says that From is a contact or that the mail answers one that is here. `forwards` is the first
    writer of a forwarded mail, by its text.
    """

    author: MemberId | None
    aligned: bool
    known: bool
    kind: MailKind
    has_send_id: bool
    hops: int
    forwards: str | None
    forwards_known: bool
    accepted: bool = False


@dataclass(frozen=True, slots=True)
class File:
    """Ask the capture rule."""


@dataclass(frozen=True, slots=True)
class Hold:
    """Let a person decide. `proposed` is whom it would be filed under."""

    because: Held
    proposed: str = ""


@dataclass(frozen=True, slots=True)
class LeaveOut:
    """Keep nothing of it."""

    because: LeftOut


def judge(mail: Arrival) -> File | Hold | LeaveOut:
    """Decide about one mail. A person who accepts a held one vouches for its sender, and for
    nothing else.
    """
    because = _not_of_people(mail)
    if because is not None:
        return LeaveOut(because)
    if mail.accepted:
        return File()
    return _held(mail) or File()


def _not_of_people(mail: Arrival) -> LeftOut | None:
    if mail.hops > MOST_HOPS:
        return LeftOut.LOOP
    if mail.has_send_id:
        return LeftOut.OWN_MAIL
    return LeftOut.MACHINE if mail.kind in MACHINES else None


def _held(mail: Arrival) -> Hold | None:
    if not mail.aligned:
        return Hold(Held.UNVERIFIED, mail.forwards or "")
    if mail.author is None:
        return None if mail.known else Hold(Held.OUTSIDER)
    if mail.forwards and not mail.forwards_known:
        return Hold(Held.FORWARDED, mail.forwards)
    return None


def told(reason: str) -> str:
    """Why a mail was held or left out, whichever rule said so."""
    if reason in SENTENCES:
        return SENTENCES[reason]
    return sentence(Reason(reason)) if reason in set(Reason) else ""
