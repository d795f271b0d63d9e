"""HTML to plain text, for search and for mail without a plain part.

`html_bounds` is asked first: a small message can hold twenty thousand nested elements.
"""

import re
from html import unescape

from resiliparse.extract.html2text import extract_plain_text

from backend.domain.mail.mime.html_bounds import DEEPEST, MAX_CHARS, MAX_MARKS, is_light

_BLANK_LINES = re.compile(r"\n[ \t\xa0]*\n(?:[ \t\xa0]*\n)+")
_TAG = re.compile(r"<[^<>]{0,2000}>")


def html_to_text(html: str) -> str:
    """The visible text with block layout. Where a parser has too much work, or fails, the tags are
    dropped.
    """
    html = html[:MAX_CHARS]
    if not is_light(html, depth=DEEPEST):
        text = _without_tags(html)
    else:
        try:
            text = extract_plain_text(
                html, preserve_formatting=True, list_bullets=True, alt_texts=False, links=False
            )
        except Exception:  # noqa: BLE001 - a parser of foreign input; the mail must still be shown
            text = _without_tags(html)
    return _BLANK_LINES.sub("\n\n", str(text).replace("\x00", "").replace("\xa0", " ")).strip()


def _without_tags(html: str) -> str:
    """Limits how many entities are looked up: Python tries every prefix of an unknown name."""
    pieces = _TAG.sub(" ", html).split("&", MAX_MARKS)
    rest = f"&{pieces.pop()}" if len(pieces) > MAX_MARKS else ""
    return unescape("&".join(pieces)) + rest
