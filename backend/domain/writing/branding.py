"""A branded template: HTML around a message, with one slot that the message takes (K-15, K-17).

Mail programs drop style sheets, so its rules are inlined once, when it is saved. Then it passes the
same allow-list as foreign mail: nothing in it runs, and nothing is fetched to inline it.
"""

import re

import css_inline
import nh3
from selectolax.lexbor import LexborHTMLParser

from backend.domain.mail.foreign_html import (
    ATTRIBUTES,
    DROPPED_WHOLE,
    MAX_DEPTH,
    STYLES,
    TAGS,
)
from backend.domain.mail.mime.html_bounds import is_light
from backend.domain.mail.mime.html_text import html_to_text
from backend.errors import InputError

SLOT = "{{content}}"
"""Where the message goes."""

MAX_TEMPLATE = 100_000
"""Characters. Gmail cuts a message off after 102 KB."""

_COLOUR = re.compile(r"\bbackground:\s*(#[0-9a-fA-F]{3,8}|[a-zA-Z]{3,20})(?=\s*[;\"])")
"""The short form of a background that is only a colour: the long one is on the allow-list."""

_BODY = re.compile(r"<(/?)body\b")
_INLINER = css_inline.CSSInliner(load_remote_stylesheets=False)
REFUSED = "The template was not saved. Correct the marked fields."


def branded(source: str) -> str:
    """The template as mail carries it. Raises InputError, at `source`, for one without its slot."""
    if len(source) > MAX_TEMPLATE:
        raise _wrong(f"Shorten the template to {MAX_TEMPLATE:,} characters.")
    if not is_light(source, depth=MAX_DEPTH):
        raise _wrong("Simplify the template: it is nested too deeply.")
    try:
        inlined = _INLINER.inline(source)
    except css_inline.InlineError as error:
        raise _wrong("Correct the template: its HTML or its styles can't be read.") from error
    clean = nh3.clean(
        _COLOUR.sub(r"background-color:\1", _BODY.sub(r"<\1div", inlined)),
        tags=TAGS,
        clean_content_tags=DROPPED_WHOLE,
        attributes=ATTRIBUTES,
        filter_style_properties=STYLES,
        url_schemes={"https", "mailto", "tel"},
        link_rel=None,
    )
    if clean.count(SLOT) != 1 or LexborHTMLParser(clean).text().count(SLOT) != 1:
        raise _wrong(f"Write {SLOT} once, in the text, where the message belongs.")
    return clean


def framed_html(template: str, content: str) -> str:
    """The message inside its template."""
    before, _, after = template.partition(SLOT)
    return f"{before}{content}{after}"


def framed_text(template: str, content: str) -> str:
    r"""The same as plain text: a letterhead and an imprint are read there, too.

    >>> framed_text("<p>Lumen Works</p>{{content}}<p>Berlin</p>", "Hello,")
    'Lumen Works\n\nHello,\n\nBerlin'
    """
    before, _, after = template.partition(SLOT)
    parts = (html_to_text(before).strip(), content.strip("\n"), html_to_text(after).strip())
    return "\n\n".join(part for part in parts if part)


def _wrong(sentence: str) -> InputError:
    return InputError(REFUSED, {"source": sentence})
