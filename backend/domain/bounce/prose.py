"""Bounces that say it in words only: qmail, exim, old Sendmail, Exchange, and many more.

Separate because it is guesswork, kept away from the grammar of real reports. It looks at the lines
above the returned mail: an address in an SMTP dialogue, at the start of a line, or after a phrase.
"""

import re
from dataclasses import dataclass

from backend.domain.bounce import phrases

MAX_TEXT = 30_000
MAX_SAID = 8_000
"""Characters of a mail system's own words: above the returned mail, there are rarely a thousand."""

MAX_FOUND = 50
_ADDRESS = r"[^\s<>()\[\]:;,\"'|=@]{1,100}@[A-Za-z0-9\u0080-\uffff._-]{1,200}[A-Za-z0-9]"
_LABEL = (
    r"(?:(?:final-recipient|original-recipient|recipient(?: address)?|to|user|address"
    r"|e-?mail(?: address)?|failed (?:recipient|address)|destinataire|empfänger|宛先)"
    r"[ \t]*[:=][ \t]*"
    r"(?:rfc822;[ \t]*)?)?"
)
# The returned mail begins: a ruled line that says so, or a field that only a mail has.
_RETURNED = re.compile(
    r"^[ \t|>*=_+.#-]*(?:this is a copy of|original (?:message|mail)|returned (?:message|mail)"
    r"|below (?:this line )?is a copy|unsent message|message (?:header|text|body)s?\b"
    r"|headers? follow"
    r"|the (?:header|body|text) of|(?:text|header|content)s? of (?:the|your) original"
    r"|enclosed is|message header).*$"
    r"|^(?:> ?)?(?:received: (?:from|by|\(qmail)|return-path: ?<|message-id: ?<|mime-version: )",
    re.IGNORECASE | re.MULTILINE,
)
_RCPT = re.compile(rf"RCPT\s+TO:\s*<?({_ADDRESS})>?", re.IGNORECASE)
_LEADING = re.compile(
    rf"^[ \t>*|-]*(?:\d[\d.)]* *)?{_LABEL}[<\[\"']?(?:mailto:|smtp:)?({_ADDRESS})"
    r"(?=[\s:;,.(<>\[\]\"')-]|$)",
    re.IGNORECASE | re.MULTILINE,
)
_POINTED = re.compile(
    r"(?:deliver|sent?|message|mail|relay|forward|reach|recipient|address|user|account|mailbox"
    r"|invalid"
    rf"|unknown|size|for)\w*[^\n@]{{0,60}}?[<\[\"'( ]({_ADDRESS})",
    re.IGNORECASE,
)
_HELP = re.compile(r"contact|assist|help|support|連絡|問い合わせ|kontakt|visit", re.IGNORECASE)
_MESSAGE_ID = re.compile(r"^[ \t>]*message-id:\s*<([^<>\s]+)>", re.IGNORECASE | re.MULTILINE)
_SEND_ID = re.compile(
    r"^[ \t>]*x-rapport-send-id:\s*([0-9a-f-]{32,36})", re.IGNORECASE | re.MULTILINE
)
_TO = re.compile(rf"^[ \t>]*to:[^\n@]{{0,200}}?({_ADDRESS})", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class ProseBounce:
    """What the words say: each address with the text after it, and ids from the returned mail.

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


def _recipients(said: str, excluded: frozenset[str]) -> tuple[tuple[str, str], ...]:
    """Addresses by the first rule that finds any."""
    for pattern in (_RCPT, _LEADING, _POINTED):
        found: dict[str, tuple[str, int]] = {}
        for match in pattern.finditer(said):
            address = match[1].strip(".'\"")
            line = said[said.rfind("\n", 0, match.start(1)) + 1 : match.start(1)]
            known = address.lower() in excluded or address.lower() in found
            if known or len(found) >= MAX_FOUND or _HELP.search(line):
                continue
            found[address.lower()] = (address, match.end(1))
        if found:
            stops = sorted(said.find(address) for address, _ in found.values())
            return tuple((address, _about(said, end, stops)) for address, end in found.values())
    return ()


def _about(said: str, end: int, stops: list[int]) -> str:
    """The words after an address, up to the next one: 600 characters are more than servers say."""
    stop = next((stop for stop in stops if stop >= end), len(said))
    return " ".join(said[end : min(stop, end + 600)].split()).lstrip(">:;,.) ")
