"""Reads bounces in prose: qmail, exim, old Sendmail, Exchange, and many more.

Guesswork, kept away from the grammar of real reports. It reads the lines above the returned mail:
an address in an SMTP dialogue, at the start of a line, or after a phrase.
"""

import re
from dataclasses import dataclass

from backend.domain.mail.bounces import phrases
from backend.domain.mail.lazy_pattern import lazy_pattern
from backend.domain.mail.replies.header_blocks import header_block_end

MAX_TEXT = 30_000
MAX_SAID = 8_000
"""Characters of a mail system's own text: above the returned mail it is rarely a thousand."""

MAX_FOUND = 50
_ADDRESS = r"[^\s<>()\[\]:;,\"'|=@]{1,100}@[A-Za-z0-9\u0080-\uffff._-]{1,200}[A-Za-z0-9]"
_LABEL = (
    r"(?:(?:final-recipient|original-recipient|recipient(?: address)?|to|user|address"
    r"|e-?mail(?: address)?|failed (?:recipient|address)|destinataire|empfänger|宛先)"
    r"[ \t]*[:=][ \t]*"
    r"(?:rfc822;[ \t]*)?)?"
)
# Where the returned mail begins: a ruled line that says so, or a header field.
_RETURNED = lazy_pattern(
    r"^[ \t|>*=_+.#-]*(?:this is a copy of|original (?:message|mail)|returned (?:message|mail)"
    r"|below (?:this line )?is a copy|unsent message|message (?:header|text|body)s?\b"
    r"|headers? follow"
    r"|the (?:header|body|text) of|(?:text|header|content)s? of (?:the|your) original"
    r"|enclosed (?:is|are)|message header).*$"
    r"|^(?:> ?)?(?:received: (?:from|by|\(qmail)|return-path: ?<|message-id: ?<|mime-version: )",
    re.IGNORECASE | re.MULTILINE,
)
_RCPT = lazy_pattern(rf"RCPT\s+TO:\s*<?({_ADDRESS})>?", re.IGNORECASE)
# A recipient who is kept secret, and the address the mail was sent to.
_SECRET = lazy_pattern(
    rf"^[ \t]*an undisclosed address\s{{0,9}}\(?generated from <?({_ADDRESS})",
    re.IGNORECASE | re.MULTILINE,
)
_MADE_FROM = lazy_pattern(
    rf"^\W{{0,5}}(?:ultimately )?(?:expanded|generated|forwarded) from:?\s{{0,9}}<?({_ADDRESS})",
    re.IGNORECASE,
)
# "… mail from mia@a.example": an address after this is no recipient.
_SENT_BY = lazy_pattern(r"\b(?:from|by|sender|von|de la part de)[:\s<\[\"'(]{0,5}$", re.IGNORECASE)
_LEADING = lazy_pattern(
    rf"^[ \t>*|-]*(?:\d[\d.]*+\)?+ ++){{0,3}}+(?:\d{{1,3}}\))?{_LABEL}"
    rf"[<\[\"']?(?:mailto:|smtp:)?({_ADDRESS})"
    r"(?=[\s:;,.(<>\[\]\"')-]|$)",
    re.IGNORECASE | re.MULTILINE,
)
_POINTED = lazy_pattern(
    r"(?:deliver|sent?|message|mail|relay|forward|reach|recipient|address|user|account|mailbox"
    r"|invalid|nachricht|zugestellt|remis|mensaje|correo|messaggio|mensagem|bericht|wiadomo"
    r"|meddelande|besked|melding|письмо|сообщение|发送|投递|送达|无法|發送|無法|전송"
    rf"|unknown|size|for)\w*[^\n@]{{0,60}}?[<\[\"'( ]({_ADDRESS})",
    re.IGNORECASE,
)
# Exchange names a person by a path in its directory, with the address at the end.
_X400 = lazy_pattern(rf"\bdda:smtp=({_ADDRESS})", re.IGNORECASE)
_HELP = lazy_pattern(r"contact|assist|help|support|連絡|問い合わせ|kontakt|visit", re.IGNORECASE)
_MESSAGE_ID = lazy_pattern(r"^[ \t>]*message-id:\s*<([^<>\s]+)>", re.IGNORECASE | re.MULTILINE)
_SEND_ID = lazy_pattern(
    r"^[ \t>]*x-rapport-send-id:\s*([0-9a-f-]{32,36})", re.IGNORECASE | re.MULTILINE
)
_TO = lazy_pattern(rf"^[ \t>]*to:[^\n@]{{0,200}}?({_ADDRESS})", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class ProseBounce:
    """What the prose says: each address with the text after it, and ids from the returned mail.

    `said` is the part above the returned mail.
    """

    said: str
    failed: bool
    delayed: bool
    recipients: tuple[tuple[str, str], ...]
    message_id: str | None
    send_id: str | None
    original_to: str


def read_prose(text: str, excluded: frozenset[str]) -> ProseBounce:
    """Read a report's text. `excluded`: lower-case addresses that are named for other reasons."""
    text = text[:MAX_TEXT]
    returned = _RETURNED.search(text)
    said = text[: min(returned.start(), MAX_SAID) if returned else MAX_SAID]
    below = text[returned.start() :] if returned else text
    message_id, send_id, to = (p.search(below) for p in (_MESSAGE_ID, _SEND_ID, _TO))
    return ProseBounce(
        said=said[:2000],
        failed=bool(phrases.FAILED.search(said)),
        delayed=bool(phrases.DELAYED.search(said)),
        recipients=_recipients(said, excluded),
        message_id=message_id[1] if message_id else None,
        send_id=send_id[1] if send_id else None,
        original_to=to[1] if to else "",
    )


def made_from(about: str) -> str:
    """The address the mail was sent to, when the text about another address begins with it.

    >>> made_from("(expanded from: <mia@a.example>): user unknown"), made_from("user unknown")
    ('mia@a.example', '')
    """
    found = _MADE_FROM.match(about)
    return found[1] if found else ""


def _recipients(said: str, excluded: frozenset[str]) -> tuple[tuple[str, str], ...]:
    """Addresses outside the description of the returned mail; those inside it when there are no
    others.
    """
    told = _without_description(said)
    return _named(told, excluded) or _named(said, excluded)


def _named(said: str, excluded: frozenset[str]) -> tuple[tuple[str, str], ...]:
    """Addresses in the places of recipients; addresses that only a word points at when there are
    none.
    """
    sure = _found((_RCPT, _LEADING, _SECRET, _X400), said, excluded)
    found = sure or _found((_POINTED,), said, excluded)
    stops = sorted(start for _, start, _ in found.values())
    return tuple((address, _about(said, end, stops)) for address, _, end in found.values())


def _found(
    patterns: tuple[re.Pattern[str], ...], said: str, excluded: frozenset[str]
) -> dict[str, tuple[str, int, int]]:
    """Each address by its lower-case form: as written, where it begins first and ends last."""
    found: dict[str, tuple[str, int, int]] = {}
    for match in (match for pattern in patterns for match in pattern.finditer(said)):
        address = match[1].strip(".'\"")
        key = address.lower()
        line = said[said.rfind("\n", 0, match.start(1)) + 1 : match.start(1)]
        if key in excluded or _HELP.search(line) or _is_sender(line):
            continue
        if key in found or len(found) < MAX_FOUND:
            start, end = found[key][1:] if key in found else (match.start(1), match.end(1))
            found[key] = (address, min(start, match.start(1)), max(end, match.end(1)))
    return found


def _is_sender(line: str) -> bool:
    return _SENT_BY.search(line) is not None and "generated from" not in line


def _without_description(said: str) -> str:
    """The text without blocks of From, To, Subject, Sent: they say which mail it is, not who
    failed.
    """
    lines = said.split("\n")
    index = 0
    kept: list[str] = []
    while index < len(lines):
        end = header_block_end(lines, index) if ":" in lines[index] else 0
        kept += [] if end else [lines[index]]
        index = max(end, index + 1)
    return "\n".join(kept)


def _about(said: str, end: int, stops: list[int]) -> str:
    """The text after an address, up to the next one: at most 600 characters, more than servers
    write.
    """
    stop = next((stop for stop in stops if stop >= end), len(said))
    return " ".join(said[end : min(stop, end + 600)].split()).lstrip(">:;,.) ")
