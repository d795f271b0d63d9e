"""Finds quoted mail in HTML by the markup of mail programs.

Structure is certain where words are guesses: a `div.gmail_quote` is a quote in any language. Depth
and size are checked before the parser runs (`html_bounds`).
"""

import re
from collections.abc import Iterable, Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from backend.domain.mail.lazy_pattern import lazy_pattern
from backend.domain.mail.mime.html_bounds import DEEPEST, is_light
from backend.domain.mail.mime.html_text import html_to_text
from backend.domain.mail.replies.shapes import is_introduction

CUT = "> \ue000"
"""Replaces removed quotes: a quoted line with a character that nobody writes."""

MAX_ABOVE = 450
MAX_STEPS = 10
# Names that mail programs give to the box around a quote.
_NAMED = lazy_pattern(r"quot|cite|(?:^| )(?:mid|cid):|@", re.IGNORECASE)
_INSIDE = "blockquote, .gmail_attr"
# Real mail has one; each check costs the size of the box.
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
# Everything from here on is the old message, whatever element it is in.
_CUTS = (
    "#appendonsend, #x_appendonsend, #divRplyFwdMsg, #x_divRplyFwdMsg, #stopSpelling,"
    " div.OutlookMessageHeader, hr#stopSpelling, #mail-editor-reference-message-container"
)
# HTML in which the rules below could find a quote contains one of these, in lower case.
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
_BORDER = lazy_pattern(r"border(?:-top)?\s*:[^;\"']{0,60}solid", re.IGNORECASE)
_LABEL = lazy_pattern(r"^\s{0,20}\S[^:\n]{0,20}:")


def text_without_quotes(html: str, *, answers: bool = False) -> str | None:
    """The text with a line of `CUT` where quoted mail was, so that the rules for text find what
    introduces it; None without a known structure in sane HTML. `answers`: see `reply_text`.
    """
    if not _has_traces(html) or not is_light(html, depth=DEEPEST):
        return None
    try:
        tree = LexborHTMLParser(html)
        if tree.body is None or not _remove(tree, answers=answers):
            return None
        return html_to_text(tree.html or "")
    except Exception:  # noqa: BLE001 - a parser of foreign input; the text rules still apply
        return None


def _has_traces(html: str) -> bool:
    """A cheap check that spares most mail the parser."""
    lowered = html.lower()
    return any(trace in lowered for trace in _TRACES)


def _remove(tree: LexborHTMLParser, *, answers: bool) -> bool:
    """Removes quotes from the tree; returns whether there were any."""
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
    answered = _answered_inside(quotes.values())
    for node in reversed(list(quotes.values())):
        # Inner ones first: freeing a parent frees its children.
        if node.mem_id in answered:
            for inner in reversed(node.css(_INSIDE)):
                _replace(tree, inner)
        else:
            _replace(tree, node)
    return found or bool(quotes) or _remove_last_blockquote(tree, answers=answers)


def _replace(tree: LexborHTMLParser, node: LexborNode) -> None:
    """Removes a node; a line replaces indented text."""
    if node.tag == "blockquote":
        line = tree.create_node("p")
        line.insert_child(CUT)
        node.insert_before(line)
    node.decompose()


def _answered_inside(quotes: Iterable[LexborNode]) -> set[int]:
    """The outermost boxes in which somebody replies between the lines: their text is no quote."""
    for node in quotes:
        child = node.child
        if node.tag != "div" or child is None:
            continue
        while child is not None and child.tag != "blockquote":
            child = child.next
        while child is not None:
            if child.tag != "blockquote" and child.text(deep=True).strip():
                return {node.mem_id}
            child = child.next
        return set()
    return set()


def _remove_last_blockquote(tree: LexborHTMLParser, *, answers: bool) -> bool:
    """Removes the last of the outermost blockquotes when something says that it is a quote. Others
    are text that the writer only indented.
    """
    quotes = tree.css("blockquote")
    if not quotes:
        return False
    outermost = current = quotes[-1]
    while current.parent is not None:
        current = current.parent
        outermost = current if current.tag == "blockquote" else outermost
    if "gmail_quote" in (outermost.attributes.get("class") or ""):
        return False
    named = f"{outermost.attributes.get('class')} {outermost.attributes.get('cite')}"
    told = _NAMED.search(named) is not None or is_introduction(_line_above(outermost))
    if not told and not (answers and _ends_text(outermost)):
        return False
    _replace(tree, outermost)
    return True


def _line_above(node: LexborNode) -> str:
    """The last line of text before a node."""
    for step, before in enumerate(_before(node)):
        text = before.text(deep=True)[-MAX_ABOVE:].strip()
        if text:
            return text.rpartition("\n")[2]
        if step > MAX_STEPS:
            break
    return ""


def _before(node: LexborNode) -> Iterator[LexborNode]:
    current: LexborNode | None = node
    while current is not None and current.tag != "body":
        sibling = current.prev
        while sibling is not None:
            yield sibling
            sibling = sibling.prev
        current = current.parent


def _ends_text(node: LexborNode) -> bool:
    """Whether no text follows a node."""
    current: LexborNode | None = node
    while current is not None and current.tag != "body":
        sibling = current.next
        while sibling is not None:
            if sibling.text(deep=True).strip():
                return False
            sibling = sibling.next
        current = current.parent
    return True


def _outlook_border(tree: LexborHTMLParser) -> LexborNode | None:
    """The ruled box above an Outlook quote: a top border, with From and Sent in it."""
    for node in tree.css("div[style*=border i]")[:MAX_BORDERS]:
        if _BORDER.search((node.attributes.get("style") or "")[:2000]):
            text = node.text(separator="\n")[:600]
            if sum(1 for line in text.splitlines() if _LABEL.match(line)) >= 2:
                return node
    return None


def _cut_from(node: LexborNode) -> None:
    """Removes a node and everything after it in the document."""
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
