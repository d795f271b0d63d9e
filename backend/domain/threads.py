"""Which mails belong together, and what an answer must say so that every mail program agrees.

Separate because filing, sending and `inspect-mail` need the same rules. Subjects never decide; the
base subject is only for display and for Gmail's own rule.
"""

import hashlib
import re
from collections.abc import Sequence
from datetime import datetime

PREFIX = re.compile(
    r"^\s*(?:(?:re|fwd?|aw|wg|sv|vs|antw|tr|rv|res|enc|odp|i|回复|转发)(?:\[\d{1,3}\])?\s*[::]"
    r"|\[[^\]\s]{1,40}\](?=\s*\S))\s*",
    re.IGNORECASE,
)
MOST_PREFIXES = 20
REFERENCES_LENGTH = 900
"""Characters of References: longer lines are cut by servers on the way (RFC 5322 §2.1.1: 998)."""

LAST_REFERENCES = 20
"""Ids kept from the end when References grows too long; the first one is always kept."""


def base_subject(subject: str) -> str:
    """The subject without answer marks and list tags.

    >>> base_subject("Re: AW: [team] Fwd: Renewal")
    'Renewal'
    """
    for _ in range(MOST_PREFIXES):
        shorter = PREFIX.sub("", subject, count=1)
        if shorter == subject:
            break
        subject = shorter
    return subject.strip()


def reply_subject(subject: str) -> str:
    """The subject of an answer: one mark, whatever stood before. Gmail wants the rest unchanged.

    >>> reply_subject("Re: Renewal"), reply_subject("Renewal")
    ('Re: Renewal', 'Re: Renewal')
    """
    text = subject.strip()
    return text if text.lower().startswith("re:") else f"Re: {text}"


def references_for_reply(
    parent_references: Sequence[str], parent_in_reply_to: Sequence[str], parent_id: str
) -> tuple[str, ...]:
    """The ids an answer cites (RFC 5322 §3.6.4), without brackets; long chains lose their middle.

    >>> references_for_reply(["a@x"], [], "b@x")
    ('a@x', 'b@x')
    >>> references_for_reply([], ["a@x"], "b@x")
    ('a@x', 'b@x')
    """
    earlier = list(parent_references)
    if not earlier and len(parent_in_reply_to) == 1:
        earlier = list(parent_in_reply_to)
    chain = list(dict.fromkeys([*earlier, parent_id]))
    if parent_id != chain[-1]:  # a loop: the parent still has to stand last
        chain = [one for one in chain if one != parent_id] + [parent_id]
    if _length(chain) <= REFERENCES_LENGTH:
        return tuple(chain)
    first, last = chain[0], chain[1:][-LAST_REFERENCES:]
    while last[1:] and _length([first, *last]) > REFERENCES_LENGTH:
        last = last[1:]
    return (first, *last)


def content_key(message_id: str | None, sender_key: str, date: datetime | None) -> bytes | None:
    """What makes a mail the same in every mailbox: Message-ID with From and Date.

    Two mails with one Message-ID but another sender or date are different mails, forged or broken.
    None without a Message-ID: then only the mailbox's own id tells mails apart.

    >>> content_key(None, "mia@alpha.example", None) is None
    True
    """
    if not message_id:
        return None
    when = date.isoformat() if date else ""
    text = "\0".join((message_id, sender_key, when))
    return hashlib.sha256(text.encode()).digest()[:20]


def _length(chain: Sequence[str]) -> int:
    return sum(len(one) + 3 for one in chain)
