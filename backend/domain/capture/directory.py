"""The contacts and accounts behind the addresses of a batch, looked up once for matching.

The store builds it with one query for all addresses. A contact missing at that moment does not
exist for the message (V-22, S-44).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from backend.domain.ids import AccountId, ContactId, MemberId


@dataclass(frozen=True, slots=True)
class KnownContact:
    """A contact behind an address, with the accounts it belongs to and the member it is assigned
    to.
    """

    contact_id: ContactId
    created_at: datetime
    accounts: tuple[AccountId, ...] = ()
    assigned_to: MemberId | None = None

    @property
    def id(self) -> int:
        """The tie-breaker between two contacts created at the same moment."""
        return self.contact_id


@dataclass(frozen=True, slots=True)
class KnownAccount:
    """An account behind a mail domain."""

    account_id: AccountId
    created_at: datetime

    @property
    def id(self) -> int:
        """See KnownContact."""
        return self.account_id


@dataclass(frozen=True, slots=True)
class Directory:
    """Contacts by address key; accounts by the domain in the trait that D-18 names, else empty.

    The caller leaves free-mail domains out of `accounts`: one customer does not own them.
    """

    contacts: Mapping[str, Sequence[KnownContact]] = field(default_factory=dict)
    accounts: Mapping[str, Sequence[KnownAccount]] = field(default_factory=dict)

    def is_assigned(self, key: str, member: MemberId) -> bool:
        """Whether a contact behind the address is assigned to the member (D-19)."""
        return any(known.assigned_to == member for known in self.contacts.get(key, ()))
