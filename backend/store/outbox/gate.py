"""The gate of a mailbox, which all its messages pass: limits, windows, departures and state.

One statement reads all of it. `GATE` is the part that a larger statement can include, with the
mailbox as `m`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.domain.ids import MailboxId, MemberId
from backend.domain.mail.address import domain_of
from backend.domain.mail.domains import is_free_mail
from backend.domain.oauth.scopes import SEND, holds
from backend.domain.policies import Level, Policies
from backend.domain.reasons import Reason
from backend.domain.sending.rule import Gate, MailboxState, SendRules
from backend.domain.sending.throttle import ROLLING_DAY, Pause, SendLimits, effective_daily
from backend.domain.sending.windows import SendingWindow, Weekday
from backend.domain.summaries.mailbox import MailboxState as Connection
from backend.store.asking import fetch_values
from backend.store.models import Mailbox, SendingWindowRow, TeamMember
from backend.store.statements import Statement

DEFAULT_DAILY, DEFAULT_HOURLY = 250, 60
"""For a shared mailbox, which belongs to no member (D-8, D-10)."""

MOST = f"""(SELECT greatest(coalesce(
  (SELECT daily_limit FROM team_members WHERE id = m.owner_id), {DEFAULT_DAILY}), 1))"""  # noqa: S608 - only our own text is put together
"""At least as many departures as the limit in force, which caps and ceilings only lower."""

GATE = f"""
  'mailbox', json_build_object(
    'id', m.id, 'email', m.email, 'key', m.email_key, 'name', m.display_name, 'state', m.state,
    'scopes', m.scopes, 'token', encode(m.sealed_token, 'hex'), 'paused', m.send_paused_until,
    'because', m.send_paused_because, 'answer', m.send_paused_answer,
    'quote', m.reply_quote),
  'owner', (
    SELECT json_build_object(
      'id', o.id, 'name', o.name, 'zone', o.time_zone, 'daily', o.daily_limit,
      'hourly', o.hourly_limit, 'bcc', o.always_bcc, 'signature', o.signature_html,
      'gone', o.deactivated_at IS NOT NULL)
      FROM team_members o WHERE o.id = m.owner_id),
  'windows', (
    SELECT json_agg(json_build_array(w.days, w.starts, w.ends) ORDER BY w.id)
      FROM sending_windows w WHERE w.member_id = m.owner_id),
  'policies', (SELECT json_object_agg(c.name, c.value) FROM policies c),
  'departures', (
    SELECT json_agg(at ORDER BY at) FROM (
      (SELECT left_at AS at FROM departures WHERE mailbox_id = m.id
        ORDER BY left_at DESC LIMIT {MOST})
      UNION ALL
      (SELECT left_at FROM departures WHERE mailbox_id = m.id AND left_at > %(day_ago)s
        ORDER BY left_at DESC OFFSET {MOST})
      UNION ALL
      (SELECT attempted_at FROM pending_messages
        WHERE mailbox_id = m.id AND state IN ('sending', 'unknown')
          AND attempted_at IS NOT NULL)
    ) AS everything)
"""  # noqa: S608 - only our own text is put together
"""Departures: the newest, all others of the last day, and those in doubt."""

ONLY_GATE = Statement(
    f"SELECT json_build_object({GATE}) FROM mailboxes m WHERE m.id = %(mailbox)s"  # noqa: S608
)


@dataclass(frozen=True, kw_only=True)
class Sender:
    """The mailbox a message leaves from and its owner; a shared one has none."""

    address: str
    key: str
    display_name: str
    sealed_token: bytes
    owner_id: MemberId | None = None
    owner_name: str = ""
    owner_is_gone: bool = False
    always_bcc: str | None = None
    signature_html: str = ""


@dataclass(frozen=True, kw_only=True)
class SenderLimits:
    """The gate of a mailbox with the workspace's choices, and the sender."""

    sender: Sender
    gate: Gate
    rules: SendRules
    policies: Policies


