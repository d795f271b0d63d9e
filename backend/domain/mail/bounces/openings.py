"""How non-delivery mail begins, and how mail by people begins.

Separate from `phrases`, which say what went wrong once a message is known to be a report. These
decide that for unknown gateways, so each pattern holds a whole opening, not one word.
"""

import re

from backend.domain.mail.lazy_pattern import lazy_pattern

MAX_OPENING = 1500
"""Characters within which a mail system comes to the point."""

_OWN = r"(?:your|the|this)(?: following| original| e-?mail| mail| below){0,3} ?"
_NOT = (
    r"(?:(?:could ?not|couldn't|can ?not|can't|was not|has not been|wasn't|did not|failed to)"
    r" (?:be |been )?(?:deliver|sen[dt]\b|reach|relay|transmit)"
    r"|(?:was|has been) (?:blocked|rejected|returned))"
)
_DECLARED = lazy_pattern(
    r"^[ \t*>|#=-]{0,60}+(?:sorry[,!.]? |unfortunately,? |we are sorry[,!.]? |warning: )?(?:"
    rf"{_OWN}(?:message|e-?mail|mail)\b[^\n]{{0,160}}\n?[^\n]{{0,80}}?\b{_NOT}"
    r"|(?:could ?not|unable to|can ?not|failed to) (?:deliver|send|relay)"
    r" (?:(?:the|your|this|a|following) ){0,3}(?:e-?mail |mail )?(?:message )?(?:below )?to\b"
    r"|(?:the following )?(?:failed|undeliverable|invalid) (?:recipient|address)"
    r"|non-?delivery (?:report|notice|notification)"
    r"|(?:message |mail )?delivery (?:to|for) [^\n]{1,100}\b(?:has )?fail"
    r"|(?:e-?mail |mail |message )?delivery (?:has )?failed"
    r"|ihre (?:nachricht|e-?mail|mail)[^\n]{0,100}\n?[^\n]{0,80}konnte"
    r"|die (?:folgende )?(?:nachricht|e-?mail)[^\n]{0,100} konnte"
    r"|votre (?:message|courriel|e-?mail)[^\n]{0,60} n['\u2019 ]?a pas pu"
    r"|(?:su|tu) (?:mensaje|correo)[^\n]{0,60} no (?:se )?(?:ha podido|pudo)"
    r"|il (?:suo |tuo )?messaggio[^\n]{0,60} non|(?:a )?sua mensagem[^\n]{0,60} não"
    r"|uw bericht[^\n]{0,60} (?:kon|is) niet)",
    re.IGNORECASE | re.MULTILINE,
)
# The failed address is on a line of its own below such words.
_LISTED = lazy_pattern(
    r"(?:deliver|sent?|reach|recipient|address|deliv|remis|zugestellt)[^\n@]{0,60}\n\s{0,20}"
    r"[<\"]?[^\s<>\"@]{1,100}@[\w.-]{1,200}[>\"]?[ \t:]{0,5}$",
    re.IGNORECASE | re.MULTILINE,
)
# An SMTP dialogue: a recipient is named, and one of the next lines refuses it.
_ASKED = lazy_pattern(r"^[^\n@]{0,40}\bRCPT TO: ?<?[^\n]{0,300}$", re.IGNORECASE | re.MULTILINE)
_REFUSED = lazy_pattern(r"\n[^\n\d]{0,40}5\d\d[ -]")
_NEXT_LINES = 400
_MAX_ASKED = 50
# People say good day first.
_GREETING = lazy_pattern(
    r"\s{0,20}(?:hi|hello|hey|dear|good (?:morning|day|afternoon|evening)|hallo|guten|liebe[rs]?"
    r"|sehr geehrte|bonjour|salut|cher|chère|hola|buenos|estimad|ciao|buongiorno|gentile|salve"
    r"|olá|bom dia|caro|prezad|hej|hei|beste|geachte|dag|witam|dzień|здравствуйте|добрый)\b",
    re.IGNORECASE,
)


def declares(said: str) -> bool:
    """Whether a line begins with a sentence in which mail systems report a failure."""
    return not _greets(said) and _DECLARED.search(said[:MAX_OPENING]) is not None


def lists(said: str) -> bool:
    """Whether words of delivery precede a line that is an address."""
    return not _greets(said) and _LISTED.search(said[:MAX_OPENING]) is not None


def shows_dialogue(said: str) -> bool:
    """Whether an SMTP dialogue (RFC 5321) is quoted in which a recipient is refused."""
    return not _greets(said) and any(
        _REFUSED.search(said, asked.end(), asked.end() + _NEXT_LINES)
        for asked, _ in zip(_ASKED.finditer(said), range(_MAX_ASKED), strict=False)
    )


def _greets(said: str) -> bool:
    return _GREETING.match(said) is not None
