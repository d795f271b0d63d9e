"""One batch of fetched messages, from facts to rows, inside the caller's transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from backend.domain.bounces import read_bounce
from backend.domain.capture import decide
from backend.domain.capture_facts import Asked, CaptureRules, Follow, MessageFacts
from backend.domain.capture_outcome import Keep, Quarantine, Skip, Weight
from backend.domain.envelope import Author, envelope_of
from backend.domain.ids import MailboxId, MemberId, PendingId
from backend.domain.labels import is_outgoing
from backend.domain.mail_kind import MailKind, classify
from backend.domain.message import FetchedMessage
from backend.domain.reply_text import reply_text
from backend.domain.threads import content_key
from backend.store.capture import facts
from backend.store.capture.decisions import Verdict, note
from backend.store.filing import Filed, Filing, file_batch
from backend.store.filing.item import FilingPlace
from backend.store.filing.sent import count_departures
from backend.store.sealing import KeyedHash

ASKED_BY_CLICK = frozenset({Asked.LOG, Asked.LOG_ANYWAY})


@dataclass(frozen=True, kw_only=True)
class Place:
    """Which mailbox the batch came from, by which path (import, live, audit, click), and when.

    `asked` is what a person said about these very messages, and `member` who.
    """

    workspace_id: int
    mailbox_id: MailboxId
    path: str
    now: datetime
    keyed_hash: KeyedHash
    asked: Asked = Asked.NOTHING
    member: MemberId | None = None


@dataclass(frozen=True, kw_only=True)
class Captured:
    """What became of one message."""

    gmail_id: str
    decision: Keep | Skip | Quarantine
    filed: Filed | None
    sent_at: datetime


@dataclass(frozen=True, kw_only=True)
class Read:
    """A fetched message with what the rules say of its kind and identity."""

    fetched: FetchedMessage
    kind: MailKind
    identity: bytes


def capture(
    session: Session, place: Place, fetched: Sequence[FetchedMessage], rules: CaptureRules
) -> list[Captured]:
    """Decide each message and write down what follows. Repeating it changes nothing."""
    read = [read_one(place, one) for one in fetched]
    decided = list(zip(read, decide_all(session, place, read, rules), strict=True))
    items = [
        filing(one, decision, place, rules)
        for one, decision in decided
        if isinstance(decision, Keep)
    ]
    where = FilingPlace(workspace_id=place.workspace_id, mailbox_id=place.mailbox_id, now=place.now)
    filed = {one.gmail_id: one for one in file_batch(session, where, items)}
    count_departures(session, where, fetched)
    captured = [
        Captured(
            gmail_id=one.fetched.gmail_id,
            decision=decision,
            filed=filed.get(one.fetched.gmail_id),
            sent_at=one.fetched.internal_date,
        )
        for one, decision in decided
    ]
    note(
        session,
        place,
        [verdict(one, seen) for one, seen in zip(read, captured, strict=True)],
    )
    return captured


def read_one(place: Place, fetched: FetchedMessage) -> Read:
    """What kind of mail it is, and its identity across mailboxes."""
    parsed = fetched.parsed
    sender = parsed.sender.key if parsed.sender else ""
    identity = content_key(parsed.message_id, sender, parsed.date)
    if identity is None:  # without a Message-ID only Gmail's own id tells two mails apart
        identity = f"{place.mailbox_id}/{fetched.gmail_id}".encode()
    return Read(fetched=fetched, kind=classify(parsed), identity=identity)


def decide_all(
    session: Session, place: Place, read: Sequence[Read], rules: CaptureRules
) -> list[Keep | Skip | Quarantine]:
    """Gather the facts of the whole batch, then ask the rule about each message."""
    envelopes = [envelope_of(one.fetched.parsed) for one in read]
    directory = facts.directory(session, (key for mail in envelopes for _, key in mail))
    sends = facts.known_sends(session, [s for one in read if (s := send_id(one)) is not None])
    bounces = facts.sent_messages(session, (b for one in read if (b := reported(one))))
    threads, cited = facts.followed(
        session,
        place.mailbox_id,
        [one.fetched.thread_id for one in read],
        (key for one in read for key in cites(one)),
    )
    removed = facts.taken_out(session, [one.identity for one in read])
    hashes = {one.identity: rfc_hash(place, one) for one in read}
    unlogged = facts.unlogged(session, [known for known in hashes.values() if known])
    decisions = []
    for one, envelope in zip(read, envelopes, strict=True):
        ours, bounce = send_id(one), reported(one)
        follows = one.fetched.thread_id in threads or not cited.isdisjoint(cites(one))
        message = MessageFacts(
            envelope=envelope,
            subject=one.fetched.parsed.subject,
            directory=directory,
            labels=one.fetched.label_ids,
            author=Author.PERSON if one.kind is MailKind.HUMAN else Author.MACHINE,
            send_id=PendingId(ours) if ours in sends and ours is not None else None,
            reports_on=bounces.get(bounce) if bounce else None,  # type: ignore[arg-type]
            follow=Follow.REPLIES if follows else Follow.NO,
            asked=asked(
                place,
                was_removed=one.identity in removed or hashes[one.identity] in unlogged,
            ),
        )
        decisions.append(decide(message, rules))
    return decisions


def filing(read: Read, decision: Keep, place: Place, rules: CaptureRules) -> Filing:
    """The message as the filing statements take it."""
    parsed = read.fetched.parsed
    sender = parsed.sender.key if parsed.sender else ""
    clicked = place.asked in ASKED_BY_CLICK
    return Filing(
        fetched=read.fetched,
        identity=read.identity,
        people=decision.people,
        outgoing=is_outgoing(read.fetched.label_ids, sender_is_ours=rules.team.owns(sender)),
        mail_kind=read.kind.value,
        human=decision.weight is not Weight.MACHINE,
        reply_text=reply_text(parsed.text, parsed.html),
        via="click" if clicked else "sync",
        logged_by=place.member if clicked else None,
    )


def verdict(read: Read, captured: Captured) -> Verdict:
    """The decision with what its row needs to be found again."""
    return Verdict(
        gmail_id=captured.gmail_id,
        decision=captured.decision,
        message_id=captured.filed.message_id if captured.filed else None,
        rfc_id=read.fetched.parsed.message_id,
        people=tuple(sorted({key for _, key in envelope_of(read.fetched.parsed)})),
        internal_at=captured.sent_at,
    )


def send_id(read: Read) -> PendingId | None:
    """Our own id in the mail's header, when it is a readable one."""
    text = (read.fetched.parsed.send_id or "").strip()
    try:
        return PendingId(UUID(text)) if text else None
    except ValueError:
        return None


def reported(read: Read) -> str | None:
    """The Message-ID of the mail that a bounce reports on."""
    if read.kind is not MailKind.BOUNCE:
        return None
    report = read_bounce(read.fetched.parsed)
    return report.original_message_id if report else None


def cites(read: Read) -> tuple[str, ...]:
    """The Message-IDs that the mail answers to."""
    parsed = read.fetched.parsed
    return (*parsed.references, *parsed.in_reply_to)


def rfc_hash(place: Place, read: Read) -> bytes | None:
    """The keyed hash under which a decision knows the message."""
    rfc_id = read.fetched.parsed.message_id
    return place.keyed_hash.of(place.workspace_id, rfc_id) if rfc_id else None


def asked(place: Place, *, was_removed: bool) -> Asked:
    """What a person said: now, by this click, or earlier, by taking the message out."""
    if place.asked is not Asked.NOTHING:
        return place.asked
    return Asked.TAKE_OUT if was_removed else Asked.NOTHING
