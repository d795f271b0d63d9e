"""Mail that came to a Smart BCC address: stored durably and once, claimed, and settled.

Small messages are one statement, committed before this returns. Larger ones are written in pieces,
large ones one at a time in each process, which bounds the memory.
"""

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import IO

from sqlalchemy import ColumnElement, delete, exists, func, or_, select, update
from sqlalchemy.orm import Session

from backend.domain.capture.smart_bcc import MailState, Road
from backend.domain.ids import MemberId, MessageId, WorkspaceId
from backend.store.asking import as_json, fetch, run
from backend.store.models import CaptureAddress, InboundMail, InboundPiece, Mailbox, Message
from backend.store.session import Store
from backend.store.statements import command, optional, sql

PIECE = 1024 * 1024
"""Bytes of one row: a parameter takes several times its size on its way to Postgres."""
LARGE = 8 * 1024 * 1024
"""Bytes above which a process stores one mail at a time."""
CLAIM = timedelta(minutes=2)
"""How long a claim lasts before another process may take the message."""

COLUMNS = (
    *("workspace_id", "address_id", "sha256", "size", "via", "provider_id", "mail_from", "client"),
    *("helo", "told", "received_at", "state"),
)
MAIL = sql("take_inbound_mail", columns=", ".join(COLUMNS))
TAKE = optional(sql("take_inbound_mail_whole", mail=MAIL), int)
TAKE_ENVELOPE = optional(f"WITH taken AS ({MAIL}) SELECT id FROM taken", int)  # noqa: S608
TAKE_PIECE = command(sql("take_inbound_piece"))
KEPT_FOR = timedelta(days=30)
"""How long settled mail is remembered: mail servers repeat theirs for five days at most."""
SETTLED = (MailState.FILED, MailState.LEFT_OUT, MailState.DISCARDED)
USED_AGAIN = timedelta(minutes=1)

_one_large = Lock()


@dataclass(frozen=True, kw_only=True)
class Arrived:
    """A message with its envelope, to be stored. `told` is the provider's evidence about the
    sender.
    """

    workspace_id: WorkspaceId
    address_id: int
    sha256: bytes
    size: int
    via: Road
    mail_from: str
    received_at: datetime
    client: str | None = None
    helo: str | None = None
    provider_id: str | None = None
    told: Mapping[str, Sequence[str]] | None = field(default=None)

    def row(self) -> str:
        """The row, as JSON."""
        values = {name: getattr(self, name, None) for name in COLUMNS}
        return as_json({**values, "state": MailState.NEW})


def take(store: Store, arrived: Arrived, content: IO[bytes]) -> bool:
    """Store the message durably. Returns whether it is new; a duplicate changes nothing.

    Raises StoreUnavailable unless it is certainly stored.
    """
    content.seek(0)
    if arrived.size <= PIECE:
        asked = TAKE.bind(mail=arrived.row(), content=content.read())
        return store.write(arrived.workspace_id, asked) is not None
    with _one_large if arrived.size > LARGE else nullcontext():
        return _take_in_pieces(store, arrived, content)


def _take_in_pieces(store: Store, arrived: Arrived, content: IO[bytes]) -> bool:
    with store.begin(arrived.workspace_id) as session:
        mail_id = fetch(session, TAKE_ENVELOPE.bind(mail=arrived.row()))
        if mail_id is None:
            return False
        for number, piece in enumerate(iter(lambda: content.read(PIECE), b"")):
            asked = TAKE_PIECE.bind(
                workspace_id=str(arrived.workspace_id),
                mail_id=str(mail_id),
                number=str(number),
                content=piece,
            )
            run(session, asked)
        return True


def used_for_another(session: Session, arrived: Arrived) -> bool:
    """Whether the provider's id was used for another message. Needs a global transaction."""
    query = select(InboundMail.id).where(
        InboundMail.via == arrived.via,
        InboundMail.provider_id == arrived.provider_id,
        InboundMail.sha256 != arrived.sha256,
    )
    return session.scalar(query.limit(1)) is not None


def due(session: Session, now: datetime) -> Sequence[WorkspaceId]:
    """Workspaces with mail to file. Needs a global transaction."""
    query = select(InboundMail.workspace_id).where(*_free(now)).distinct()
    return session.scalars(query).all()


def claim(session: Session, now: datetime) -> InboundMail | None:
    """Claim the next message of the workspace for a while."""
    query = select(InboundMail).where(*_free(now)).order_by(InboundMail.id).limit(1)
    mail = session.scalars(query.with_for_update(skip_locked=True)).one_or_none()
    if mail is not None:
        mail.attempts += 1
        mail.not_before = now + CLAIM
        _note_use(session, mail, now)
    return mail


def locked(session: Session, mail_id: int) -> InboundMail | None:
    """One message, with its row locked."""
    query = select(InboundMail).where(InboundMail.id == mail_id).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def content(session: Session, mail_id: int) -> bytes:
    """The message's bytes; empty once they are deleted."""
    pieces = select(InboundPiece.content).where(InboundPiece.mail_id == mail_id)
    return b"".join(session.scalars(pieces.order_by(InboundPiece.number)))


