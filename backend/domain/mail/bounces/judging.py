"""Classifies a failure as hard, soft or policy, from its code and text.

This decides whether a contact may be written to again. "5 is hard" is wrong more often than right:
most 5.7.x and many 5.0.0 are about the sender or the content (RFC 3463; measured on public
collections of bounces). A code about the address decides first, then the text, then the class of
the code; what nothing explains is soft.
"""

from functools import lru_cache

from backend.domain.mail.bounces import phrases
from backend.domain.mail.bounces.report import BounceClass
from backend.domain.mail.lazy_pattern import lazy_pattern

_CODE = lazy_pattern(r"(?<![\d.])[245]\.\d{1,3}\.\d{1,3}(?![\d.])")
# RFC 3463 §3.2, 5.1.10 from RFC 7505 (null MX).
_ADDRESS_CODES = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10"})
_FULL_CODES = frozenset({"5.2.2", "5.2.3", "5.3.4"})
# Links and addresses, with what surrounds them.
_NAMES = lazy_pattern(
    r"https?://[^\s<>\"]{1,1000}"
    r"|[<\[]?(?<![^\s<>\"'(),:;=\[])[^\s<>@\"'(),:;=\[]++@[\w.-]{1,255}[>\]]?"
)
# A reply of a server that may accept the mail later (RFC 5321 §4.2.1), without an enhanced code.
_TEMPORARY = lazy_pattern(r"(?:^|[:>\]] ?)4[2-5]\d[ -]")
_GONE = (phrases.UNKNOWN_FOR_SURE, phrases.UNKNOWN_USER, phrases.UNKNOWN_HOST, phrases.GONE)
_BY_TEXT = (
    (phrases.SENDER, BounceClass.POLICY),
    (phrases.FOR_NOW, BounceClass.SOFT),
    (phrases.UNKNOWN_FOR_SURE, BounceClass.HARD),
    (phrases.FULL, BounceClass.SOFT),
    (phrases.TOO_LARGE, BounceClass.SOFT),
    (phrases.POLICY, BounceClass.POLICY),
    (phrases.UNKNOWN_USER, BounceClass.HARD),
    (phrases.LATER_HOST, BounceClass.SOFT),
    (phrases.UNKNOWN_HOST, BounceClass.HARD),
    (phrases.GONE, BounceClass.HARD),
    (phrases.LATER, BounceClass.SOFT),
)


@lru_cache(maxsize=256)
def enhanced_code(*texts: str) -> str:
    """The first enhanced code that says something; one ending in .0.0 only when none does.

    >>> enhanced_code("550 5.0.0 no", "550 5.1.1 no such user")
    '5.1.1'
    """
    codes = [_code_of(text[:4000]) for text in texts]
    telling = (code for code in codes if code and not code.endswith(".0.0"))
    return next(telling, next(filter(None, codes), ""))


@lru_cache(maxsize=256)
def _code_of(text: str) -> str:
    """The code of one text. Cached briefly: a report repeats it for each recipient."""
    codes = _CODE.findall(text)
    return next((code for code in codes if not code.endswith(".0.0")), next(iter(codes), ""))


def judge(status: str, *texts: str) -> BounceClass:
    """The class of one failed recipient; the first text that says anything decides.

    >>> judge("5.7.1", "550 message rejected as spam").value, judge("5.1.1", "").value
    ('policy', 'hard')
    """
    first = texts[0] if texts else ""
    if status.startswith("4.") or (not status and _TEMPORARY.search(first[:300])):
        return BounceClass.SOFT
    if status in _ADDRESS_CODES:
        return _about_address(first)
    said = next((judged for text in texts if (judged := _judge_text(text))), None)
    if status in _FULL_CODES:
        return BounceClass.SOFT
    if status.startswith("5.7."):
        return said if said is BounceClass.HARD else BounceClass.POLICY
    return said or BounceClass.SOFT


def _about_address(text: str) -> BounceClass:
    """For a code about the address: the text overrides it only when it says that the address is not
    the reason. The code itself is not text, though servers repeat it.
    """
    words = _CODE.sub("", _words(text))
    if phrases.SENDER.search(words) is None and any(one.search(words) for one in _GONE):
        return BounceClass.HARD
    said = _judge_words(words)
    return said if said and phrases.LATER.search(words) is None else BounceClass.HARD


def _judge_text(text: str) -> BounceClass | None:
    return _judge_words(_words(text)) if text else None


@lru_cache(maxsize=256)
def _words(text: str) -> str:
    """The text without links and addresses: their letters say nothing of the failure."""
    return _NAMES.sub("<>", text[:2000])


@lru_cache(maxsize=256)
def _judge_words(words: str) -> BounceClass | None:
    """The class by text alone. Cached briefly: a report repeats it for each recipient."""
    return next((judged for phrase, judged in _BY_TEXT if phrase.search(words)), None)
