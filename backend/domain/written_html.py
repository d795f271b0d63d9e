"""A message written as plain text, as the HTML its recipient sees: body, then signature (D-26).

Separate because the preview of a pending mail and the form's preview of a signature must show the
same thing.
"""

import re
from html import escape

from backend.domain.foreign_html import shown_html

PARAGRAPHS = re.compile(r"\n[ \t]*\n+")


def written_html(text: str, signature_html: str) -> str:
    r"""Safe HTML for a frame. Blank lines part paragraphs; the signature follows.

    >>> written_html("Hi Dana,\n\nSee you <soon>.", "")
    '<p>Hi Dana,</p><p>See you &lt;soon&gt;.</p>'
    """
    parts = [part for part in PARAGRAPHS.split(text.strip().replace("\r\n", "\n")) if part.strip()]
    body = "".join(f"<p>{escape(part.strip()).replace(chr(10), '<br>')}</p>" for part in parts)
    signature = shown_html(signature_html) if signature_html else ""
    return f"{body}<div>{signature}</div>" if signature else body
