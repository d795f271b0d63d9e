"""Records reports of undelivered mail, once, and the suppressions that follow.

Only a report on mail that verifiably left one of our mailboxes gets here, and it counts only
against an address that this message went to. Every recipient knows the ids of our message and could
forge a report about the others; so for one of several recipients, an immediate suppression is
believed only from a mail system that may speak for the address.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.domain.ids import MessageId, PendingId
from backend.domain.incoming import Where
from backend.domain.mail.address import address_key
from backend.domain.mail.bounces.vouching import may_speak_for
from backend.domain.people.team import Team
from backend.domain.sending.delivery_report import Outcome, Report, Told, could_not
from backend.services.capture.stops import judge
from backend.store import failures
from backend.store.failures import BounceRow
from backend.store.models import (
    Message,
    Participant,
    PendingEvent,
    PendingMessage,
    PendingRecipient,
)

LEAST_TELLING = 3
"""Shortest subject that is worth redacting, in characters."""

MOST_ALIASES = 5
"""Addresses in one report that the message did not go to: enough to say that it failed."""


@dataclass(frozen=True, kw_only=True)
class Reported:
    """A filed report, and the message of ours that it is about."""

    report: Report
    about: MessageId | PendingId
    filed_as: MessageId
    at: datetime


@dataclass(frozen=True, kw_only=True)
class OurMail:
    """A message that left one of our mailboxes, with the keys of all its recipients."""

    about: str
    keys: frozenset[str]
    subject: str
    pending_id: PendingId | None = None
    message_id: MessageId | None = None


def note(session: Session, where: Where, team: Team, reported: Sequence[Reported]) -> bool:
    """Record what is new, and suppress addresses where it follows. Returns whether anything
    changed.
    """
    mails = our_mails(session, [one.about for one in reported])
    rows: dict[tuple[str, str], BounceRow] = {}
    for one in reported:
        if (mail := mails.get(one.about)) is None:
            continue
        for told in rows_of(where, team, one, mail):
            kept = rows.setdefault((told.about, told.key), told)
            if gravity(told) > gravity(kept):
                rows[told.about, told.key] = told
    if not rows:
        return False
    new = failures.note(session, list(rows.values()))
    for row in new:
        if row.pending_id is not None:
            said = could_not(row.address, row.outcome, row.diagnostic)
            session.add(step(where, row.pending_id, said))
    return judge(session, where, {row.key for row in new if row.counts})


def gravity(row: BounceRow) -> tuple[bool, int]:
    """Whether a row counts, and the rank of its outcome."""
    return row.counts, list(Outcome).index(row.outcome)


def our_mails(
    session: Session, ids: Iterable[MessageId | PendingId]
) -> Mapping[MessageId | PendingId, OurMail]:
    """The messages behind ids of messages and of pending messages."""
    ids = set(ids)
    found: dict[MessageId | PendingId, OurMail] = {}
    wanted = [one for one in ids if not isinstance(one, UUID)]
    columns = (Message.id, Message.send_id, Message.identity, Message.subject)
    messages = select(*columns).where(Message.id.in_(wanted))
    sent = session.execute(messages).all() if wanted else []
    pendings = {one for one in ids if isinstance(one, UUID)}
    pendings |= {row.send_id for row in sent if row.send_id}
    ours = pending_mails(session, pendings) if pendings else {}
    people = addressed(session, [row.id for row in sent]) if sent else {}
    for row in sent:
        keys = people.get(row.id, frozenset())
        mail = ours.get(row.send_id) if row.send_id else None
        found[row.id] = OurMail(
            about=mail.about if mail else f"message {row.identity.hex()}",
            keys=keys | mail.keys if mail else keys,
            subject=row.subject,
            pending_id=mail.pending_id if mail else None,
            message_id=row.id,
        )
    return {**found, **dict(ours.items())}


def pending_mails(session: Session, ids: Iterable[PendingId]) -> dict[PendingId, OurMail]:
    """The same for messages queued here."""
    query = select(PendingMessage.id, PendingMessage.sent_message_id, PendingMessage.subject).where(
        PendingMessage.id.in_(list(ids)), PendingMessage.attempts > 0
    )
    rows = session.execute(query).all()
    keys: dict[PendingId, set[str]] = defaultdict(set)
    recipients = select(PendingRecipient.pending_id, PendingRecipient.key)
    for pending_id, key in session.execute(
        recipients.where(PendingRecipient.pending_id.in_([row.id for row in rows]))
    ):
        keys[pending_id].add(key)
    return {
        row.id: OurMail(
            about=f"send {row.id}",
            keys=frozenset(keys[row.id]),
            subject=row.subject,
            pending_id=row.id,
            message_id=row.sent_message_id,
        )
        for row in rows
    }


def addressed(session: Session, message_ids: Sequence[MessageId]) -> Mapping[int, frozenset[str]]:
    """The keys of all recipients of these messages."""
    query = select(Participant.message_id, Participant.address).where(
        Participant.message_id.in_(message_ids), Participant.role.in_(("to", "cc", "bcc"))
    )
    keys: dict[int, set[str]] = defaultdict(set)
    for message_id, address in session.execute(query):
        keys[message_id].add(address_key(address))
    return {message_id: frozenset(found) for message_id, found in keys.items()}


def rows_of(where: Where, team: Team, reported: Reported, mail: OurMail) -> Iterable[BounceRow]:
    """A row for each address that the report names; for a report that names nobody, the only
    recipient of the message.
    """
    told: Sequence[Told] = reported.report.told
    aliases = 0
    alone = sum(not team.owns(key) for key in mail.keys) == 1
    if not told and len(mail.keys) == 1:
        told = [Told(next(iter(mail.keys)), reported.report.outcome)]
    for one in told:
        keys = [key for text in (one.address, one.original) if (key := address_key(text))]
        if not keys or team.owns(keys[0]):
            continue
        ours = [key for key in keys if key in mail.keys]
        aliases += not ours
        if not ours and aliases > MOST_ALIASES:
            continue
        sure = alone or may_speak_for(reported.report.sent_by, (ours or keys)[0])
        yield BounceRow(
            workspace_id=where.workspace_id,
            about=mail.about,
            key=(ours or keys)[0],
            address=one.original if ours and ours[0] != keys[0] else one.address,
            outcome=one.outcome if sure or one.outcome is not Outcome.HARD else Outcome.SOFT,
            status=one.status,
            diagnostic=without_subject(one.diagnostic, mail.subject),
            counts=bool(ours) and (sure or one.outcome is not Outcome.COMPLAINT),
            happened_at=min(reported.at, where.now),
            pending_id=mail.pending_id,
            message_id=mail.message_id,
            report_id=reported.filed_as,
        )


def without_subject(diagnostic: str, subject: str) -> str:
    """A server's reply without the subject it repeats: everybody sees why an address fails, also
    those who may not read the message.

    >>> without_subject("Subject: merger  Unknown user", "Merger")
    'Subject: … Unknown user'
    """
    said, told = " ".join(diagnostic.split()), " ".join(subject.split())
    if len(told) < LEAST_TELLING:
        return said
    return re.sub(re.escape(told), "…", said, flags=re.IGNORECASE)


def step(where: Where, pending_id: PendingId, said: str) -> PendingEvent:
    """An event in the history of a sent message: it was not delivered."""
    return PendingEvent(
        workspace_id=where.workspace_id,
        pending_id=pending_id,
        happened_at=where.now,
        state="sent",
        detail=said,
    )
