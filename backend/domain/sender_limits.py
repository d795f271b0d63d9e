"""What all mail of one mailbox passes through, from what is stored: limits, windows, state."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, time

from backend.domain.ids import MemberId
from backend.domain.mail.address import domain_of
from backend.domain.mail.domains import is_free_mail
from backend.domain.oauth.scopes import SEND, holds
from backend.domain.policies import FromName, Level, MailboxKind, Policies, ReplyQuote
from backend.domain.reasons import Reason
from backend.domain.sending.rule import Gate, MailboxState, SendRules
from backend.domain.sending.throttle import Pause, SendLimits, effective_daily
from backend.domain.sending.windows import SendingWindow, Weekday
from backend.domain.summaries.mailbox import MailboxState as Connection

DEFAULT_DAILY, DEFAULT_HOURLY = 250, 60
"""For a shared mailbox, which belongs to no member (D-8, D-10)."""

WORKING = frozenset({Connection.IMPORTING, Connection.LIVE, Connection.RESYNCING})


@dataclass(frozen=True, kw_only=True)
class SendingMailbox:
    """A mailbox mail leaves from. `key` is its address's key, `token` in hexadecimal digits."""

    email: str
    key: str
    name: str
    state: Connection
    scopes: tuple[str, ...]
    token: str | None
    paused_until: datetime | None
    paused_because: Reason | None
    paused_answer: str | None
    quote: ReplyQuote | None
    from_name: FromName | None
    kind: MailboxKind


@dataclass(frozen=True, kw_only=True)
class SendingMember:
    """The member a mailbox belongs to, with their limits. `zone` is an IANA name."""

    id: MemberId
    name: str
    zone: str
    daily: int
    hourly: int
    bcc: str | None
    signature: str
    gone: bool


@dataclass(frozen=True, kw_only=True)
class SendingFacts:
    """What is stored of a mailbox's sending. Windows are ISO weekdays (Monday is 1), start and end;
    `departures` see Gate.
    """

    mailbox: SendingMailbox
    owner: SendingMember | None
    windows: tuple[tuple[tuple[int, ...], time, time], ...]
    policies: dict[str, str]
    departures: tuple[datetime, ...]


@dataclass(frozen=True, kw_only=True)
class Sender:
    """The mailbox mail leaves from and the member it belongs to; a shared one belongs to none."""

    address: str
    key: str
    display_name: str
    sealed_token: bytes
    owner_id: MemberId | None = None
    owner_name: str = ""
    owner_is_gone: bool = False
    always_bcc: str | None = None
    signature_html: str = ""
    is_shared: bool = False

    @classmethod
    def of(cls, mailbox: SendingMailbox, owner: SendingMember | None) -> "Sender":
        """The sender from what is stored."""
        own = cls(
            address=mailbox.email,
            key=mailbox.key,
            display_name=mailbox.name,
            sealed_token=bytes.fromhex(mailbox.token or ""),
            is_shared=mailbox.kind is MailboxKind.SHARED,
        )
        if owner is None:
            return own
        return replace(
            own,
            owner_id=owner.id,
            owner_name=owner.name,
            owner_is_gone=owner.gone,
            always_bcc=owner.bcc,
            signature_html=owner.signature,
        )


@dataclass(frozen=True, kw_only=True)
class SenderLimits:
    """The gate of a mailbox with the workspace's choices, and who sends through it."""

    sender: Sender
    gate: Gate
    rules: SendRules
    policies: Policies

    @classmethod
    def of(cls, found: SendingFacts) -> "SenderLimits":
        """The limits in force. A mailbox may quote and be named otherwise than the workspace."""
        mailbox, owner = found.mailbox, found.owner
        chosen = Policies.from_overrides(found.policies)
        own = {"reply.quote": mailbox.quote, "mailbox.from_name": mailbox.from_name}
        chosen = chosen.narrowed({k: v for k, v in own.items() if v}, level=Level.MAILBOX)
        gate = Gate(
            limits=limits_of(mailbox, owner, chosen),
            windows=tuple(window(*row, zone=owner.zone) for row in found.windows) if owner else (),
            departures=found.departures,
            state=sending_state(mailbox.state, mailbox.scopes, has_token=mailbox.token is not None),
        )
        sender = Sender.of(mailbox, owner)
        return cls(sender=sender, gate=gate, rules=SendRules.of(chosen), policies=chosen)


def limits_of(mailbox: SendingMailbox, owner: SendingMember | None, chosen: Policies) -> SendLimits:
    """The limits in force: the member's own, lowered by caps and ceilings, and a pause.

    A pause stays in them when it is over: it tells a mailbox that had to wait from one that was
    down.
    """
    return SendLimits(
        daily=effective_daily(
            owner.daily if owner else DEFAULT_DAILY,
            admin_cap=chosen.admin_cap,
            ceiling=chosen.provider_ceiling,
            consumer=is_free_mail(domain_of(mailbox.key)),
        ),
        hourly=min(owner.hourly if owner else DEFAULT_HOURLY, chosen.hourly_limit),
        pause=pause_of(mailbox),
    )


def pause_of(mailbox: SendingMailbox) -> Pause | None:
    """The pause of the mailbox, over or not."""
    if mailbox.paused_until is None:
        return None
    because = mailbox.paused_because or Reason.PROVIDER_LIMIT
    return Pause(mailbox.paused_until, because, mailbox.paused_answer or "")


def window(days: Iterable[int], starts: time, ends: time, *, zone: str) -> SendingWindow:
    """A window from ISO weekdays: Monday is 1."""
    return SendingWindow(frozenset(Weekday(day - 1) for day in days), starts, ends, zone)


def sending_state(state: Connection, scopes: Collection[str], *, has_token: bool) -> MailboxState:
    """Whether a mailbox can send at all."""
    if state is Connection.BLOCKED and has_token:
        return MailboxState.BLOCKED
    if state not in WORKING or not has_token:
        return MailboxState.DISCONNECTED
    if not holds(scopes, SEND):
        return MailboxState.SCOPE_MISSING
    return MailboxState.READY
