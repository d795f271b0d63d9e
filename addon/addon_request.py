"""One verified request: the member, the event, and the context for drawing a card.

Triggers and clicks get this instead of raw events, headers or tokens.
"""

import base64
import re
from dataclasses import dataclass, replace
from datetime import UTC, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from addon.event import AddonEvent
from backend.deps import Deps
from backend.domain.ids import ContactId
from backend.domain.paging import whole_id
from backend.domain.people.actor import Actor
from backend.errors import Conflict, InputError, NotFound
from backend.google.open_message import OpenedMessage
from cards.card_context import CardContext

NOTE_FIELD = re.compile(r"note(-[\w-]{1,40})?", re.ASCII)
NONCE = re.compile(r"[\w:-]{6,80}", re.ASCII)
MESSAGE_ID = re.compile(r"[\w:-]{1,100}", re.ASCII)
"""Hexadecimal digits, or Gmail's own "msg-f:" and "msg-a:" ids."""

NONCE_BYTES = 9


@dataclass(frozen=True, kw_only=True)
class AddonRequest:
    """A member using the panel, with the event and a fresh card context."""

    deps: Deps
    actor: Actor
    event: AddonEvent
    context: CardContext

    @property
    def opened(self) -> OpenedMessage:
        """The open email. A card that was drawn for another email must not act on this one."""
        event = self.event
        opened = OpenedMessage(
            gmail_id=event.gmail_id,
            thread_id=event.thread_id,
            user_token=event.user_token,
            message_token=event.message_token,
            scopes=event.scopes,
        )
        if not event.gmail_id:
            raise InputError("No email is open. Open one and try again.")
        if not MESSAGE_ID.fullmatch(event.gmail_id):
            raise NotFound("Gmail named this email in a way that can't be read. Open it again.")
        drawn_for = event.parameters.get("message")
        if drawn_for and drawn_for not in {event.gmail_id, opened.stored_id}:
            raise Conflict("Another email is open now. Open this one again and repeat it.")
        return opened

    @property
    def nonce(self) -> str:
        """The nonce of this click, put into the button when the card was drawn."""
        nonce = self.event.parameters.get("nonce", "")
        if not NONCE.fullmatch(nonce):
            raise InputError("This button could not be read. Open the email again.")
        return nonce

    @property
    def about(self) -> ContactId | None:
        """The person the card was about, if the member had chosen one of those on the email."""
        number = self.number("about")
        return ContactId(number) if number is not None else None

    @property
    def note_field(self) -> str:
        """The name of the note's input on the card that was clicked."""
        name = self.event.parameters.get("note_field", "")
        return name if NOTE_FIELD.fullmatch(name) else self.context.note_field

    def number(self, name: str) -> int | None:
        """An id from the button's parameters; None without one."""
        return whole_id(self.event.parameters.get(name))

    def with_cleared_note(self) -> CardContext:
        """A card context with a new note field, so that Gmail forgets what was typed."""
        return replace(self.context, note_field=f"note-{self.context.nonce}")


def context_for(deps: Deps, event: AddonEvent, actor: Actor | None) -> CardContext:
    """A fresh card context, in the event's time zone, else in the member's own."""
    name = event.parameters.get("note_field", "")
    return CardContext(
        public_url=deps.public_url,
        now=deps.now(),
        zone=event.zone or _zone_of(actor),
        nonce=base64.urlsafe_b64encode(deps.random_bytes(NONCE_BYTES)).decode(),
        note_field=name if NOTE_FIELD.fullmatch(name) else "note",
    )


def _zone_of(actor: Actor | None) -> tzinfo:
    try:
        return ZoneInfo(actor.time_zone) if actor else UTC
    except (ZoneInfoNotFoundError, ValueError):
        return UTC
