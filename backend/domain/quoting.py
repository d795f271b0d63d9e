"""The earlier mail below an answer, for mailboxes that choose to repeat it (D-23)."""

from dataclasses import dataclass
from html import escape

from backend.domain.foreign_html import shown_html
from backend.domain.written_html import written_html

MOST_QUOTED = 60_000
"""Characters. A longer mail is quoted as far as this: mail programs show the rest anyway."""


@dataclass(frozen=True, kw_only=True)
class Quote:
    """What is answered: who wrote it, when (as the answering member reads it), and what."""

    author: str
    written: str
    text: str
    html: str | None = None

    @property
    def attribution(self) -> str:
        """The line above the quoted mail."""
        return f"On {self.written}, {self.author} wrote:"


def quoted_text(quote: Quote) -> str:
    r"""The quoted mail in plain text.

    >>> quoted_text(Quote(author="Dana", written="Mon 5 Jan 2026, 09:00", text="Hi.\nBye."))
    'On Mon 5 Jan 2026, 09:00, Dana wrote:\n> Hi.\n> Bye.'
    """
    lines = quote.text[:MOST_QUOTED].replace("\r\n", "\n").strip().split("\n")
    marked = (f">{line}" if line.startswith(">") else f"> {line}".rstrip() for line in lines)
    return "\n".join([quote.attribution, *marked])


def quoted_html(quote: Quote) -> str:
    """The quoted mail as HTML, cleaned: what came from outside never leaves in our name as it
    came.
    """
    clean = shown_html(quote.html, images="shown") if quote.html else None
    body = clean or written_html(quote.text[:MOST_QUOTED], "")
    return f"<p>{escape(quote.attribution)}</p><blockquote>{body}</blockquote>"
