"""Undelivered mail as people see it: by address and by message."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import exists, func, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from backend.domain.ids import MessageId, PendingId, WorkspaceId
from backend.domain.mail.kinds import MailKind
from backend.domain.sending.delivery_report import Outcome, could_not
from backend.store.asking import as_json, fetch
from backend.store.models import Bounce, ContactAddress, Message, Participant, Suppression
from backend.store.statements import sql, statement


@dataclass(frozen=True, kw_only=True)
class Failed:
    """One address that a message did not reach."""

    key: str
    address: str
    outcome: Outcome
    diagnostic: str
    at: datetime

    @property
    def sentence(self) -> str:
        """The outcome, as one sentence without its full stop."""
        return could_not(self.address, self.outcome, self.diagnostic)


@dataclass(frozen=True, kw_only=True)
class BounceRow:
    """A row of `bounces`, to be noted. `about` is the mail, `counts` whether it is held against the
    address.
    """

    workspace_id: WorkspaceId
    about: str
    key: str
    address: str
    outcome: Outcome
    status: str
    diagnostic: str
    counts: bool
    happened_at: datetime
    pending_id: PendingId | None
    message_id: MessageId | None
    report_id: MessageId


@dataclass(frozen=True, kw_only=True)
class NewBounce:
    """What is new of a report."""

    key: str
    address: str
    outcome: Outcome
    diagnostic: str
    counts: bool
    pending_id: PendingId | None


NOTE = statement(
    sql(
        "note_bounces",
        columns=", ".join(one.name for one in fields(BounceRow)),
        gravity=", ".join(f"'{one}'" for one in Outcome),
    ),
    list[NewBounce],
)


def note(session: Session, rows: Sequence[BounceRow]) -> Sequence[NewBounce]:
    """Note what did not get through. Returns what is new of it."""
    return fetch(session, NOTE.bind(rows=as_json(rows)))


def written_at(session: Session, keys: Sequence[str]) -> Mapping[str, datetime]:
    """When a person last wrote from each of these addresses, for those of contacts."""
    from_them = (Participant.contact_id == ContactAddress.contact_id) & (Participant.role == "from")
    query = (
        select(ContactAddress.key, func.max(Message.sent_at))
        .join(Participant, from_them)
        .join(Message, Message.id == Participant.message_id)
        .where(
            ContactAddress.key.in_(keys),
            func.lower(Participant.address) == ContactAddress.key,
            ~Message.outgoing,
            Message.mail_kind == MailKind.HUMAN,
        )
        .group_by(ContactAddress.key)
    )
    return dict(session.execute(query).all())


def of_keys(session: Session, keys: Iterable[str]) -> Mapping[str, Failed]:
    """The last failure of each of these addresses that is still in force."""
    wanted = sorted(set(keys))
    if not wanted:
        return {}
    lifted_since = exists().where(
        Suppression.key == Bounce.key, Suppression.lifted_at >= Bounce.happened_at
    )
    query = (
        select(Bounce)
        .ext(distinct_on(Bounce.key))
        .where(Bounce.key.in_(wanted), Bounce.counts, ~lifted_since)
        .order_by(Bounce.key, Bounce.happened_at.desc(), Bounce.id.desc())
    )
    return {row.key: failed_of(row) for row in session.scalars(query)}


def of_messages(session: Session, rows: Sequence[Message]) -> Mapping[int, list[Failed]]:
    """Whom these messages did not reach, by message."""
    by_send = {row.send_id: row.id for row in rows if row.send_id and row.outgoing}
    ids = [row.id for row in rows if row.outgoing]
    found: dict[int, list[Failed]] = defaultdict(list)
    if not ids:
        return found
    query = select(Bounce).where(
        or_(Bounce.message_id.in_(ids), Bounce.pending_id.in_(list(by_send)))
    )
    for row in session.scalars(query.order_by(Bounce.happened_at, Bounce.id)):
        place = by_send.get(row.pending_id) if row.pending_id else None
        found[place or row.message_id or 0].append(failed_of(row))
    return found


def of_pending(session: Session, ids: Sequence[PendingId]) -> Mapping[PendingId, list[Failed]]:
    """Whom messages queued here did not reach, by message."""
    query = select(Bounce).where(Bounce.pending_id.in_(list(ids)))
    found: dict[PendingId, list[Failed]] = defaultdict(list)
    for row in session.scalars(query.order_by(Bounce.happened_at, Bounce.id)):
        if row.pending_id is not None:
            found[row.pending_id].append(failed_of(row))
    return found


def failed_of(row: Bounce) -> Failed:
    """One row of `bounces`."""
    return Failed(
        key=row.key,
        address=row.address,
        outcome=row.outcome,
        diagnostic=row.diagnostic,
        at=row.happened_at,
    )
