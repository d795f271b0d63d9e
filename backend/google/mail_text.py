"""The two readings of a mail we write: plain text and HTML, in one order.

Separate from the MIME around them: body, signature, unsubscribe line, then the quoted mail (D-26).
All HTML passes an allow-list, whatever its source: a stored signature and a quoted mail are
untrusted.
"""

import html as html_escape
import re
from dataclasses import dataclass

import nh3

from backend.domain.mail.mime.html_bounds import DEEPEST, is_light
from backend.domain.mail.mime.html_text import html_to_text
from backend.domain.writing.branding import framed_html, framed_text
from backend.domain.writing.unsubscribing import UnsubscribeLink

_LINK = re.compile(r"https?://[^\s<>\"']{1,2000}")
_STYLES = frozenset(
    {"background-color", "border", "border-collapse", "border-left", "border-top", "color"}
    | {"font-family", "font-size", "font-style", "font-weight", "height", "line-height", "margin"}
    | {"margin-bottom", "margin-left", "margin-top", "max-width", "padding", "padding-left"}
    | {"padding-top", "text-align", "text-decoration", "vertical-align", "white-space", "width"}
)
_QUOTE_STYLE = "margin:0 0 0 .8ex;border-left:1px solid #ccc;padding-left:1ex"


@dataclass(frozen=True, slots=True)
class Quote:
    """The mail that is answered. `attribution` says who wrote it and when, in one line."""

    attribution: str
    text: str
    html: str | None = None


@dataclass(frozen=True, slots=True)
class Readings:
    """Both forms of one mail."""

    plain: str
    html: str


@dataclass(frozen=True, slots=True)
class Pieces:
    """What a mail is made of. `html` is made from `text` when it is None, and the reverse. The
    template is around all of it but the quoted mail.
    """

    text: str
    html: str | None
    signature_html: str
    unsubscribe: UnsubscribeLink | None
    quote: Quote | None
    template_html: str = ""


def readings(pieces: Pieces) -> Readings:
    """The plain and the HTML form."""
    return Readings(plain=_plain(pieces), html=_html(pieces))


def safe_html(fragment: str) -> str:
    """HTML without scripts, forms, foreign styles and broken links; only the text when it would be
    too costly to sanitise.
    """
    if not is_light(fragment, depth=DEEPEST):
        return _from_text(html_to_text(fragment))
    attributes = {tag: set(names) for tag, names in nh3.ALLOWED_ATTRIBUTES.items()}
    attributes["*"] = attributes.get("*", set()) | {"style", "dir"}
    return nh3.clean(
        fragment,
        attributes=attributes,
        filter_style_properties=set(_STYLES),
        url_schemes={"http", "https", "mailto", "tel", "cid"},
        link_rel=None,
    )


def _plain(pieces: Pieces) -> str:
    body = pieces.text if pieces.text or pieces.html is None else html_to_text(pieces.html)
    parts = [_lines(body).rstrip("\n")]
    signature = html_to_text(pieces.signature_html) if pieces.signature_html else ""
    if signature:
        parts.append(f"-- \n{signature}")
    if pieces.unsubscribe:
        parts.append(f"{pieces.unsubscribe.prefix} {pieces.unsubscribe.url}".strip())
    if pieces.template_html:
        own = "\n\n".join(part for part in parts if part)
        parts = [framed_text(pieces.template_html, own)]
    if pieces.quote:
        quoted = "\n".join(f"> {line}".rstrip() for line in _lines(pieces.quote.text).split("\n"))
        parts.append(f"{' '.join(pieces.quote.attribution.split())}\n{quoted}")
    return "\n\n".join(part for part in parts if part) + "\n"


def _html(pieces: Pieces) -> str:
    body = _from_text(pieces.text) if pieces.html is None else safe_html(pieces.html)
    parts = [f'<div dir="auto">{body}</div>']
    if pieces.signature_html:
        parts.append(f"<div>-- <br>{safe_html(pieces.signature_html)}</div>")
    if pieces.unsubscribe:
        one = pieces.unsubscribe
        url, prefix, text = map(html_escape.escape, (one.url, one.prefix, one.text))
        parts.append(f'<div>{prefix} <a href="{url}">{text}</a></div>')
    if pieces.template_html:
        parts = [framed_html(pieces.template_html, "<br>".join(parts))]
    if pieces.quote:
        parts.append(_quoted_html(pieces.quote))
    return "<!doctype html><html><body>" + "<br>".join(parts) + "</body></html>\n"


def _quoted_html(quote: Quote) -> str:
    """The class is the one mail programs fold away."""
    inner = safe_html(quote.html) if quote.html else _from_text(quote.text)
    attribution = html_escape.escape(" ".join(quote.attribution.split()))
    return (
        f'<div class="gmail_quote"><div dir="ltr" class="gmail_attr">{attribution}</div>'
        f'<blockquote class="gmail_quote" style="{_QUOTE_STYLE}">{inner}</blockquote></div>'
    )


def _from_text(text: str) -> str:
    out: list[str] = []
    position = 0
    for match in _LINK.finditer(text):
        url = match[0].rstrip(".,;:!?)")
        end = match.start() + len(url)
        link = html_escape.escape(url)
        out += [html_escape.escape(text[position : match.start()]), f'<a href="{link}">{link}</a>']
        position = end
    out.append(html_escape.escape(text[position:]))
    return _lines("".join(out)).replace("\n", "<br>\n")


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
