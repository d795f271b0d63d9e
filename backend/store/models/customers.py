"""Customers: accounts, contacts, and the addresses and memberships of a contact.

`last_interaction_at` and `last_reply_at` are kept here as well as on the messages, because lists
are filtered and sorted by them. An address may belong to several contacts (D-6).

Under row-level security an index serves only leakproof comparisons. lower() and coalesce() are not
leakproof: so names are stored in lower case as well, and a missing time is sorted last by CASE.
"""

from datetime import date, datetime

from sqlalchemy import Computed, ForeignKey, Index, SmallInteger, Text, false, func, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.domain.ids import AccountId, ContactId, MemberId
from backend.domain.people.name_keys import SQL_FIRST, SQL_LAST
from backend.store.models.base import Base, Tenant

# Lines are broken where Postgres breaks them, or the schema would seem to differ.
BY_INTERACTION, BY_REPLY, BY_UNSUBSCRIBING = (
    (
        "workspace_id",
        text(f"(\nCASE\nWHEN {at} IS NULL THEN '-infinity'\nELSE {at}\nEND) DESC"),
        text("id DESC"),
    )
    for at in ("last_interaction_at", "last_reply_at", "unsubscribed_at")
)


class Account(Tenant, Base):
    """A customer company. `domain` is its mail domain, matched by equality; `owner_id` the member
    who owns the account. An archived one is out of the lists and still gets its mail.
    """

    __tablename__ = "accounts"
    __table_args__ = (
        Index("ix_accounts__name", "workspace_id", "name_key", "id"),
        Index(
            "ix_accounts__name_prefix",
            "workspace_id",
            "name_key",
            postgresql_ops={"name_key": "text_pattern_ops"},
        ),
        Index(
            "ix_accounts__first_key",
            "workspace_id",
            "first_key",
            postgresql_ops={"first_key": "text_pattern_ops"},
        ),
        Index(
            "ix_accounts__domain",
            "workspace_id",
            "domain",
            postgresql_ops={"domain": "text_pattern_ops"},
        ),
        Index("ix_accounts__plan", "workspace_id", "plan"),
        Index("ix_accounts__csm", "workspace_id", "csm_id"),
        Index("ix_accounts__ae", "workspace_id", "ae_id"),
        Index("ix_accounts__owner_id", "workspace_id", "owner_id"),
        Index("ix_accounts__last_interaction", *BY_INTERACTION),
        Index("ix_accounts__last_reply", *BY_REPLY),
    )

    id: Mapped[AccountId] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    name_key: Mapped[str] = mapped_column(Text, Computed("lower(name)", persisted=True))
    first_key: Mapped[str] = mapped_column(Text, Computed(SQL_FIRST, persisted=True))
    domain: Mapped[str | None] = mapped_column(Text)
    csm_id: Mapped[MemberId | None] = mapped_column(
        ForeignKey("team_members.id", ondelete="SET NULL")
    )
    ae_id: Mapped[MemberId | None] = mapped_column(
        ForeignKey("team_members.id", ondelete="SET NULL")
    )
    owner_id: Mapped[ContactId | None] = mapped_column(
        ForeignKey("contacts.id", ondelete="SET NULL")
    )
    plan: Mapped[str | None] = mapped_column(Text)
    health: Mapped[int | None] = mapped_column(SmallInteger)
    health_reason: Mapped[str | None] = mapped_column(Text)
    renews_on: Mapped[date | None]
    archived_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    last_interaction_at: Mapped[datetime | None]
    last_reply_at: Mapped[datetime | None]


