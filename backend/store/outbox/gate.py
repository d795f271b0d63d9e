"""What all mail of one mailbox passes through: its limits, windows, departures and state."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select, text
from sqlalchemy.orm import Session

from backend.domain.address import domain_of
from backend.domain.domains import is_free_mail
from backend.domain.policies import Policies
from backend.domain.reasons import Reason
from backend.domain.send_facts import Gate, MailboxState, SendRules
from backend.domain.summaries.mailbox import MailboxState as Connection
from backend.domain.throttle import ROLLING_DAY, Pause, SendLimits, effective_daily
from backend.domain.windows import SendingWindow, Weekday
from backend.store.capture.rules import policies
from backend.store.models import Mailbox, SendingWindowRow, TeamMember

SEND_SCOPES = frozenset(
    {
        "https://www.googleapis.com/auth/gmail.modify",
        "https://www.googleapis.com/auth/gmail.send",
        "https://mail.google.com/",
    }
)
WINDOWS = (
    select(SendingWindowRow.days, SendingWindowRow.starts, SendingWindowRow.ends)
    .where(SendingWindowRow.member_id == bindparam("member"))
    .order_by(SendingWindowRow.id)
)
LEFT = text(
    """
    SELECT at FROM (
      (SELECT left_at AS at FROM departures WHERE mailbox_id = :mailbox_id
        ORDER BY left_at DESC LIMIT :most)
      UNION ALL
      (SELECT left_at FROM departures
        WHERE mailbox_id = :mailbox_id AND left_at > :since
        ORDER BY left_at DESC OFFSET :most)
      UNION ALL
      (SELECT attempted_at FROM pending_messages
        WHERE mailbox_id = :mailbox_id AND state IN ('sending', 'unknown')
          AND attempted_at IS NOT NULL)
    ) AS everything ORDER BY at
    """
)
"""The newest departures, all further ones of the last day, and what may have left."""

DEFAULT_DAILY, DEFAULT_HOURLY = 250, 60
"""For a shared mailbox, which belongs to no member (D-8, D-10)."""


@dataclass(frozen=True, kw_only=True)
class Passage:
    """The gate of a mailbox with the workspace's choices. `owner` is None for a shared mailbox."""

    mailbox: Mailbox
    owner: TeamMember | None
    gate: Gate
    rules: SendRules
    policies: Policies


def passage(session: Session, mailbox: Mailbox, now: datetime) -> Passage:
    """Gather the gate of one mailbox, with a fixed number of queries whatever is pending."""
    chosen = policies(session)
    owner = session.get(TeamMember, mailbox.owner_id) if mailbox.owner_id else None
    limits = limits_of(mailbox, owner, chosen)
    gate = Gate(
        limits=limits,
        windows=windows_of(session, owner),
        departures=departures(session, mailbox.id, limits.daily, now),
        state=state_of(mailbox),
    )
    return Passage(
        mailbox=mailbox, owner=owner, gate=gate, rules=SendRules.of(chosen), policies=chosen
    )


def limits_of(mailbox: Mailbox, owner: TeamMember | None, chosen: Policies) -> SendLimits:
    """The limits in force: the member's own, lowered by caps and ceilings, and a pause.

    A pause stays in them when it is over: it tells a mailbox that had to wait from one that was
    down.
    """
    paused_until = mailbox.send_paused_until
    return SendLimits(
        daily=effective_daily(
            owner.daily_limit if owner else DEFAULT_DAILY,
            admin_cap=chosen.admin_cap,
            ceiling=chosen.provider_ceiling,
            consumer=is_free_mail(domain_of(mailbox.email_key)),
        ),
        hourly=min(owner.hourly_limit if owner else DEFAULT_HOURLY, chosen.hourly_limit),
        pause=Pause(paused_until, Reason.PROVIDER_LIMIT) if paused_until else None,
    )


def windows_of(session: Session, owner: TeamMember | None) -> tuple[SendingWindow, ...]:
    """The owner's windows in the owner's zone. Rows count ISO weekdays, Monday is 1."""
    if owner is None:
        return ()
    rows = session.execute(WINDOWS, {"member": owner.id})
    return tuple(
        SendingWindow(
            frozenset(Weekday(day - 1) for day in row.days), row.starts, row.ends, owner.time_zone
        )
        for row in rows
    )


def departures(session: Session, mailbox_id: int, at_least: int, now: datetime) -> list[datetime]:
    """Everything that left in the last 24 hours, and never fewer than the last `at_least`.

    What may have left counts as if it had.
    """
    found = session.execute(
        LEFT, {"mailbox_id": mailbox_id, "most": max(at_least, 1), "since": now - ROLLING_DAY}
    )
    return [moment for (moment,) in found]


def state_of(mailbox: Mailbox) -> MailboxState:
    """Whether the mailbox can send at all."""
    working = {Connection.IMPORTING, Connection.LIVE, Connection.RESYNCING}
    if mailbox.state not in working or mailbox.sealed_token is None:
        return MailboxState.DISCONNECTED
    if SEND_SCOPES.isdisjoint(mailbox.scopes):
        return MailboxState.SCOPE_MISSING
    return MailboxState.READY
