"""Identifies equal messages, and ties a reply to its parent (RFC 5322 §3.6.4).

Import, live sync, audit and sending use the same keys. Three things bind messages into a
conversation: Gmail's thread inside one mailbox, a send id of ours, and Message-IDs across mailboxes
(`placing`). A subject never does. Ids of messages never seen are normal; when such a message
arrives later it may join two conversations, so arrival order does not matter.
"""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime

from backend.domain.mail.subjects import reply_subject

__all__ = [
    "content_key",
    "references_for_reply",
    "reply_subject",
]

# RFC 5322 §2.1.1 allows 998 characters a line; some servers cut earlier.
MAX_REFERENCES_CHARS = 900
MAX_REFERENCES_TAIL = 20


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
    """The References of a reply: the parent's, then the parent, cut in the middle when too long.

    Without References the parent's only In-Reply-To replaces them; several are ambiguous.

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
