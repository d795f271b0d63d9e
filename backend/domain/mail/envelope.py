"""The people on a message, as address keys: all that the rules of capture know of them.

Matching and the never-log list both read it, and rules do not import each other. A
key is what `address` compares; names and spellings stay outside.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from backend.domain.mail.message import NamedAddress, ParsedMessage
from backend.domain.policies import MatchField


class Author(StrEnum):
    """What wrote a message: a person, or a machine (bounce, auto-reply, list, notice, calendar)."""

    PERSON = "person"
    MACHINE = "machine"


@dataclass(frozen=True, slots=True)
class Envelope:
    """The address keys of one message. `sender` is None when From is unreadable; `reply_to` is whom
    replies go to, where that is not the sender alone.
    """

    sender: str | None
    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    bcc: tuple[str, ...] = ()
    reply_to: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[tuple[MatchField, str]]:
        """Every address with its field, From first.

        >>> mail = Envelope("mia@alpha.example", to=("kim@ours.example",))
        >>> [f"{field}: {key}" for field, key in mail]
        ['from: mia@alpha.example', 'to: kim@ours.example']
        """
        if self.sender is not None:
            yield MatchField.FROM, self.sender
        yield from ((MatchField.TO, key) for key in self.to)
        yield from ((MatchField.CC, key) for key in self.cc)
        yield from ((MatchField.BCC, key) for key in self.bcc)
        yield from ((MatchField.REPLY_TO, key) for key in self.reply_to)


def envelope_of(message: ParsedMessage) -> Envelope:
    """The envelope of a parsed message. Unusable addresses have no key."""
    sender = message.sender.key if message.sender else ""
    return Envelope(
        sender or None,
        to=_keys(message.to),
        cc=_keys(message.cc),
        bcc=_keys(message.bcc),
        reply_to=_keys(message.answers_go_to),
    )


def _keys(addresses: Iterable[NamedAddress]) -> tuple[str, ...]:
    return tuple(one.key for one in addresses if one.key)


def domain_and_parents(domain: str) -> Iterator[str]:
    """A domain and its parent domains, the most specific first; never the last label alone.

    Whole labels only: a substring test would match notalpha.example for alpha.example.

    >>> list(domain_and_parents("eu.mail.alpha.example"))
    ['eu.mail.alpha.example', 'mail.alpha.example', 'alpha.example']
    """
    labels = domain.split(".")
    for start in range(len(labels) - 1):
        yield ".".join(labels[start:])