class AccountTrait(Tenant, Base):
    """A trait of accounts, defined by the workspace."""

    __tablename__ = "account_traits"
    __table_args__ = (Index("uq_account_traits__name", "workspace_id", "name_key", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    name_key: Mapped[str] = mapped_column(Text, Computed("lower(name)", persisted=True))
    created_at: Mapped[datetime]
    created_by: Mapped[MemberId | None]


class AccountTraitValue(Tenant, Base):
    """A trait's value for one account."""

    __tablename__ = "account_trait_values"
    __table_args__ = (Index("ix_account_trait_values__account_id", "workspace_id", "account_id"),)

    trait_id: Mapped[int] = mapped_column(
        ForeignKey("account_traits.id", ondelete="CASCADE"), primary_key=True
    )
    account_id: Mapped[AccountId] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True
    )
    value: Mapped[str] = mapped_column(Text)
    set_at: Mapped[datetime]


class AccountTraitDomain(Tenant, Base):
    """A mail domain in a trait's value for an account, matched by equality (D-18)."""

    __tablename__ = "account_trait_domains"
    __table_args__ = (Index("ix_account_trait_domains__domain", "workspace_id", "domain"),)

    trait_id: Mapped[int] = mapped_column(
        ForeignKey("account_traits.id", ondelete="CASCADE"), primary_key=True
    )
    account_id: Mapped[AccountId] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True
    )
    domain: Mapped[str] = mapped_column(Text, primary_key=True)


class Contact(Tenant, Base):
    """A known person at a customer. `unsubscribed_at` follows their suppressions by a trigger."""

    __tablename__ = "contacts"
    __table_args__ = (
        Index("ix_contacts__name", "workspace_id", "name_key", "id"),
        *(
            Index(
                f"ix_contacts__{key}",
                "workspace_id",
                key,
                postgresql_ops={key: "text_pattern_ops"},
            )
            for key in ("first_key", "last_key")
        ),
        Index("ix_contacts__last_interaction", *BY_INTERACTION),
        Index("ix_contacts__last_reply", *BY_REPLY),
        Index("ix_contacts__unsubscribed", *BY_UNSUBSCRIBING),
        Index("ix_contacts__assigned_to", "workspace_id", "assigned_to"),
    )

    id: Mapped[ContactId] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    name_key: Mapped[str] = mapped_column(Text, Computed("lower(name)", persisted=True))
    first_key: Mapped[str] = mapped_column(Text, Computed(SQL_FIRST, persisted=True))
    last_key: Mapped[str] = mapped_column(Text, Computed(SQL_LAST, persisted=True))
    title: Mapped[str | None] = mapped_column(Text)
    phone: Mapped[str | None] = mapped_column(Text)
    is_admin: Mapped[bool] = mapped_column(server_default=false())
    last_login_on: Mapped[date | None]
    archived_at: Mapped[datetime | None]
    assigned_to: Mapped[MemberId | None] = mapped_column(
        ForeignKey("team_members.id", ondelete="SET NULL")
    )
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    created_by: Mapped[MemberId | None]
    created_via: Mapped[str] = mapped_column(Text)
    last_interaction_at: Mapped[datetime | None]
    last_reply_at: Mapped[datetime | None]
    unsubscribed_at: Mapped[datetime | None]


class ContactAddress(Tenant, Base):
    """One address of a contact. `key` is the identity key; `address` is what is written to.

    Where several contacts share it, the one preferred last is shown beside its mail.
    """

    __tablename__ = "contact_addresses"
    __table_args__ = (
        Index("ix_contact_addresses__key", "workspace_id", "key"),
        Index(
            "ix_contact_addresses__key_prefix",
            "workspace_id",
            "key",
            postgresql_ops={"key": "text_pattern_ops"},
        ),
    )

    contact_id: Mapped[ContactId] = mapped_column(
        ForeignKey("contacts.id", ondelete="CASCADE"), primary_key=True
    )
    key: Mapped[str] = mapped_column(Text, primary_key=True)
    address: Mapped[str] = mapped_column(Text)
    is_primary: Mapped[bool]
    preferred_at: Mapped[datetime | None]


class AccountContact(Tenant, Base):
    """A contact's membership of an account. A contact may belong to several."""

    __tablename__ = "account_contacts"
    __table_args__ = (Index("ix_account_contacts__contact_id", "workspace_id", "contact_id"),)

    account_id: Mapped[AccountId] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True
    )
    contact_id: Mapped[ContactId] = mapped_column(
        ForeignKey("contacts.id", ondelete="CASCADE"), primary_key=True
    )
    since: Mapped[datetime] = mapped_column(server_default=func.now())
    role: Mapped[str | None] = mapped_column(Text)
