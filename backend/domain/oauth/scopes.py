"""The Gmail permissions the product asks for, and the wider ones of earlier grants that hold them.

Reading covers mail, history, push, labels and the addresses a mailbox may send as; sending covers
sending. Nothing the product does needs more.
"""

from collections.abc import Collection, Mapping

AUTH = "https://www.googleapis.com/auth/"
READ = AUTH + "gmail.readonly"
SEND = AUTH + "gmail.send"
GMAIL_SCOPES = (READ, SEND)

_EVERYTHING = frozenset({AUTH + "gmail.modify", "https://mail.google.com/"})
HELD_BY: Mapping[str, frozenset[str]] = {
    READ: _EVERYTHING | {READ},
    SEND: _EVERYTHING | {SEND},
}
"""Wider scopes that allow the same Gmail API methods. Earlier grants with these stay valid."""

CONSENT_TEXTS: Mapping[str, str] = {
    READ: "View your email messages and settings",
    SEND: "Send email on your behalf",
}
"""How Google's consent page names each, for the person who has to find its box."""


def holds(scopes: Collection[str], wanted: str) -> bool:
    """Whether a grant includes what `wanted` allows.

    >>> holds(["https://www.googleapis.com/auth/gmail.modify"], SEND), holds([READ], SEND)
    (True, False)
    """
    return not HELD_BY[wanted].isdisjoint(scopes)


def lacking(scopes: Collection[str]) -> tuple[str, ...]:
    """The scopes we ask for that a grant lacks."""
    return tuple(wanted for wanted in GMAIL_SCOPES if not holds(scopes, wanted))
