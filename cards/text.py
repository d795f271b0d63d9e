"""Text on cards: escaped where Google reads tags, and cut to fit into 300 pixels.

Most of it is untrusted: names and subjects may hold anything.
"""

import html
from typing import NewType

Markup = NewType("Markup", str)
"""Text for a field that understands tags. Only the functions here create it, so nothing slips
through unescaped.
"""

# Characters that fit, measured in a panel of 300 px (the wider ones of Gmail show more).
TITLE = 34
SUBTITLE = 46
BESIDE_BUTTON = 22
BESIDE_SWITCH = 31
BESIDE_ICON = 35
LABEL = 41
CHOICE = 60
ELLIPSIS = "…"


def cut(text: str, budget: int) -> str:
    """One line of at most `budget` characters, cut at a word where there is one.

    >>> cut("Renewal and next steps for the pilot", 22)
    'Renewal and next…'
    >>> cut("Donaudampfschifffahrtsgesellschaft", 12)
    'Donaudampfs…'
    """
    line = " ".join(text.split())
    if len(line) <= budget:
        return line
    head = line[: budget - len(ELLIPSIS)]
    at_word = head.rpartition(" ")[0] if line[len(head)] != " " else head
    return (at_word or head).rstrip(" ,;:.-") + ELLIPSIS


def plain(text: str) -> Markup:
    """Escaped text: nothing in it is read as a tag."""
    return Markup(html.escape(text, quote=False))


def bold(text: str) -> Markup:
    """Text in bold."""
    return Markup(f"<b>{plain(text)}</b>")


def colored(text: str, color: str) -> Markup:
    """Bold text in a colour (#rrggbb). The words must say it too: colour is never alone."""
    return Markup(f'<font color="{color}">{bold(text)}</font>')


def joined(*parts: Markup) -> Markup:
    """Pieces of markup, joined."""
    return Markup("".join(parts))
