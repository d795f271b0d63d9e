"""Accounts, contacts and team members, as they are shown."""

from dataclasses import dataclass
from datetime import date, datetime

from backend.domain.ids import AccountId, ContactId, MemberId, PendingId


@dataclass(frozen=True, kw_only=True)
class MemberLine:
    """A team member by name. `deactivated` members keep their history; `claimed_at` is when
    another Google account came with their address, about which an admin has not decided yet.
    """

    id: MemberId
    name: str
    email: str
    role: str
    deactivated: bool = False
    claimed_at: datetime | None = None
    address_ended: bool = False

    @property
    def id_and_name(self) -> tuple[int, str]:
        """The member as a choice."""
        return self.id, self.name


@dataclass(frozen=True, kw_only=True)
class AccountLine:
    """An account by name, for links and choices."""

    id: AccountId
    name: str


@dataclass(frozen=True, kw_only=True)
class ContactLine:
    """A contact by name, for links and choices."""

    id: ContactId
    name: str


@dataclass(frozen=True, kw_only=True)
class TraitLine:
    """What a trait says of one account; nothing where the value is empty. `matches` says that mail
    is matched by it.
    """

    id: int
    name: str
    value: str
    matches: bool


@dataclass(frozen=True, kw_only=True)
class TraitView:
    """A trait of the workspace, and of how many accounts it says something."""

    id: int
    name: str
    accounts: int
    matches: bool


@dataclass(frozen=True, kw_only=True)
class AddressLine:
    """One address of a contact. Only the primary one is written to.

    `failure` says why the last mail to it did not get through, and `failed_at` when. `stop` is why
    no mail may go there, if so, and `stop_id` what lifts it.
    """

    address: str
    primary: bool
    failure: str | None = None
    failed_at: datetime | None = None
    stop: str | None = None
    stop_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class StopLine:
    """An address that no mail goes to, or that was freed again. No `address` after an erasure, nor
    where only its hash was ever kept. `because` is a sentence without its full stop, and `mail_id`
    the mail by whose link somebody unsubscribed.
    """

    id: int
    address: str | None
    contact_id: ContactId | None
    contact_name: str | None
    cause: str
    since: datetime
    because: str | None
    mail_id: PendingId | None
    by_hand: bool
    lifted_at: datetime | None
    lifted_by: str | None
    may_lift: bool


@dataclass(frozen=True, kw_only=True)
class ContactSummary:
    """A contact. `write_block` says why no mail may go there ("Unsubscribed 2 Oct"), if so."""

    id: ContactId
    name: str
    title: str | None
    addresses: tuple[AddressLine, ...]
    accounts: tuple[AccountLine, ...]
    created_at: datetime
    created_via: str
    last_interaction_at: datetime | None = None
    last_reply_at: datetime | None = None
    write_block: str | None = None
    assigned_to: MemberLine | None = None
    phone: str | None = None
    is_admin: bool = False
    last_login_on: date | None = None
    archived_at: datetime | None = None

    @property
    def address(self) -> str:
        """The address that is written to, or the first one, or nothing."""
        primary = [line.address for line in self.addresses if line.primary]
        every = primary or [line.address for line in self.addresses]
        return every[0] if every else ""

    @property
    def failing(self) -> AddressLine | None:
        """The address that is written to, when the last mail to it did not get through, and nobody
        has heard from them since.
        """
        heard = None if self.write_block else self.last_reply_at
        return next(
            (
                line
                for line in self.addresses
                if line.address == self.address and line.failed_at is not None
                if heard is None or heard < line.failed_at
            ),
            None,
        )


@dataclass(frozen=True, kw_only=True)
class EarlierMail:
    """Mail with a contact from before they were one. `offer` is what the button says; `mailboxes`
    has addresses of ours with a number each.
    """

    offer: str
    mailboxes: tuple[tuple[str, int], ...]
    oldest_at: datetime | None
    newest_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class AccountSummary:
    """An account with its people on our side, and its owner on theirs. `health` runs from 0 to
    100.
    """

    id: AccountId
    name: str
    domain: str | None
    csm: MemberLine | None
    ae: MemberLine | None
    plan: str | None
    health: int | None
    renews_on: date | None
    contact_count: int
    last_interaction_at: datetime | None
    last_reply_at: datetime | None
    owner: ContactLine | None = None
    health_reason: str | None = None
    archived_at: datetime | None = None
