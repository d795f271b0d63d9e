"""Shared by all tables: predictable constraint names, aware times, and the tenant column.

`Tenant` tables carry `workspace_id` and are closed by row-level security (see the migrations); a
table without it belongs to the installation, and a house test keeps the list of those short. A
reference between tenant tables is written as usual, `ForeignKey("accounts.id")`, and carries the
workspace all the same (`carry_workspace`): no row can refer to a row of another tenant, whatever
code wrote it.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, TypeVar

from sqlalchemy import (
    BigInteger,
    DateTime,
    Dialect,
    ForeignKey,
    ForeignKeyConstraint,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from backend.domain.capture.blocklist import EntryKind
from backend.domain.capture.rule import Rule
from backend.domain.capture.smart_bcc import AddressKind, MailState, Road
from backend.domain.customers.lists import ListState
from backend.domain.ids import (
    AccountId,
    ContactId,
    ConversationId,
    CustomerListId,
    ImportRunId,
    MailboxId,
    MemberId,
    MessageId,
    PendingId,
    TaskId,
    WorkspaceId,
)
from backend.domain.mail.kinds import MailKind
from backend.domain.people.invitations import Ending
from backend.domain.people.roles import Role
from backend.domain.people.visibility import Visibility
from backend.domain.policies import Capture, FromName, MailboxKind, MatchField, ReplyQuote
from backend.domain.reasons import Reason
from backend.domain.sending.delivery_report import Outcome
from backend.domain.sending.pending import PendingState
from backend.domain.sending.rule import SendKind, Urgency
from backend.domain.sending.suppression import SuppressionCause
from backend.domain.setup.checks import CheckState
from backend.domain.setup.evidence import Seen
from backend.domain.summaries.mailbox import MailboxState
from backend.domain.sync.polling import PollReason
from backend.domain.writing.unsubscribing import Offer

E = TypeVar("E", bound=StrEnum)

NAMES = {
    "ix": "ix_%(table_name)s__%(column_0_N_name)s",
    "uq": "uq_%(table_name)s__%(column_0_N_name)s",
    "ck": "ck_%(table_name)s__%(constraint_name)s",
    "fk": "fk_%(table_name)s__%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class EnumText(TypeDecorator[E]):
    """A `StrEnum` as text: rows hold its members, the database their values.

    A value that is no member, in a query or in a row, raises ValueError: nothing may be stored that
    a reader does not know.
    """

    impl = Text
    cache_ok = True

    def __init__(self, kind: type[E]) -> None:
        super().__init__()
        self.kind = kind

    def process_bind_param(self, value: E | str | None, dialect: Dialect) -> str | None:
        """The value of a member, or of the member that has this value."""
        del dialect
        return None if value is None else self.kind(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> E | None:
        """The member with this value."""
        del dialect
        return None if value is None else self.kind(value)


ENUMS: tuple[type[StrEnum], ...] = (
    *(AddressKind, Capture, CheckState, EntryKind, Ending, FromName, ListState, MailKind),
    *(MailboxKind, MailboxState, MailState, MatchField, Offer, Outcome, Road),
    *(PendingState, PollReason, Reason, ReplyQuote, Role, Rule, SendKind, SuppressionCause),
    *(Seen, Urgency, Visibility),
)
"""Every enumeration that a column holds."""
IDS = (
    *(AccountId, ContactId, ConversationId, CustomerListId, ImportRunId, MailboxId, MemberId),
    *(MessageId, TaskId, WorkspaceId),
)


class Base(DeclarativeBase):
    """The declarative base. Every time is aware and in UTC; every integer key has 64 bits;
    enumerations and ids are typed in rows, and text and numbers in the database.
    """

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: DateTime(timezone=True),
        int: BigInteger,
        **dict.fromkeys(IDS, BigInteger),
        PendingId: Uuid(),
        **{kind: EnumText(kind) for kind in ENUMS},
    }


class Tenant:
    """A table whose rows belong to one workspace and are invisible to every other."""

    workspace_id: Mapped[WorkspaceId] = mapped_column(
        ForeignKey("workspaces.id", ondelete="CASCADE")
    )


WORKSPACE = "workspace_id"


def carry_workspace(metadata: MetaData) -> None:
    """Make every reference between tenant tables include the workspace."""
    between = [
        (table, constraint)
        for table in metadata.tables.values()
        for constraint in table.foreign_key_constraints
        if WORKSPACE in table.columns and WORKSPACE in constraint.referred_table.columns
    ]
    for parent in {constraint.referred_table for _, constraint in between}:
        parent.append_constraint(UniqueConstraint(WORKSPACE, "id"))
    for table, constraint in between:
        _widen(table, constraint)


def _widen(table: Table, narrow: ForeignKeyConstraint) -> None:
    (reference,) = narrow.elements
    column, parent = reference.parent, narrow.referred_table.name
    # ON DELETE SET NULL clears the reference alone, never the workspace.
    emptied = narrow.ondelete == "SET NULL"
    table.constraints.discard(narrow)
    table.foreign_keys.discard(reference)
    column.foreign_keys.discard(reference)
    table.append_constraint(
        ForeignKeyConstraint(
            [WORKSPACE, column.name],
            [f"{parent}.{WORKSPACE}", f"{parent}.id"],
            ondelete=f"SET NULL ({column.name})" if emptied else narrow.ondelete,
        )
    )