@dataclass(frozen=True, slots=True)
class InboundRoad:
    """Where a message came from: its return path, the client that gave it to our mail server, and
    what a provider verified about the sender.
    """

    via: Road
    mail_from: str
    client: str | None
    helo: str | None
    told: Mapping[str, Sequence[str]] | None


def road_of(session: Session, mail_id: int) -> InboundRoad:
    """Where the mail came from."""
    mail = session.get_one(InboundMail, mail_id)
    return InboundRoad(mail.via, mail.mail_from, mail.client, mail.helo, mail.told)


def _free(now: datetime) -> tuple[ColumnElement[bool], ...]:
    free = or_(InboundMail.not_before.is_(None), InboundMail.not_before <= now)
    return InboundMail.state == MailState.NEW, free


def _note_use(session: Session, mail: InboundMail, now: datetime) -> None:
    """When the address was last used, for its list; updated no more often than anybody could
    notice.
    """
    stale = or_(
        CaptureAddress.last_used_at.is_(None), CaptureAddress.last_used_at < now - USED_AGAIN
    )
    session.execute(
        update(CaptureAddress)
        .where(CaptureAddress.id == mail.address_id, stale)
        .values(last_used_at=mail.received_at)
    )


def address_of(session: Session, mail: InboundMail) -> CaptureAddress:
    """The address it came to."""
    return session.get_one(CaptureAddress, mail.address_id)


def forget_content(session: Session, mail_id: int) -> None:
    """Delete the bytes of a settled message."""
    session.execute(delete(InboundPiece).where(InboundPiece.mail_id == mail_id))


def list_of(
    session: Session, member_id: MemberId, *, admin: bool, states: Sequence[MailState], most: int
) -> Sequence[tuple[InboundMail, CaptureAddress]]:
    """Mail to a member's own addresses, newest first; for an admin also to shared addresses. The
    owner of a shared mailbox sees its mail, too.
    """
    query = (
        select(InboundMail, CaptureAddress)
        .join(CaptureAddress, CaptureAddress.id == InboundMail.address_id)
        .where(_theirs(member_id, admin=admin), InboundMail.state.in_(states))
        .order_by(InboundMail.id.desc())
        .limit(most)
    )
    return [(mail, address) for mail, address in session.execute(query)]


def held_count(session: Session, member_id: MemberId, *, admin: bool) -> int:
    """How many messages wait for a member to decide, counted as `list_of` lists them."""
    query = (
        select(func.count())
        .select_from(InboundMail)
        .join(CaptureAddress, CaptureAddress.id == InboundMail.address_id)
        .where(_theirs(member_id, admin=admin), InboundMail.state == MailState.HELD)
    )
    return session.scalar(query) or 0


def original_of(session: Session, message_id: MessageId) -> int | None:
    """The mail whose bytes are kept because the message has files."""
    query = select(InboundMail.id).where(InboundMail.message_id == message_id, _has_content())
    return session.scalar(query.order_by(InboundMail.id).limit(1))


def with_old(session: Session, now: datetime) -> Sequence[WorkspaceId]:
    """Workspaces with mail to forget. Needs a global transaction."""
    query = select(InboundMail.workspace_id).where(*_old(now)).distinct()
    return session.scalars(query).all()


def forget_old(session: Session, now: datetime) -> None:
    """Delete what was settled a month ago and has no content any more. Held mail stays until it is
    decided, and the bytes of filed mail as long as they hold its files.
    """
    session.execute(delete(InboundMail).where(*_old(now)))


def _old(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return InboundMail.settled_at < now - KEPT_FOR, InboundMail.state.in_(SETTLED), ~_has_content()


def _has_content() -> ColumnElement[bool]:
    return exists().where(InboundPiece.mail_id == InboundMail.id)


def is_answer(session: Session, cites: Sequence[str]) -> bool:
    """Whether the workspace has a message with one of these Message-IDs."""
    if not cites:
        return False
    return session.scalar(select(Message.id).where(Message.rfc_id.in_(cites)).limit(1)) is not None


def is_for(session: Session, mail: InboundMail, member_id: MemberId, *, admin: bool) -> bool:
    """Whether the message came to an address that the member decides about."""
    query = select(CaptureAddress.id).where(
        CaptureAddress.id == mail.address_id, _theirs(member_id, admin=admin)
    )
    return session.scalar(query) is not None


def _theirs(member_id: MemberId, *, admin: bool) -> ColumnElement[bool]:
    own = or_(
        CaptureAddress.member_id == member_id,
        CaptureAddress.mailbox_id.in_(select(Mailbox.id).where(Mailbox.owner_id == member_id)),
    )
    return or_(own, CaptureAddress.member_id.is_(None)) if admin else own
