"""Which conversation a message belongs to, and what ties an answer to its parent (RFC 5322 §3.6.4).

Separate because import, live sync, audit and sending must agree. Rules only: look-ups are handed in
as functions. Three things bind messages: Gmail's thread inside one mailbox, a send id of ours, and
Message-IDs across mailboxes. A subject never does. Ids of mails never seen are normal; when such a
mail arrives later it may join two conversations, so arrival order does not matter.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from backend.domain.ids import ConversationId
from backend.domain.message import ParsedMessage
from backend.domain.subjects import base_subject, reply_subject

__all__ = [
    "Join",
    "Merge",
    "Start",
    "Threading",
    "base_subject",
    "content_key",
    "references_for_reply",
    "reply_subject",
    "thread_for",
    "tying_ids",
]

# RFC 5322 §2.1.1 allows 998 characters a line; some servers cut earlier.
MAX_REFERENCES_CHARS = 900
MAX_REFERENCES_TAIL = 20


@dataclass(frozen=True, slots=True)
class Join:
    """The message goes into this conversation."""

    conversation: ConversationId


@dataclass(frozen=True, slots=True)
class Merge:
    """The message ties conversations together: all of `absorb` become `keep`, then it joins."""

    keep: ConversationId
    absorb: tuple[ConversationId, ...]


@dataclass(frozen=True, slots=True)
class Start:
    """Nothing known is tied to the message: it begins a conversation."""


Threading = Join | Merge | Start


def thread_for(
    message: ParsedMessage,
    *,
    by_gmail_thread: Callable[[], ConversationId | None],
    by_send_id: Callable[[str], ConversationId | None],
    by_message_ids: Callable[[Sequence[str]], Iterable[ConversationId]],
) -> Threading:
    """Decide. `by_message_ids` finds conversations that hold, or refer to, any of the ids.

    The oldest conversation is kept, so that two workers who see the same mails in another order end
    with the same answer.
    """
    found: set[ConversationId] = set()
    in_thread = by_gmail_thread()
    if in_thread is not None:
        found.add(in_thread)
    if message.send_id:
        sent = by_send_id(message.send_id)
        found |= {sent} if sent is not None else set()
    ids = tying_ids(message)
    if ids:
        found.update(by_message_ids(ids))
    if not found:
        return Start()
    keep, *absorb = sorted(found)
    return Merge(keep, tuple(absorb)) if absorb else Join(keep)


def tying_ids(message: ParsedMessage) -> tuple[str, ...]:
    """All ids that tie a message to others: its own, its parents', each once.

    Its own id counts because an earlier mail may have referred to it before it was seen.
    """
    own = (message.message_id,) if message.message_id else ()
    return tuple(dict.fromkeys((*own, *message.in_reply_to, *message.references)))


def content_key(message_id: str | None, sender_key: str, date: datetime | None) -> bytes | None:
    """The identity of a message in a workspace, however many mailboxes hold it.

    The same Message-ID with another From or Date is another mail, forged or broken. None without a
    Message-ID: then only mailbox and Gmail id tell two mails apart.

    >>> content_key("a@x", "mia@b.example", None) == content_key("a@x", "eve@c.example", None)
    False
    """
    if not message_id:
        return None
    moment = date.astimezone(UTC).isoformat(timespec="seconds") if date else ""
    parts = "\x00".join((message_id, sender_key, moment))
    return hashlib.sha256(parts.encode("utf-8", "replace")).digest()


def references_for_reply(
    parent_references: Sequence[str],
    parent_in_reply_to: Sequence[str],
    parent_id: str,
) -> tuple[str, ...]:
    """The References of an answer: the parent's, then the parent, cut in the middle when too long.

    Without References the parent's only In-Reply-To stands in for them; several are ambiguous.

    >>> references_for_reply((), ("a@x",), "b@x")
    ('a@x', 'b@x')
    """
    before = tuple(parent_references)
    if not before and len(parent_in_reply_to) == 1:
        before = tuple(parent_in_reply_to)
    chain = [one for one in dict.fromkeys(before) if one != parent_id] + [parent_id]
    if _written_length(chain) <= MAX_REFERENCES_CHARS:
        return tuple(chain)
    first, tail = chain[0], chain[1:][-MAX_REFERENCES_TAIL:]
    while len(tail) > 1 and _written_length([first, *tail]) > MAX_REFERENCES_CHARS:
        tail.pop(0)
    kept = [first, *tail]
    return tuple(kept) if _written_length(kept) <= MAX_REFERENCES_CHARS else (parent_id,)


def _written_length(ids: Sequence[str]) -> int:
    return sum(len(one) + 3 for one in ids)
