"""Cleans typed or pasted text of invisible and unstorable characters.

Every edge uses it: what a PDF, a slide or a terminal puts on the clipboard would otherwise fail
only where it is stored or sent: Postgres keeps no NUL, a header no control character.
"""

_BREAKS = dict.fromkeys(map(ord, "\x0b\x0c\x1c\x1d\x1e\x1f"), " ")
_UNSEEN = [*range(0x09), *range(0x0E, 0x1C), 0x7F, *range(0xD800, 0xE000), 0xFFFE, 0xFFFF]
_TABLE = dict.fromkeys(_UNSEEN) | _BREAKS


def typed_text(text: str) -> str:
    r"""The text as it can be kept: tabs and line ends stay, other breaks become a space.

    >>> typed_text("Re\x00newal\x0bnext\tweek\r\n\x1b[1m\U0001f600")
    'Renewal next\tweek\r\n[1m😀'
    """
    return text.translate(_TABLE)
