"""Chooses which parts are the body and which are attachments: JMAP's algorithm (RFC 8621 §4.1.4).

Both paths (raw bytes and Gmail's JSON) decide it here, so that the same message has the same body
however it was fetched.
"""

import html as html_escape
import re
from dataclasses import dataclass, field

from backend.domain.mail.message import AttachmentInfo
from backend.domain.mail.mime.attached import info, listed
from backend.domain.mail.mime.charsets import decode_bytes, decode_converted, weight_of
from backend.domain.mail.mime.flowed import is_torn, rejoined
from backend.domain.mail.mime.guessing import Guesser
from backend.domain.mail.mime.html_bounds import MAX_TAGS
from backend.domain.mail.mime.html_text import html_to_text
from backend.domain.mail.mime.tree import Part
from backend.domain.mail.mime.uuencode import extract_uu

_PLAIN = frozenset(
    {"text/plain", "text/markdown", "text/enriched", "text/richtext", "text/x-plain"}
)
_NEVER_SHOWN = frozenset({"text/x-amp-html", "text/watch-html"})
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)
MAX_TEXT_CHARS = 5_000_000
MAX_TEXT_BYTES = 16 * 1024 * 1024
"""Of all parts together, before decoding."""

NOT_ALL = (
    "[Not all of this email was copied here: a part of it is too large, or Gmail did not hand it "
    "out. Read it in Gmail.]"
)
"""Ends both readings, so that nobody takes the excerpt for the whole."""


@dataclass(slots=True)
class Body:
    """The body of a message, everything else on it, and the codes of its defects."""

    text: str = ""
    html: str | None = None
    attachments: list[AttachmentInfo] = field(default_factory=list)
    defects: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Choice:
    """Parts chosen so far; the two lists share a part when it serves both readings."""

    text: list[Part] = field(default_factory=list)
    html: list[Part] = field(default_factory=list)
    rest: list[tuple[Part, bool]] = field(default_factory=list)


def read_body(root: Part, *, converted: bool = False) -> Body:
    """Body and attachments of a tree. `converted`: text may be UTF-8 whatever charset it claims."""
    choice = _Choice()
    _choose([root], "mixed", choice, within=False)
    complete = _leave_out_undelivered(choice)
    guesser = Guesser()
    complete = _leave_out_long(choice) and complete
    decoded = {id(part): _text_of(part, guesser, converted=converted) for part in _chosen(choice)}
    complete = _leave_out_heavy(choice, decoded) and complete
    body = Body(attachments=listed(choice.rest, report=root.content_type == "multipart/report"))
    named = [part for part in _chosen(choice) if part.filename]
    body.attachments += [info(part, related=False) for part in named]
    readings = [(part, _plain_reading(part, decoded[id(part)], body)) for part in choice.text]
    html = _joined_html(choice.html, decoded, {id(part): text for part, text in readings})
    text = "\n".join(_without_repeats(readings))
    body.text, body.html = text[:MAX_TEXT_CHARS], html[:MAX_TEXT_CHARS] if html else html
    if guesser.last:
        body.defects.append("charset_guessed")
    if not complete or max(len(text), len(html or "")) > MAX_TEXT_CHARS:
        _tell_of_the_rest(body)
    return body


def _leave_out_undelivered(choice: _Choice) -> bool:
    """Drops parts that were not delivered; one reading replaces the other. False when any is
    dropped.
    """
    text, html = _delivered(choice.text), _delivered(choice.html)
    complete = len(text) == len(choice.text) and len(html) == len(choice.html)
    choice.text, choice.html = text or html, html or text
    return complete


