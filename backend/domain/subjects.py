"""The subject without what mail programs put before it, and the subject of a reply.

Separate because Gmail compares subjects by the same rule when it threads, while a subject alone
must never decide which conversation a mail belongs to.
"""

import re

from backend.domain.headers import outgoing_text

_PREFIX = re.compile(
    r"(?:re|aw|antw(?:ort)?|antwoord|sv|vs|vá|odp|ynt|res|ris|rv|bls|ref|atb|yt|απ|отв|回复|回覆|答复"
    r"|fwd?|fw|wg|tr|enc|doorst|vb|vl|pd|i|rif|továbbítás|i̇lt|ilt|πρθ|пер|转发|轉寄|転送)"
    r"\s?(?:\[\d{1,3}\]|\(\d{1,3}\)|\d{1,3})?\s?[:\uff1a]",
    re.IGNORECASE,
)
_FORWARD = re.compile(
    r"(?:fwd?|fw|wg|tr|enc|doorst|vb|vl|pd|i|rif|továbbítás|i̇lt|ilt|πρθ|пер|转发|轉寄|転送)"
    r"\s?(?:\[\d{1,3}\])?\s?[:\uff1a]",
    re.IGNORECASE,
)
_LIST_TAG = re.compile(r"\[[^\[\]]{1,60}\]")
_MAX_PREFIXES = 50


def base_subject(subject: str) -> str:
    """The subject without answer and forward prefixes and list tags, in one line.

    >>> base_subject("RE: [team] AW: Fwd[2]: Offer [draft]")
    'Offer [draft]'
    """
    text = " ".join(subject.split())
    for _ in range(_MAX_PREFIXES):
        match = _PREFIX.match(text) or _LIST_TAG.match(text)
        if match is None or match.end() >= len(text.rstrip()):
            break
        text = text[match.end() :].lstrip()
    return text.strip()


def is_forward_subject(subject: str) -> bool:
    """Whether a mail program put its mark for a forwarded mail first.

    >>> is_forward_subject("WG: Offer"), is_forward_subject("Re: Fwd: Offer")
    (True, False)
    """
    return _FORWARD.match(subject.lstrip()) is not None


def reply_subject(parent_subject: str) -> str:
    """The subject of an answer: Gmail threads only when it is the parent's, with one "Re:".

    >>> reply_subject("Re: Offer"), reply_subject("AW: Offer")
    ('Re: Offer', 'Re: AW: Offer')
    """
    text = outgoing_text(parent_subject)
    return text if re.match(r"re\s?:", text, re.IGNORECASE) else f"Re: {text}".strip()
