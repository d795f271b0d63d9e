"""Whether people would learn each other's addresses who may not know each other: then the author is
asked before one mail goes to all of them. And who gets a mail together where there are several.

Separate from the recipients themselves: these are all right, and only their being together is
asked about.
"""

from collections.abc import Mapping, Sequence, Set
from enum import StrEnum

from backend.domain.mail.address import domain_of, is_free_mail

MOST_UNASKED = 5
"""Contacts allowed in one mail before its author is asked."""


People = Mapping[str, Set[int]]


class Spread(StrEnum):
    """How a mail to several people leaves: one to each of them, to those of each account, or to all
    of them together. `ASK` until its author has chosen.
    """

    ASK = ""
    EACH = "each"
    ACCOUNT = "account"
    TOGETHER = "together"


def wide(people: People, known: People | None = None) -> str:
    """What to ask about, or nothing. `people`: the contacts who are put into sight, by their
    address's key, with the accounts they belong to; `known` see each other already. Those of one
    account, or of one company's domain, know each other.

    >>> wide({"mia@alpha.example": {1}, "bo@alpha.example": {1}})
    ''
    >>> wide({"mia@alpha.example": {1}, "jon@beta.example": {2}})
    "These 2 people belong to different accounts and would see each other's addresses."
    """
    before = known or {}
    count = len(people) + len(before)
    if not people or count < 2:
        return ""
    if _are_strangers(people, before):
        return (
            f"These {count} people belong to different accounts and would see each other's "
            "addresses."
        )
    if len(people) > MOST_UNASKED:
        return f"These {count} people would see each other's addresses."
    return ""


def by_account(people: People) -> Sequence[Sequence[str]]:
    """Those who get a mail together where each account gets one (VC-22). Who belongs to several is
    written to with the first of them, once; who belongs to none alone.

    >>> by_account({"a@x.example": {1}, "b@y.example": {2}, "c@x.example": {1, 2}})
    [['a@x.example', 'c@x.example'], ['b@y.example']]
    """
    groups: dict[int | str, list[str]] = {}
    for key, accounts in people.items():
        groups.setdefault(min(accounts) if accounts else key, []).append(key)
    return list(groups.values())


def may_group(people: People) -> bool:
    """Whether one mail to each account is another thing than one to each person, or to all."""
    groups = by_account(people)
    return 1 < len(groups) < len(people)


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
