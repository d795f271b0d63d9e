"""Whether people would learn each other's addresses who may not know each other: then the author is
asked before one mail goes to all of them.

Separate from the recipients themselves: these are all right, and only their being together is
asked about.
"""

from collections.abc import Mapping, Set
from enum import StrEnum

from backend.domain.address import domain_of, is_free_mail

MOST_UNASKED = 5
"""Contacts who may stand in one mail before its author is asked."""


People = Mapping[str, Set[int]]


class Spread(StrEnum):
    """How a mail to several people leaves. `ASK` until its author has chosen."""

    ASK = ""
    EACH = "each"
    TOGETHER = "together"


def wide(people: People, known: People | None = None) -> str:
    """What to ask about, or nothing. `people`: the contacts who are put into sight, by their
    address's key, with the accounts they belong to; `known` see each other already. Those of one
    account, or of one company's domain, know each other.

    >>> wide({"mia@alpha.example": {1}, "bo@alpha.example": {1}})
    ''
    >>> wide({"mia@alpha.example": {1}, "jon@beta.example": {2}})
    "The 2 people in it belong to different accounts, and would see each other's addresses."
    """
    before = known or {}
    count = len(people) + len(before)
    if not people or count < 2:
        return ""
    if _are_strangers(people, before):
        return (
            f"The {count} people in it belong to different accounts, and would see each other's "
            "addresses."
        )
    if len(people) > MOST_UNASKED:
        return f"The {count} people in it would see each other's addresses."
    return ""


def _are_strangers(people: People, known: People) -> bool:
    """Whether some of them have nothing in common with the others."""
    belongings = [_belongings(key, accounts) for key, accounts in people.items()]
    if not known:
        return not set.intersection(*belongings)
    there = set().union(*(_belongings(key, accounts) for key, accounts in known.items()))
    return any(one.isdisjoint(there) for one in belongings)


def _belongings(key: str, accounts: Set[int]) -> set[int | str]:
    domain = domain_of(key)
    return {*accounts} if is_free_mail(domain) else {*accounts, domain}
