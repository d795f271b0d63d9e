"""Recognises the prefixes of forwards and replies in a subject.

A subject alone must never decide which conversation a message belongs to.
"""

import re

from backend.domain.mail.headers import outgoing_text

# After the tags of gateways and lists. "VS:" is a reply in Finnish only.
_FORWARD = re.compile(
    r"(?:\[[^\[\]]{1,40}\]\s{0,3}){0,3}"
    r"(?:fwd?|fw|wg|tr|trs|enc|doorst|vb|vl|vs|rv|pd|i|rif|redir|videresend|továbbítás|továbbítva"
    r"|i̇lt|ilt|yml|πρθ|пер|переслано|转发|转寄|轉寄|轉發|転送|전달|הועבר)"
    r"\.?\s?(?:\[\d{1,3}\])?\s?[:\uff1a]",
    re.IGNORECASE,
)
_REPLY = re.compile(
    r"(?:\[[^\[\]]{1,40}\]\s{0,3}){0,3}(?:re|aw|sv|antw|ant|res|odp|ref|r|rép|отв|ynt|ats|回复|回覆|答复)"
    r"\s?(?:\[\d{1,3}\])?\s?[:\uff1a]",
    re.IGNORECASE,
)
CUT_FROM = 60
"""Letters that every program keeps of a subject."""

_TAG = re.compile(r"\[[^\[\]]{1,40}\]")


def is_forward_subject(subject: str) -> bool:
    """Whether the subject begins with the prefix of a forward.

    >>> is_forward_subject("WG: Offer"), is_forward_subject("Re: Fwd: Offer")
    (True, False)
    """
    return _FORWARD.match(subject.lstrip()) is not None


def without_mark(subject: str) -> str:
    """The subject of the forwarded message, if the forward keeps it.

    >>> without_mark("WG: Offer")
    'Offer'
    """
    found = _FORWARD.match(subject.lstrip())
    return subject.lstrip()[found.end() :].strip() if found else subject.strip()


def is_reply_subject(subject: str) -> bool:
    """Whether the subject begins with the prefix of a reply.

    >>> is_reply_subject("[list] AW: Offer"), is_reply_subject("Offer")
    (True, False)
    """
    return _REPLY.match(subject.lstrip()) is not None


def may_be_same(one: str, other: str) -> bool:
    """Whether two copies of one mail may have these subjects: gateways and lists put words in
    front, and some cut the end of a long one.

    >>> may_be_same("Offer", "[EXT] Re: Offer"), may_be_same("Scan 1", "Scan 12")
    (True, False)
    """
    short, long = sorted((bare_subject(one), bare_subject(other)), key=len)
    return long.endswith(short) or (len(short) >= CUT_FROM and long.startswith(short))


def forward_subject(subject: str) -> str:
    """The subject of a forward, with one prefix.

    >>> forward_subject("Offer"), forward_subject("Fwd: Offer")
    ('Fwd: Offer', 'Fwd: Offer')
    """
    text = outgoing_text(subject)
    return text if is_forward_subject(text) else f"Fwd: {text}".strip()


def reply_subject(parent_subject: str) -> str:
    """The subject of a reply: Gmail threads only when it is the parent's, with one "Re:".

    >>> reply_subject("Re: Offer"), reply_subject("AW: Offer")
    ('Re: Offer', 'Re: AW: Offer')
    """
    text = outgoing_text(parent_subject)
    return text if re.match(r"re\s?:", text, re.IGNORECASE) else f"Re: {text}".strip()


def bare_subject(subject: str) -> str:
    """What a subject says without tags, marks and spaces.

    >>> bare_subject("[EXT] Re: Our Offer")
    'ouroffer'
    """
    text = _TAG.sub("", subject)
    while found := _REPLY.match(text.lstrip()) or _FORWARD.match(text.lstrip()):
        text = text.lstrip()[found.end() :]
    return "".join(text.split()).casefold()
