"""Everyone known on a message: contacts, accounts and team members, and the conversation's owner.

A message that is kept for another reason than matching (a click, a followed thread) has people on
it just the same. All of them are associated, whichever decides (V-17 … V-19).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from backend.domain.capture.directory import Directory, KnownAccount, KnownContact
from backend.domain.capture.match_policy import MatchPolicy
from backend.domain.ids import AccountId, ContactId, MemberId
from backend.domain.mail.address import domain_of
from backend.domain.mail.envelope import Envelope, domain_and_parents
from backend.domain.people.team import Team
from backend.domain.policies import MatchField, MultiMatch, ThreadOwner

K = TypeVar("K", KnownContact, KnownAccount)
ADDRESSED = frozenset({MatchField.FROM, MatchField.TO, MatchField.REPLY_TO})
"""The fields of author and recipients; a copy is neither."""


@dataclass(frozen=True, slots=True)
class ContactOn:
    """A contact found on a message, by which address and in which field."""

    contact_id: ContactId
    field: MatchField
    address: str


@dataclass(frozen=True, slots=True)
class AccountOn:
    """An account the message is listed under, and the address that put it there (VC-104)."""

    account_id: AccountId
    field: MatchField
    address: str


@dataclass(frozen=True, slots=True)
class MemberOn:
    """A team member found on a message."""

    member_id: MemberId
    field: MatchField
    address: str


@dataclass(frozen=True, slots=True)
class People:
    """All of them, in the order From, To, Cc, Bcc, Reply-To.

    `contacts` has one entry for each contact and address; accounts and members appear once each.
    `owner` is meant for a new conversation: one that exists keeps the owner it has (H-50).
    """

    contacts: tuple[ContactOn, ...] = ()
    accounts: tuple[AccountOn, ...] = ()
    members: tuple[MemberOn, ...] = ()
    owner: ContactId | None = None

    @property
    def knows_sender(self) -> bool:
        """Whether a contact, or a person of a known account, wrote the message."""
        return any(
            one.field is MatchField.FROM
            for known in (self.contacts, self.accounts)
            for one in known
        )

    @property
    def touched(self) -> tuple[AccountOn, ...]:
        """The accounts that the message is an interaction with. One that only got a copy was not
        written to, except when no other account is on the message.
        """
        if len({one.address for one in self.accounts}) < 2:
            return self.accounts
        return tuple(one for one in self.accounts if one.field in ADDRESSED)


def people_on(
    envelope: Envelope, directory: Directory, *, team: Team, policy: MatchPolicy
) -> People:
    """Find everyone. Our own addresses are never contacts, even when a contact lists one.

    With matching by domain, mail is attached to accounts instead of contacts (S-16).
    """
    foreign = [(field, key) for field, key in envelope if not team.owns(key)]
    found = (_by_domain if policy.by_domain else _by_address)(foreign, directory, policy)
    return replace(found, members=_members(envelope, team))


def _by_address(
    foreign: Sequence[tuple[MatchField, str]], directory: Directory, policy: MatchPolicy
) -> People:
    contacts: dict[tuple[ContactId, str], ContactOn] = {}
    accounts: dict[AccountId, AccountOn] = {}
    for field, key in foreign:
        for known in _chosen(directory.contacts.get(key, ()), policy.multi):
            contact = known.contact_id
            contacts.setdefault((contact, key), ContactOn(contact, field, key))
            for account in known.accounts:
                accounts.setdefault(account, AccountOn(account, field, key))
    owners = contacts.values() if policy.owner is ThreadOwner.FIRST_RECIPIENT else ()
    return People(
        contacts=tuple(contacts.values()),
        accounts=tuple(accounts.values()),
        owner=next((on.contact_id for on in owners), None),
    )


def _by_domain(
    foreign: Sequence[tuple[MatchField, str]], directory: Directory, policy: MatchPolicy
) -> People:
    accounts: dict[AccountId, AccountOn] = {}
    for field, key in foreign:
        for known in _chosen(_accounts_at(domain_of(key), directory), policy.multi):
            accounts.setdefault(known.account_id, AccountOn(known.account_id, field, key))
    return People(accounts=tuple(accounts.values()))


def _accounts_at(domain: str, directory: Directory) -> Sequence[KnownAccount]:
    """The accounts of the domain itself, or else of the nearest one above it."""
    candidates = (directory.accounts.get(name) for name in domain_and_parents(domain))
    return next((accounts for accounts in candidates if accounts), ())


def _chosen(known: Sequence[K], multi: MultiMatch) -> Sequence[K]:
    """Which of those behind one address count (D-6). Ties are settled by the id, the smaller
    first.
    """
    if multi is MultiMatch.ALL or not known:
        return known
    in_order = sorted(known, key=lambda one: (one.created_at, one.id))
    return in_order[:1] if multi is MultiMatch.FIRST_CREATED else in_order[-1:]


def _members(envelope: Envelope, team: Team) -> tuple[MemberOn, ...]:
    members: dict[MemberId, MemberOn] = {}
    for field, key in envelope:
        member = team.member(key)
        if member is not None:
            members.setdefault(member, MemberOn(member, field, key))
    return tuple(members.values())
