"""Repairs misspelt addresses and names: removes what mailers and people write around them.

Separate from `address_list`, which finds where one entry ends and the next begins. Nothing here
guesses at letters: it removes only what cannot belong to an address.
"""

import html
import re

from backend.domain.mail.mime.words import decode_words

MAX_SPELT = 1000
"""Characters of one address, with everything around it."""

_QUOTED = re.compile(r"\"(?:[^\"\\]|\\.)*+\"", re.DOTALL)
_SCHEME = re.compile(r"(?:smtp|mailto|e-?mail|internet|rfc ?822)\s?[:;=]\s*+", re.IGNORECASE)
_PLAIN_QUOTED = re.compile(r"\"([\w.+-]{1,64})\"@")
_AROUND = " \t\r\n'`\u00a0\u00ab\u00bb\u2018\u2019\u201a\u201c\u201d\u201e\u2039\u203a"
_WIDE = str.maketrans({"\uff20": "@", "\uff1c": "<", "\uff1e": ">"})


def mended(header: str) -> str:
    """A header whose quotes and brackets pair up, so that none swallows the entries behind it.

    >>> mended('"Mia <mia@a.example>, Kim <kim@b.example>')
    ' Mia <mia@a.example>, Kim <kim@b.example>'
    """
    if "&lt;" in header:
        header = html.unescape(header)
    if "@" not in header:
        header = header.translate(_WIDE)
        header = decode_words(header) if "=?" in header and "@" not in header else header
    if '"' in header and _swallows(header):
        header = header.replace('"', " ")
    if "(" in header:
        outside = _QUOTED.sub("", header)
        if outside.count("(") > outside.count(")"):
            header = header.replace("(", " ").replace(")", " ")
    return header


def _swallows(header: str) -> bool:
    """Whether a quote is never closed, or the quote that closes a name opens the next text."""
    if '"' in _QUOTED.sub("", header):
        return True
    return any(
        header[match.start() - 1].isalnum() and "@" in match[0] and "<" in match[0]
        for match in _QUOTED.finditer(header)
        if match.start()
    )


def cleaned(address: str) -> str:
    """Strips what mailers write around an address; text that is not an address is stripped too.

    >>> cleaned('"kim@a.example"'), cleaned("mailto:kim@a.example?subject=Hi"), cleaned("kim@a.b.")
    ('kim@a.example', 'kim@a.example', 'kim@a.b')
    """
    address = address[: MAX_SPELT + 1].strip(_AROUND)
    if len(address) > MAX_SPELT:
        return ""
    if len(address) > 1 and address[0] == '"' == address[-1]:
        address = address[1:-1].strip(_AROUND)
    scheme = _SCHEME.match(address)
    if scheme and "@" in address:
        address = address[scheme.end() :].partition("?")[0]
    quoted = address.startswith('"')
    plain = _PLAIN_QUOTED.match(address)
    if plain:
        address = plain[1] + address[plain.end() - 1 :]
    address = address if quoted else "".join(address.split())
    return address.strip(_AROUND).rstrip(".,;:") if "@" in address else address


def without_marks(name: str) -> str:
    """A name without the quotes around it and without marks that belong to the list.

    >>> without_marks("\u201cMia Lang\u201d ,")
    'Mia Lang'
    """
    name = name.strip()
    bare = name.rstrip(".,;:")
    # The full stop of "Acme Inc." stays.
    if bare != name and (not bare or bare[-1].isspace() or name[len(bare)] in ",;"):
        name = bare
    return name.strip(_AROUND + '"')
