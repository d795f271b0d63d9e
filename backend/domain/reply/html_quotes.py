"""Quoted mail in HTML, found by the structure that mail programs give it.

Separate because structure is certain where words are guesses: a `div.gmail_quote` is a quote in any
language. Depth and size are asked for before the parser runs (`html_bounds`).
"""

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

from backend.domain.mime.html_bounds import is_light
from backend.domain.mime.html_text import MAX_DEPTH, html_to_text

# Real mail has one; each look costs the size of the box.
MAX_BORDERS = 20
_QUOTES = (
    "div.gmail_quote, div.gmail_quote_container, div.yahoo_quoted, [id^=yahoo_quoted],"
    " #isForwardContent, #isReplyContent, #OLK_SRC_BODY_SECTION, .protonmail_quote,"
    " .tutanota_quote, .zmail_extra, div.moz-cite-prefix, blockquote[type=cite],"
    " [data-marker=__QUOTED_TEXT__], #reply-intro, .front-blockquote, .quoted-text,"
    " #mail-editor-reference-message-container, div.ms-outlook-mobile-reference-message,"
    " #oriMsgHtmlSeperator, .WordSection-quote, .bloop_markdown blockquote, .x_gmail_quote,"
    " div.OutlookMessageHeader"
)
# From here on everything is the old mail, whatever element it is in.
_CUTS = (
    "#appendonsend, #x_appendonsend, #divRplyFwdMsg, #x_divRplyFwdMsg, #stopSpelling,"
    " div.OutlookMessageHeader, hr#stopSpelling, #mail-editor-reference-message-container"
)
# One of these is in any HTML that the rules below could find a quote in, in lower case.
_TRACES = (
    *("quote", "appendonsend", "rplyfwdmsg", "stopspelling", "outlookmessageheader"),
    *(
        "olk_src_body",
        "isforwardcontent",
        "isreplycontent",
        "zmail_extra",
        "moz-cite-prefix",
        "reply-intro",
    ),
    *("reference-message", "orimsghtmlseperator", "solid"),
)
_BORDER = re.compile(r"border(?:-top)?\s*:[^;\"']{0,60}solid", re.IGNORECASE)
_LABEL = re.compile(r"^\s{0,20}\S[^:\n]{0,20}:")


def text_without_quotes(html: str) -> str | None:
    """The text without quoted mail; None when no known structure was found in sane HTML."""
    if not _has_traces(html) or not is_light(html, depth=MAX_DEPTH):
        return None
    try:
        tree = LexborHTMLParser(html)
        if tree.body is None or not _remove(tree):
            return None
        return html_to_text(tree.html or "")
    except Exception:  # noqa: BLE001 - a parser of foreign input; the text rules still apply
        return None


def _has_traces(html: str) -> bool:
    """A glance that spares most mail the parser."""
    lowered = html.lower()
    return any(trace in lowered for trace in _TRACES)


def _remove(tree: LexborHTMLParser) -> bool:
    """Take quotes out of the tree; answers whether there were any."""
    found = False
    for node in tree.css(_CUTS):
        _cut_from(node)
        found = True
        break
    border = None if found else _outlook_border(tree)
    if border is not None:
        _cut_from(border)
        found = True
    quotes = {node.mem_id: node for node in tree.css(_QUOTES)}
    for node in reversed(list(quotes.values())):
        node.decompose()  # inner ones first: freeing a parent frees its children
    return found or bool(quotes) or _remove_last_blockquote(tree)


def _remove_last_blockquote(tree: LexborHTMLParser) -> bool:
    """A plain blockquote counts when it is the last of the outermost ones."""
    quotes = tree.css("blockquote")
    if not quotes:
        return False
    outermost = current = quotes[-1]
    while current.parent is not None:
        current = current.parent
        outermost = current if current.tag == "blockquote" else outermost
    if "gmail_quote" in (outermost.attributes.get("class") or ""):
        return False
    outermost.decompose()
    return True


def _outlook_border(tree: LexborHTMLParser) -> LexborNode | None:
    """The ruled box above an Outlook quote: a top border, and From and Sent in it."""
    for node in tree.css("div[style*=border]")[:MAX_BORDERS]:
        if _BORDER.search((node.attributes.get("style") or "")[:2000]):
            text = node.text(separator="\n")[:600]
            if sum(1 for line in text.splitlines() if _LABEL.match(line)) >= 2:
                return node
    return None


def _cut_from(node: LexborNode) -> None:
    """Remove a node and all that follows it in the document."""
    current: LexborNode | None = node
    while current is not None and current.tag != "body":
        parent = current.parent
        sibling = current.next
        while sibling is not None:
            following = sibling.next
            sibling.decompose()
            sibling = following
        if current is node:
            current.decompose()
        current = parent
