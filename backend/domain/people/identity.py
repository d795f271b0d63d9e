"""A person's Google identity, before their workspace is known."""

from dataclasses import dataclass

from backend.domain.mail.address import address_key, domain_of
from backend.domain.mail.domains import domain_key


@dataclass(frozen=True, kw_only=True)
class Identity:
    """A Google account with its verified address. `sub` stays; the address may change.

    `hosted_domain` is the company's domain when a company runs the account (the claim `hd`).
    """

    sub: str
    email: str
    name: str = ""
    hosted_domain: str = ""

    @property
    def email_key(self) -> str:
        """The address's key for comparison."""
        return address_key(self.email)

    @property
    def stands_for(self) -> frozenset[str]:
        """The domains this account proves to be its company's. A private account proves none, not
        even with an address there: it continues after its owner has left the company.

        >>> sorted(Identity(sub="1", email="a@b.example", hosted_domain="c.example").stands_for)
        ['b.example', 'c.example']
        >>> Identity(sub="1", email="a@b.example").stands_for
        frozenset()
        """
        hosted = domain_key(self.hosted_domain)
        return frozenset({hosted, domain_of(self.email_key)} - {""}) if hosted else frozenset()
