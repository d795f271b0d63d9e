"""Raw RFC 5322 bytes to a `ParsedMessage`. Never raises, whatever the bytes.

A reader of our own instead of the standard library's: `policy.default` reads about a hundred mails
a second, is quadratic in recipients and overflows the stack on nested parts; the older policy
decodes nothing. Split into one module for each grammar.
"""

from backend.domain.message import ParsedMessage
from backend.domain.mime.assemble import assemble
from backend.domain.mime.tree import Part, read_tree

__all__ = ["parse_message"]


def parse_message(raw: bytes) -> ParsedMessage:
    """Read one message. What is broken is named in `defects`; the rest is read all the same."""
    try:
        root, defects = read_tree(raw)
        return assemble(root, defects)
    except Exception:  # noqa: BLE001 - whatever a stranger sends, the mail is kept and flagged
        text = raw[:1_000_000].decode("utf-8", "replace").replace("\x00", "")
        part = Part([], "text/plain", {}, "", None, "", data=text.encode())
        return assemble(part, ["unreadable"])
