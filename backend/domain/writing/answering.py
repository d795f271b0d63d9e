"""The recipients of an answer, and whether one of them deserves a warning.

Reply-To is only the sender's claim: answers go there (RFC 5322 §3.6.2), and the author is warned
when it leads away from the company that the mail came from.
"""

from collections.abc import Collection, Iterable

from backend.domain.mail.address import domain_of
from backend.domain.mail.domains import company_domains

MOST_NAMED = 3


def is_outside(key: str, sender: str, domains: Collection[str]) -> bool:
    """Whether an address belongs to none of these domains and not to the sender's company.

    >>> is_outside("buying@eu.alpha.example", "mia@alpha.example", {"alpha.example"})
    False
    >>> is_outside("mia@a1pha.example", "mia@alpha.example", {"alpha.example"})
    True
    """
    own, theirs = company_domains(domain_of(key)), company_domains(domain_of(sender))
    inside = not set(own).isdisjoint(domains) or (bool(own) and own[-1:] == theirs[-1:])
    return key != sender and not inside


def outside_sentence(addresses: Iterable[str], accounts: Iterable[str]) -> str:
    """The warning for the author of an answer.

    >>> outside_sentence(["x@else.example"], ["Alpha"])
    'x@else.example has none of the domains of Alpha. Make sure that it is meant before you answer.'
    """
    whose = " or ".join(list(accounts)[:MOST_NAMED]) or "who wrote"
    named = list(addresses)
    has, it_is = ("has", "it is") if len(named) == 1 else ("have", "they are")
    return (
        f"{', '.join(named)} {has} none of the domains of {whose}. "
        f"Make sure that {it_is} meant before you answer."
    )