def _leave_out_long(choice: _Choice) -> bool:
    """Cuts text beyond the limit for all parts together. False when any is cut."""
    left = MAX_TEXT_BYTES
    cut = False
    for part in _chosen(choice):
        data = part.data or b""
        weight = weight_of(_charset_of(part))
        if weight * len(data) > left:
            part.data, cut = data[: left // weight], True
        left = max(0, left - weight * len(data))
    return not cut


def _leave_out_heavy(choice: _Choice, decoded: dict[int, str]) -> bool:
    """Drops HTML beyond the limit for all parts together. False when any is dropped."""
    tags = 0
    heavy: set[int] = set()
    for part in _chosen(choice):
        tags += decoded[id(part)].count("<") if _is_html(part) else 0
        if tags > 2 * MAX_TAGS and len(decoded) > 1:
            heavy.add(id(part))
    choice.text = [part for part in choice.text if id(part) not in heavy]
    choice.html = [part for part in choice.html if id(part) not in heavy]
    return not heavy


def _delivered(parts: list[Part]) -> list[Part]:
    return [part for part in parts if part.data is not None or not part.attachment_id]


def _tell_of_the_rest(body: Body) -> None:
    body.defects.append("not_all_copied")
    body.text = f"{body.text}\n\n{NOT_ALL}".lstrip("\n")
    if body.html is not None:
        body.html += f"<p>{NOT_ALL}</p>"


def body_parts(root: Part) -> list[Part]:
    """The parts of the body, each once: what must be fetched to show the message."""
    choice = _Choice()
    _choose([root], "mixed", choice, within=False)
    return _chosen(choice)


def _chosen(choice: _Choice) -> list[Part]:
    """The chosen parts, each once. A named one is shown and also listed as a file."""
    return list({id(part): part for part in choice.text + choice.html}.values())


def _choose(parts: list[Part], kind: str, choice: _Choice, *, within: bool) -> None:
    """Distributes the parts of one container; `within`: below an alternative, at any depth."""
    text_before, html_before = len(choice.text), len(choice.html)
    parts = _root_first(parts) if kind == "related" else parts
    for index, part in enumerate(parts):
        if part.children:
            below = part.content_type.partition("/")[2]
            chosen = within or (below == "alternative" and len(part.children) > 1)
            _choose(part.children, below, choice, within=chosen)
        elif not _is_inline(part, kind, index):
            if part.content_type not in _NEVER_SHOWN:
                choice.rest.append((part, kind == "related"))
        elif kind == "alternative":
            _take_alternative(part, choice, text_before)
        elif within:
            # A container of one reading: with HTML in it, it is the HTML reading.
            one = choice.html if _is_html(part) or len(choice.html) > html_before else choice.text
            one.append(part)
        else:
            choice.text.append(part)
            choice.html.append(part)
    if kind == "alternative":
        _fill_missing_reading(choice, text_before, html_before)


def _take_alternative(part: Part, choice: _Choice, text_before: int) -> None:
    if _is_html(part):
        choice.html.append(part)
    elif part.content_type == "text/plain" or len(choice.text) == text_before:
        choice.text.append(part)
    else:
        choice.rest.append((part, False))


def _fill_missing_reading(choice: _Choice, text_before: int, html_before: int) -> None:
    """An alternative with only one reading serves both."""
    if len(choice.text) == text_before and len(choice.html) > html_before:
        choice.text += choice.html[html_before:]
    elif len(choice.html) == html_before and len(choice.text) > text_before:
        choice.html += choice.text[text_before:]


def _root_first(parts: list[Part]) -> list[Part]:
    """Puts the root of multipart/related first: its first part, unless a text only comes later."""
    for index, part in enumerate(parts):
        if part.children or part.content_type in ("text/html", "text/plain"):
            return parts[index:] + parts[:index]
    return parts


def _is_inline(part: Part, kind: str, index: int) -> bool:
    if part.disposition == "attachment" or part.content_type in _NEVER_SHOWN:
        return False
    if not _is_html(part) and part.content_type not in _PLAIN:
        return False
    return index == 0 or (kind != "related" and not part.filename)


def _text_of(part: Part, guesser: Guesser, *, converted: bool) -> str:
    decode = decode_converted if converted else decode_bytes
    text = decode(part.data or b"", _charset_of(part), guesser)
    text = text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
    return rejoined(text) if is_torn(part) and not _is_html(part) else text


def _charset_of(part: Part) -> str | None:
    """The claimed charset, by the part or else by its HTML."""
    claimed = part.params.get("charset")
    if claimed or not _is_html(part):
        return claimed
    meta = _META_CHARSET.search((part.data or b"")[:2048])
    return meta[1].decode("ascii", "replace") if meta else None


def _without_repeats(readings: list[tuple[Part, str]]) -> list[str]:
    """Each text once: some senders put the plain and the HTML form side by side as two parts."""
    if len(readings) == 1:
        return [readings[0][1]]
    plain = {_flat(text) for part, text in readings if not _is_html(part)}
    if not plain:
        return [text for _, text in readings if text]
    return [
        text for part, text in readings if text and not (_is_html(part) and _flat(text) in plain)
    ]


def _flat(text: str) -> str:
    return "".join(text.split())


def _plain_reading(part: Part, text: str, body: Body) -> str:
    if _is_html(part):
        return html_to_text(text)
    found = extract_uu(text)
    for index, file in enumerate(found.files):
        body.attachments.append(
            AttachmentInfo(
                filename=file.filename,
                content_type="application/octet-stream",
                size=file.size,
                content_id=None,
                inline=False,
                part_id=f"{part.part_id}.uu{index}",
            )
        )
    return found.text


def _joined_html(
    parts: list[Part], decoded: dict[int, str], readings: dict[int, str]
) -> str | None:
    """All inline parts as one piece of HTML; None when none of them is HTML. `readings` has the
    plain reading of those that were read for the text.
    """
    if not any(_is_html(part) for part in parts):
        return None
    if len(parts) == 1:
        return decoded[id(parts[0])]
    out: list[str] = []
    shown = _shown_as_html(parts, decoded, readings)
    for part in parts:
        text = decoded[id(part)]
        if not _is_html(part):
            if _flat(text) in shown | {""}:
                continue
            text = f'<div style="white-space:pre-wrap">{html_escape.escape(text)}</div>'
        out.append(text)
    return "\n".join(out)


def _shown_as_html(
    parts: list[Part], decoded: dict[int, str], readings: dict[int, str]
) -> set[str]:
    """What the HTML says, so that a plain part repeating it can be dropped; empty without HTML."""
    html = [part for part in parts if _is_html(part)]
    if len(html) == len(parts):
        return set()
    texts = (readings.get(id(part)) or html_to_text(decoded[id(part)]) for part in html)
    return {_flat(text) for text in texts}


def _is_html(part: Part) -> bool:
    return part.content_type == "text/html"
