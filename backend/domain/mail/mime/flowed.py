"""Rejoins lines that a mail program wrapped (RFC 3676, DelSp=yes).

Only such text is changed: there a trailing blank is not part of the text, and words would stay torn
apart. Where the blank is real, the lines read well as they are.
"""

from backend.domain.mail.mime.tree import Part

SIGNATURE = "-- "
MOST_LINES = 100_000
"""Lines of a text that is rejoined; nobody reads a longer one."""


def is_torn(part: Part) -> bool:
    """Whether a part says that its lines are wrapped inside words."""
    flowed = part.params.get("format", "").strip().lower() == "flowed"
    return flowed and part.params.get("delsp", "").strip().lower() == "yes"


def rejoined(text: str) -> str:
    r"""The text with its own line breaks only.

    >>> rejoined("We take forty se \nats.\n> How \n> many?\n")
    'We take forty seats.\n> Howmany?\n'
    """
    lines = text.split("\n")
    if len(lines) > MOST_LINES:
        return text
    out: list[list[str]] = []
    open_depth = -1
    for line in lines:
        depth = len(line) - len(line.lstrip(">"))
        rest = line[depth:].removeprefix(" ")
        goes_on = rest.endswith(" ") and rest != SIGNATURE
        piece = rest[:-1] if goes_on else rest
        if depth == open_depth and rest != SIGNATURE:
            out[-1].append(piece)
        else:
            out.append([f"{'>' * depth} {piece}" if depth else piece])
        open_depth = depth if goes_on else -1
    return "\n".join(map("".join, out))