def sender_limits(session: Session, mailbox_id: MailboxId, now: datetime) -> SenderLimits:
    """Read the gate of one mailbox, by one query whatever is pending."""
    values = {"mailbox": mailbox_id, "day_ago": now - ROLLING_DAY}
    return sender_limits_of(fetch_values(session, (ONLY_GATE, values))[0])


def sender_limits_of(found: Mapping[str, Any]) -> SenderLimits:
    """The gate from the result of `GATE`."""
    box, owner = found["mailbox"], found["owner"] or {}
    chosen = Policies.from_overrides(found["policies"] or {})
    if box["quote"]:
        chosen = chosen.narrowed({"reply.quote": box["quote"]}, level=Level.MAILBOX)
    gate = Gate(
        limits=_limits(box, owner, chosen),
        windows=tuple(
            _window(days, time.fromisoformat(starts), time.fromisoformat(ends), owner["zone"])
            for days, starts, ends in found["windows"] or ()
        ),
        departures=[datetime.fromisoformat(at) for at in found["departures"] or ()],
        state=_state(box["state"], box["scopes"], has_token=box["token"] is not None),
    )
    return SenderLimits(
        sender=_sender(box, owner), gate=gate, rules=SendRules.of(chosen), policies=chosen
    )


def windows_of(session: Session, owner: TeamMember) -> tuple[SendingWindow, ...]:
    """A member's windows in the member's zone."""
    rows = session.execute(
        select(SendingWindowRow.days, SendingWindowRow.starts, SendingWindowRow.ends)
        .where(SendingWindowRow.member_id == owner.id)
        .order_by(SendingWindowRow.id)
    )
    return tuple(_window(days, starts, ends, owner.time_zone) for days, starts, ends in rows)


def state_of(mailbox: Mailbox) -> MailboxState:
    """Whether the mailbox can send at all."""
    return _state(mailbox.state, mailbox.scopes, has_token=mailbox.sealed_token is not None)


def _sender(box: Mapping[str, Any], owner: Mapping[str, Any]) -> Sender:
    return Sender(
        address=box["email"],
        key=box["key"],
        display_name=box["name"],
        sealed_token=bytes.fromhex(box["token"] or ""),
        owner_id=owner.get("id"),
        owner_name=owner.get("name", ""),
        owner_is_gone=owner.get("gone", False),
        always_bcc=owner.get("bcc"),
        signature_html=owner.get("signature", ""),
    )


def _limits(box: Mapping[str, Any], owner: Mapping[str, Any], chosen: Policies) -> SendLimits:
    """The limits in force: the member's own, lowered by caps and ceilings, and a pause.

    A pause stays in them when it is over: it distinguishes a mailbox that had to wait from one that
    was down.
    """
    return SendLimits(
        daily=effective_daily(
            owner.get("daily", DEFAULT_DAILY),
            admin_cap=chosen.admin_cap,
            ceiling=chosen.provider_ceiling,
            consumer=is_free_mail(domain_of(box["key"])),
        ),
        hourly=min(owner.get("hourly", DEFAULT_HOURLY), chosen.hourly_limit),
        pause=_pause(box),
    )


def _pause(box: Mapping[str, Any]) -> Pause | None:
    if not box["paused"]:
        return None
    because = Reason(box["because"] or Reason.PROVIDER_LIMIT)
    return Pause(datetime.fromisoformat(box["paused"]), because, box["answer"] or "")


def _window(days: list[int], starts: time, ends: time, zone: str) -> SendingWindow:
    """A window from its row, which counts ISO weekdays: Monday is 1."""
    return SendingWindow(frozenset(Weekday(day - 1) for day in days), starts, ends, zone)


def _state(state: str, scopes: list[str], *, has_token: bool) -> MailboxState:
    working = {Connection.IMPORTING, Connection.LIVE, Connection.RESYNCING}
    if state == Connection.BLOCKED and has_token:
        return MailboxState.BLOCKED
    if state not in working or not has_token:
        return MailboxState.DISCONNECTED
    if not holds(scopes, SEND):
        return MailboxState.SCOPE_MISSING
    return MailboxState.READY
