"""HTML to plain text for search and for mails that have no plain part.

Separate because size and depth must be capped first: a small mail can hold twenty thousand nested
elements.
"""

import re

from resiliparse.extract.html2text import extract_plain_text

MAX_HTML_CHARS = 2_000_000
_BLANK_LINES = re.compile(r"\n[ \t\xa0]*\n(?:[ \t\xa0]*\n)+")
_TAG = re.compile(r"<[^<>]{0,2000}>")


def html_to_text(html: str) -> str:
    """The visible text with block layout. Falls back to dropping tags when the parser refuses."""
    html = html[:MAX_HTML_CHARS]
    try:
        text = extract_plain_text(
            html, preserve_formatting=True, list_bullets=True, alt_texts=False, links=False
        )
    except Exception:  # noqa: BLE001 - a parser of foreign input; the mail must still be shown
        text = _TAG.sub(" ", html)
    return _BLANK_LINES.sub("\n\n", str(text).replace("\x00", "").replace("\xa0", " ")).strip()
