"""A member who sends: what they write, a clock that moves on command, and what really left."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from email import message_from_bytes
from email.message import Message
from email.policy import default
from functools import cached_property
from typing import Any
from uuid import UUID

import requests

from backend.clock import utc_now
from backend.deps import Deps
from backend.domain.ids import ConversationId, MailboxId, PendingId
from backend.domain.people.actor import Actor
from backend.domain.sending.windows import SendingWindow, Weekday
from backend.services import composing, reconciling, sending
from backend.services.composing import Draft
from backend.services.importing import syncing
from tests.support.company import DANA, ROBIN, Company
from tests.support.decisions import import_customers
from tests.support.email_settings import save_email_settings

SEND = "gmail.users.messages.send"
BY_HAND = base64.urlsafe_b64encode(b"To: lee@else.example\r\nSubject: By hand\r\n\r\nHi.").decode()


@dataclass
class Sender:
    """A connected mailbox without sending windows, at `moment`."""

    company: Company
    mailbox_id: MailboxId
    email: str = ROBIN
    moment: datetime = field(default_factory=utc_now)

    @property
    def deps(self) -> Deps:
        """The company's, by this sender's clock."""
        return replace(self.company.deps, now=lambda: self.moment)

    @cached_property
    def actor(self) -> Actor:
        """The member, as signed in when first asked for."""
        return self.company.actor(self.email)

    def passes(self, **time: float) -> "Sender":
        self.moment += timedelta(**time)
        return self

    def start(self, *to: str, nonce: str = "", **more: Any) -> PendingId:
        """Queue the first mail of a conversation."""
        nonce = nonce or f"click {self.company.value('SELECT count(*) FROM pending_messages')}"
        return composing.start(self.deps, self.actor, draft=draft(*to, **more), nonce=nonce)

    def reply(self, conversation_id: int, *to: str, nonce: str = "reply", **more: Any) -> PendingId:
        """Queue an answer."""
        return composing.reply(
            self.deps,
            self.actor,
            conversation_id=ConversationId(conversation_id),
            draft=draft(*to, **more),
            nonce=nonce,
        )

    def send(self) -> None:
        """What a worker does when it is asked to look at the mailbox."""
        sending.send_mailbox(self.deps, *self.company.key(self.mailbox_id))

    def settle(self) -> None:
        """What a worker does for mail in doubt."""
        reconciling.settle_doubts(self.deps, *self.company.key(self.mailbox_id))

    def sync(self) -> None:
        """Read what is new in the mailbox."""
        syncing.sync_mailbox(self.company.deps, *self.company.key(self.mailbox_id))

    def fault(self, kind: str, *, match: str = SEND, **more: object) -> None:
        """Let the simulator misbehave."""
        self.company.simulator.post("/simulator/faults", {"kind": kind, "match": match, **more})

    def row(self, pending_id: PendingId) -> Mapping[str, Any]:
        """The row as it is now."""
        found = self.company.value(
            "SELECT to_jsonb(p) - 'mime' FROM pending_messages AS p WHERE id = %s", pending_id
        )
        return dict(found)

    def states(self) -> dict[PendingId, str]:
        """The state of every row."""
        return dict(self.company.rows("SELECT id, state FROM pending_messages"))

    def state(self, pending_id: PendingId) -> str:
        return str(self.row(pending_id)["state"])

    def leaves_at(self, pending_id: PendingId) -> datetime | None:
        at: datetime | None = self.company.value(
            "SELECT forecast_at FROM pending_messages WHERE id = %s", pending_id
        )
        return at

    def version(self, pending_id: PendingId) -> int:
        return int(self.row(pending_id)["version"])

    def left(self, pending_id: UUID | None = None) -> list[dict[str, Any]]:
        """What really left: all of it, or what carries one pending mail's id."""
        query = {} if pending_id is None else {"send_id": str(pending_id)}
        url = f"{self.company.simulator.root}/simulator/deliveries"
        return list(requests.get(url, params=query, timeout=20).json()["sends"])

    def copy(self, pending_id: PendingId, reader: str = "") -> Message:
        """The mail as Gmail keeps it in the sender's SENT mail."""
        [sent] = self.left(pending_id)
        raw = self.company.gmail(reader or self.email).get(f"messages/{sent['id']}", format="raw")
        return message_from_bytes(base64.urlsafe_b64decode(raw["raw"] + "=="), policy=default)

    def windows(self, zone: str, *windows: tuple[list[int], time, time]) -> None:
        """Give the member sending windows (ISO weekdays, start, end) on the clocks of `zone`."""
        entered = tuple(
            SendingWindow(frozenset(Weekday(day - 1) for day in days), starts, ends, zone)
            for days, starts, ends in windows
        )
        self.settles_on(time_zone=zone, windows=entered)

    def limits(self, *, daily: int, hourly: int) -> None:
        self.settles_on(daily_limit=str(daily), hourly_limit=str(hourly))

    def settles_on(self, **changed: Any) -> None:
        """Save the member's email settings with these changes."""
        save_email_settings(self.deps, self.actor, **changed)

    def has_left(self, *moments: datetime) -> None:
        """The member wrote mails in Gmail itself, at these moments, and each was read at once."""
        gmail = self.company.gmail(self.email)
        for moment in sorted(moments):
            gmail.post("messages/send", {"raw": BY_HAND})
            syncing.sync_mailbox(self.company.at(moment).deps, *self.company.key(self.mailbox_id))


def known_as(sender: Sender, address: str) -> str:
    """Dana has one more address."""
    import_customers(sender.company, "Name,Email", f"Dana Reyes,{DANA}; {address}")
    return address


def sent_to(sender: Sender, *to: str, **more: Any) -> PendingId:
    """A mail to somebody, sent, with whatever came back of it."""
    pending_id = sender.start(*to, **more)
    sender.send()
    sender.sync()
    return pending_id


def attached(mail: Message) -> dict[str | None, tuple[str, object]]:
    """The files of a mail: name to type and bytes."""
    return {
        part.get_filename(): (part.get_content_type(), part.get_payload(decode=True))
        for part in mail.walk()
        if part.get_content_disposition() == "attachment"
    }


def draft(*to: str, **more: Any) -> Draft:
    """A short mail."""
    short = Draft(to=to or (DANA,), subject="Renewal", body_text="Shall we talk on Monday?")
    return replace(short, **more)
