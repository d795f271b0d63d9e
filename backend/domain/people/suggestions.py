"""Prefills the form for an unknown person: a name, and a likely account (M5).

Whether a contact may be created at all is in `creation`. A suggestion stores nothing, and a wrong
one costs a correction; so an address that names no company suggests none.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from backend.domain.ids import AccountId
from backend.domain.mail.address import clean_name, domain_of, is_role_address, registrable_domain
from backend.domain.mail.domains import is_company_domain
from backend.domain.people.team import Team

MAX_SHOWN_NAME = 400
"""Characters of a sender's display name that are read."""

_BRACKETS = re.compile(r"[(\[<{][^)\]>}]{0,200}+[)\]>}]")
_VIA = re.compile(r"(?<!\s)\s++via\s++\S.*$")
"""What Google Groups adds when it rewrites a sender."""
_WORDS = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")


@dataclass(frozen=True, slots=True)
class AccountHint:
    """An account whose mail domain might fit."""

    account_id: AccountId
    name: str
    domain: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What the form starts with. Without a fitting account, perhaps a name for a new one."""

    name: str
    account: AccountHint | None
    new_account_name: str | None


def suggest(
    display_name: str, key: str, *, company: str | None, accounts: Sequence[AccountHint]
) -> Suggestion:
    """Fill the form for the address, whose company's domain is `company` (see `company_domain`).

    >>> alpha = AccountHint(AccountId(1), "Alpha Traders", "alpha.example")
    >>> suggest("Ward, Lee", "lee@mail.alpha.example", company="alpha.example", accounts=[alpha])
    Suggestion(name='Lee Ward', account=AccountHint(account_id=1, name='Alpha Traders', \
domain='alpha.example'), new_account_name=None)
    >>> suggest("", "lee.ward@beta-tools.example", company="beta-tools.example", accounts=[alpha])
    Suggestion(name='Lee Ward', account=None, new_account_name='Beta Tools')
    """
    name = name_from(display_name, key)
    if company is None:
        return Suggestion(name, None, None)
    fitting = next((one for one in accounts if _company(one.domain) == company), None)
    if fitting is not None:
        return Suggestion(name, fitting, None)
    return Suggestion(name, None, _titled(company.partition(".")[0]) or None)


def company_domain(key: str, team: Team) -> str | None:
    """The domain by which to look for the account; none for free mail, ourselves and functions.

    >>> company_domain("lee@mail.alpha.example", Team())
    'alpha.example'
    >>> company_domain("lee@gmail.com", Team()) is None
    True
    """
    domain = domain_of(key)
    if team.owns(key) or is_role_address(key) or not is_company_domain(domain):
        return None
    return _company(domain)


def name_from(display_name: str, key: str) -> str:
    """A name from the sender's display name, else from the address.

    >>> name_from('"Lee Ward (Alpha)"', "lw@alpha.example"), name_from("", "lee.ward+x@a.example")
    ('Lee Ward', 'Lee Ward')
    """
    shown = display_name[:MAX_SHOWN_NAME]
    name = clean_name(_VIA.sub("", _BRACKETS.sub(" ", shown))).strip(" \"'")
    if not name or "@" in name:
        return _titled(key.partition("@")[0].partition("+")[0]) or key
    last, comma, first = name.partition(",")
    swapped = comma and first.strip() and "," not in first
    return f"{first.strip()} {last.strip()}" if swapped else name


def _company(domain: str) -> str:
    """The registered part: where no rule of the public suffix list fits, its last two labels."""
    return registrable_domain(domain) or ".".join(domain.split(".")[-2:])


def _titled(text: str) -> str:
    """Words with a capital each, without digits: "lee.ward2" becomes "Lee Ward"."""
    return " ".join(word[0].upper() + word[1:] for word in _WORDS.findall(text.replace("_", " ")))
