"""Smart BCC addresses: their tokens, owners, and how long they work.

A token is unguessable and appears in the envelope only, never in headers. It is compared in lower
case; no character of it is a delimiter of some mail server.
"""

import base64
from dataclasses import replace
from datetime import timedelta
from enum import StrEnum

from backend.domain.mail.message import NamedAddress, ParsedMessage
from backend.domain.people.actor import Actor
from backend.domain.people.roles import Permission, allowed

PREFIX = "log-"
COPY = "bcc-"
"""Begins the id under which a mailbox has mail that came by Smart BCC; Gmail's are hexadecimal."""

TOKEN_BYTES = 12
"""96 bits: 20 characters of base32, out of reach of guessing over SMTP."""

GRACE = timedelta(days=14)
"""How long an address that was replaced keeps working."""


class AddressKind(StrEnum):
    """Whose address it is: a member's, a shared mailbox's, or the whole workspace's."""

    MEMBER = "member"
    MAILBOX = "mailbox"
    WORKSPACE = "workspace"


def token_from(random: bytes) -> str:
    """The token of these random bytes.

    >>> token_from(bytes(12))
    'aaaaaaaaaaaaaaaaaaaa'
    """
    return base64.b32encode(random).decode().rstrip("=").lower()


def address_of(token: str, domain: str) -> str:
    """The address to copy mail to.

    >>> address_of("abc2", "log.example.com")
    'log-abc2@log.example.com'
    """
    return f"{PREFIX}{token}@{domain}"


def may_replace(actor: Actor, kind: AddressKind) -> bool:
    """Members replace their own address; admins replace shared ones."""
    own = kind is AddressKind.MEMBER
    return own or allowed(actor.role, Permission.TEAM_MANAGE, own=False)


class Road(StrEnum):
    """How mail for an address arrived: by LMTP from a mail server, or by a provider's hook."""

    LMTP = "lmtp"
    POSTMARK = "postmark"
    MAILGUN = "mailgun"
    SENDGRID = "sendgrid"
    SES = "ses"


class MailState(StrEnum):
    """The state of a mail that came to an address. Held ones wait for a person."""

    NEW = "new"
    FILED = "filed"
    HELD = "held"
    LEFT_OUT = "left_out"
    DISCARDED = "discarded"


LARGEST_MAIL = 50 * 1024 * 1024
"""Bytes accepted: the maximum that Gmail and most mail servers deliver."""


def token_of(recipient: str, domain: str) -> str | None:
    """The token in an envelope's recipient; None when it is no capture address of this domain.

    >>> token_of("LOG-ABC2@Log.Example.com", "log.example.com")
    'abc2'
    >>> token_of("info@log.example.com", "log.example.com") is None
    True
    """
    local, _, host = recipient.lower().rpartition("@")
    token = local.removeprefix(PREFIX)
    wanted = host == domain.lower() and local.startswith(PREFIX)
    return token if wanted and token.isascii() and token.isalnum() else None


def without_capture_addresses(parsed: ParsedMessage, domain: str) -> ParsedMessage:
    """The message without the Smart BCC addresses on it: they are nobody's, and a reader of one
    could have mail logged by it.
    """
    if not domain:
        return parsed

    def others(people: tuple[NamedAddress, ...]) -> tuple[NamedAddress, ...]:
        return tuple(one for one in people if token_of(one.address, domain) is None)

    return replace(parsed, to=others(parsed.to), cc=others(parsed.cc), bcc=others(parsed.bcc))
