"""What mail programs put before a subject: the mark of a forwarded mail, and that of a reply.

Separate because a subject alone must never decide which conversation a mail belongs to.
"""

import re

from backend.domain.headers import outgoing_text

_FORWARD = re.compile(
    r"(?:fwd?|fw|wg|tr|enc|doorst|vb|vl|pd|i|rif|továbbítás|i̇lt|ilt|πρθ|пер|转发|轉寄|転送)"
    r"\s?(?:\[\d{1,3}\])?\s?[:\uff1a]",
    re.IGNORECASE,
)


def is_forward_subject(subject: str) -> bool:
    """Whether a mail program put its mark for a forwarded mail first.

    >>> is_forward_subject("WG: Offer"), is_forward_subject("Re: Fwd: Offer")
    (True, False)
    """
    return _FORWARD.match(subject.lstrip()) is not None


def forward_subject(subject: str) -> str:
    """The subject of a mail that is passed on, with one mark.

    >>> forward_subject("Offer"), forward_subject("Fwd: Offer")
    ('Fwd: Offer', 'Fwd: Offer')
    """
    text = outgoing_text(subject)
    return text if is_forward_subject(text) else f"Fwd: {text}".strip()


def reply_subject(parent_subject: str) -> str:
    """The subject of an answer: Gmail threads only when it is the parent's, with one "Re:".

    >>> reply_subject("Re: Offer"), reply_subject("AW: Offer")
    ('Re: Offer', 'Re: AW: Offer')
    """
    text = outgoing_text(parent_subject)
    return text if re.match(r"re\s?:", text, re.IGNORECASE) else f"Re: {text}".strip()
