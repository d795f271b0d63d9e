"""The addresses in cells of a customer list, which may hold several, names, or none at all."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from backend.domain.mail.address import address_key, is_valid_address
from backend.domain.people.entered_people import bare_address, split_entries

_NO_SIGN = re.compile("[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+")
"""Invisible characters that copying from pages adds."""

_AROUND = " \t\"'`<>"
_INSIDE_EXCHANGE = re.compile(r"/o=", re.IGNORECASE)


class Addresses(NamedTuple):
    """`usable` has them by key, in order. `broken` are entries that are not addresses. `inside` is
    a name that only the company's own Exchange knows.
    """

    usable: dict[str, str]
    broken: tuple[str, ...]
    inside: str


def addresses_in(cells: Iterable[str]) -> Addresses:
    """All addresses, with ":::" between them as in Google's lists, or as people paste them.

    >>> found = addresses_in(["mia@alpha.example ::: Mia <mia@home.example>", "none yet"])
    >>> list(found.usable), found.broken
    (['mia@alpha.example', 'mia@home.example'], ('none yet',))
    """
    usable: dict[str, str] = {}
    broken: list[str] = []
    inside = ""
    for text in cells:
        if _INSIDE_EXCHANGE.match(text):
            inside = inside or text
            continue
        named = text.endswith(">") and text.count("@") == 1  # "Lang, Mia <mia@alpha.example>"
        for entry in (text,) if named else split_entries(text.replace(":::", ";")):
            one = bare_address(_NO_SIGN.sub("", entry)).strip(_AROUND).rstrip(".,:")
            if (key := address_key(one)) and is_valid_address(one):
                usable.setdefault(key, one)
            else:
                broken.append(one)
    return Addresses(usable, tuple(broken), inside)
