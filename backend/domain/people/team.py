"""Which addresses are the workspace's own: its people, shared mailboxes, groups and domains.

"Internal mail", "who of us is on it" and "did we write it" must agree. Own addresses are the only
ones for which spelling variants count as one: a stranger's dots and tags are his own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from backend.domain.ids import MemberId
from backend.domain.mail.address import domain_of, folded, is_free_mail
from backend.domain.mail.envelope import Envelope


@dataclass(frozen=True)
class Team:
    """Own addresses. `members` holds every proven address of a member, aliases included; `shared`
    the addresses of shared mailboxes and groups; `domains` what the workspace listed, one by one.
    """

    members: Mapping[str, MemberId] = field(default_factory=dict)
    shared: frozenset[str] = frozenset()
    domains: frozenset[str] = frozenset()

    def member(self, key: str) -> MemberId | None:
        """The team member behind an address, in any of its spellings.

        >>> team = Team(members={"kim.doyle@gmail.com": MemberId(7)})
        >>> team.member("kimdoyle+crm@googlemail.com")
        7
        """
        found = self.members.get(key)
        return self._spellings.get(self._spelling(key)) if found is None else found

    def owns(self, key: str) -> bool:
        """Whether an address is the workspace's own.

        A subdomain counts only when it is listed. At a free-mail domain a neighbour is a stranger,
        so there only the exact addresses count, whatever was listed.

        >>> team = Team(domains=frozenset({"ours.example", "gmail.com"}))
        >>> [team.owns(key) for key in ("a@ours.example", "a@notours.example", "a@gmail.com")]
        [True, False, False]
        """
        return (
            self._is_internal(domain_of(key)) or key in self.shared or self.member(key) is not None
        )

    def wrote_alone(self, envelope: Envelope) -> bool:
        """Whether a message never left the team: a readable sender and nobody on it but us."""
        return envelope.sender is not None and all(self.owns(key) for _, key in envelope)

    def _is_internal(self, domain: str) -> bool:
        return domain in self.domains and not is_free_mail(domain)

    @cached_property
    def _spellings(self) -> Mapping[str, MemberId]:
        return {self._spelling(key): member for key, member in self.members.items()}

    def _spelling(self, key: str) -> str:
        """One spelling for all variants that reach the same person: Gmail's dots and tags, our own
        tags.
        """
        local, _, domain = key.rpartition("@")
        if self._is_internal(domain):
            return f"{local.partition('+')[0]}@{domain}"
        return folded(key)


def own_domain(key: str) -> str | None:
    """The domain that becomes internal by itself when a workspace's first mailbox is connected
    (S-12).

    >>> own_domain("kim@ours.example")
    'ours.example'
    >>> own_domain("kim@gmail.com") is None
    True
    """
    domain = domain_of(key)
    return None if is_free_mail(domain) else domain
