"""Lines that a mail program broke for the way, put together again (RFC 3676, DelSp=yes).

Separate because only such text is changed: there a blank at the end of a line stands for nothing,
so that words would stay torn apart. Where the blank is a real one, the lines read well as they are.
"""

from backend.domain.mail.mime.tree import Part

SIGNATURE = "-- "
MOST_LINES = 100_000
"""Lines of a text that is put together again; nobody reads one of more."""


def is_torn(part: Part) -> bool:
    """Whether a part says that its lines were broken inside of words."""
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
