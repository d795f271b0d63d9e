"""What Gmail shows of a mail without opening it: its columns, the snippet, text for search."""

import html
import re
from dataclasses import dataclass

from backend.simulator.mail.mime_tree import Part, parse_tree

SNIPPET_LETTERS = 200
SEARCHED_LETTERS = 100_000
# What is never closed takes all the rest with it, as in a browser, and no tag goes past the next
# one: each character is looked at once, however hostile the mail is.
INVISIBLE = re.compile(r"(?is)<(style|script|title)\b(?:.*?</\1>|.*)|<!--(?:.*?-->|.*)")
BREAKS = re.compile(r"(?i)<(br|/p|/div|/tr|/li|/h\d)\b[^<>]*>")
TAG = re.compile(r"<[a-z/!?][^<>]*>", re.IGNORECASE)
SPACE = re.compile(r"\s+")
REPLY_MARKS = re.compile(r"^(\s*(re|fwd?|aw|wg|sv|antw|tr)(\[\d+\])?\s*:\s*)+", re.IGNORECASE)
ANGLE_ID = re.compile(r'<((?:"[^"<>]{0,900}")?[^<>\s]+)>')


@dataclass(frozen=True)
class Digest:
    """One mail, read once when it is filed."""

    rfc_id: str
    cited: tuple[str, ...]
    subject: str
    subject_key: str
    from_text: str
    to_text: str
    cc_text: str
    bcc_text: str
    filenames: str
    snippet: str
    body_text: str
    is_list: bool


def digest(raw: bytes) -> Digest:
    r"""Read a whole mail once.

    >>> digest(b"Subject: Re: Lunch\r\n\r\nAt  noon?").subject_key
    'lunch'
    """
    tree = parse_tree(raw)
    subject = tree.header("subject")
    body = readable_text(tree)
    own = ids_in(tree.header("message-id"))
    return Digest(
        rfc_id=own[0] if own else tree.header("message-id"),
        cited=(*ids_in(tree.header("in-reply-to")), *ids_in(tree.header("references"))),
        subject=subject,
        subject_key=subject_key(subject),
        from_text=tree.header("from"),
        to_text=_joined(tree, "to"),
        cc_text=_joined(tree, "cc"),
        bcc_text=_joined(tree, "bcc"),
        filenames="\n".join(leaf.filename for leaf in tree.leaves() if leaf.filename),
        snippet=_snippet(body),
        body_text=body[:SEARCHED_LETTERS],
        is_list=bool(tree.header("list-id") or tree.header("list-unsubscribe")),
    )


def subject_key(subject: str) -> str:
    """The subject without reply and forward marks, for comparing."""
    return SPACE.sub(" ", REPLY_MARKS.sub("", subject)).strip().casefold()


def ids_in(value: str) -> list[str]:
    """The Message-IDs in a header value, without angle brackets."""
    return ANGLE_ID.findall(value)


def readable_text(tree: Part) -> str:
    """The first plain text, else the first HTML without its tags."""
    shown = [leaf for leaf in tree.leaves() if not leaf.filename]
    for wanted in ("text/plain", "text/html"):
        for leaf in shown:
            if leaf.mime_type == wanted:
                text = leaf.text()
                return text if wanted == "text/plain" else text_of_html(text)
    return ""


def text_of_html(source: str) -> str:
    without = INVISIBLE.sub(" ", source[: 4 * SEARCHED_LETTERS])
    return html.unescape(TAG.sub("", BREAKS.sub("\n", without)))


def _snippet(body: str) -> str:
    """Escaped for HTML, as Gmail sends it."""
    shown = SPACE.sub(" ", body[: 10 * SNIPPET_LETTERS].lstrip()).strip()[:SNIPPET_LETTERS]
    return html.escape(shown).replace("&#x27;", "&#39;")


def _joined(tree: Part, name: str) -> str:
    return ", ".join(one.value for one in tree.fields if one.key == name)
