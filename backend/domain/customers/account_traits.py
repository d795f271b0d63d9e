"""Traits of accounts: a workspace's own attributes beyond those of every account.

An admin names them. One of them may be chosen to hold the mail domains by which mail is matched
(D-18, S-18); the account's own mail domain serves as well, and needs no trait.
"""

import re
from collections.abc import Mapping

from backend.domain.mail.domains import company_domains, domain_in
from backend.errors import InputError

DOMAIN = "Domain"
"""The name of the account's own mail domain where a trait may be named."""

LONGEST_NAME = 60
LONGEST_VALUE = 500
"""Characters of a trait's name, and of its value for one account."""

TAKEN = frozenset({"off", "domain"})
_BETWEEN = re.compile(r"[\s,;]+")


def trait_name(text: str, taken: frozenset[str]) -> str:
    """A name for a new trait. `taken` has those of other columns in lower case. Raises InputError.

    >>> trait_name(" Web  domain ", frozenset())
    'Web domain'
    """
    name = " ".join(text.replace("\x00", "").split())
    if not name:
        raise _wrong("Enter a name for the trait.")
    if len(name) > LONGEST_NAME:
        raise _wrong(f"The name has {len(name)} characters. Shorten it to {LONGEST_NAME}.")
    if name.lower() in TAKEN | taken:
        raise _wrong(f"Every account has “{name}” already. Choose another name.")
    return name


def domains_in(value: str) -> tuple[str, ...]:
    """The mail domains that a value names, for matching; parts that name no company are left out.

    >>> domains_in("https://alpha.example, alpha.de; gmail.com co.uk")
    ('alpha.example', 'alpha.de')
    """
    found = (domain_in(part) for part in _BETWEEN.split(value[:LONGEST_VALUE]) if part)
    return tuple(dict.fromkeys(key for key in found if key and key in company_domains(key)))


def nameless(value: str) -> str | None:
    """The first part of a value that names no company's mail domain, or None.

    >>> nameless("alpha.example, gmail.com"), nameless("alpha.example")
    ('gmail.com', None)
    """
    parts = (part for part in _BETWEEN.split(value[:LONGEST_VALUE]) if part)
    return next((part for part in parts if not domains_in(part)), None)


def _wrong(sentence: str) -> InputError:
    return InputError(sentence, {"name": sentence})


BY_DOMAIN = "match.by_domain"
"""The policy whose values are names that the workspace gave: those of its traits."""


def choosable(names: Mapping[str, int]) -> Mapping[str, str]:
    """The values of the policy that names the domains' trait, each with its sentence."""
    own = {DOMAIN: "Accounts match by their own mail domain, no matter who writes from it."}
    return own | {name: f"Accounts match by the domains in their trait “{name}”." for name in names}
