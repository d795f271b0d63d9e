"""Parses people typed or pasted into a field: lists from Gmail, Outlook and spreadsheets.

Unlike `address_list`, which skips what is not an address, it keeps every entry, so that the author
learns which ones are unusable.
"""

import re

_PIECE = re.compile(r'"(?:[^"\\]|\\.){0,400}+"|<[^<>\n]{0,400}+>|[,;\n]|[^",;\n<]++|["<]')
_SCHEME = re.compile(r"(?:mailto|smtp):", re.IGNORECASE)


def split_entries(typed: str) -> tuple[str, ...]:
    """The entries of a list with commas, semicolons or lines between them. Those inside quotes or
    brackets do not split, nor does the comma of a name in Outlook's lists, which have semicolons
    between people.

    >>> split_entries('"Reyes, Dana" <dana@a.example>, Omar <omar@a.example>; kim@b.example')
    ('"Reyes, Dana" <dana@a.example>', 'Omar <omar@a.example>', 'kim@b.example')
    >>> split_entries("Reyes, Dana <dana@a.example>; Lund, Omar <omar@a.example>")
    ('Reyes, Dana <dana@a.example>', 'Lund, Omar <omar@a.example>')
    """
    found: list[str] = []
    begun: list[str] = []
    pieces = _PIECE.findall(typed)
    semicolons = ";" in pieces
    for piece in [*pieces, "\n"]:
        if piece not in {",", ";", "\n"}:
            begun.append(piece)
            continue
        entry = "".join(begun).strip()
        begun = []
        named = entry.endswith(">") and "<" in entry and semicolons
        if named and found and "@" not in found[-1]:
            entry = f"{found.pop()}, {entry}"
        if entry:
            found.append(entry)
    return tuple(found)


def bare_address(entry: str) -> str:
    """The text in angle brackets at the end, else all of it.

    >>> bare_address("Mia Lang <mia@alpha.example>"), bare_address("mailto:mia@alpha.example")
    ('mia@alpha.example', 'mia@alpha.example')
    """
    _, opened, inner = entry.rstrip().rpartition("<")
    address = inner[:-1].strip() if opened and inner.endswith(">") else entry.strip()
    return _SCHEME.sub("", address, count=1) if _SCHEME.match(address) else address


def written_person(name: str, address: str) -> str:
    """One entry that parses back to the same address.

    >>> written_person("Reyes, Dana", "dana@a.example"), written_person("", "kim@b.example")
    ('"Reyes, Dana" <dana@a.example>', 'kim@b.example')
    """
    if not name or name == address:
        return address
    if re.search(r'[",;<>\\\n]', name):
        name = '"' + re.sub(r'(["\\])', r"\\\1", " ".join(name.split())) + '"'
    return f"{name} <{address}>"
