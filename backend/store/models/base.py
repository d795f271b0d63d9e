"""What all tables share: predictable constraint names, aware times, and the tenant column.

`Tenant` tables carry `workspace_id` and are closed by row-level security (see the migrations); a
table without it belongs to the installation, and a house test keeps the list of those short.
A reference from one tenant's table to another is written as usual, `ForeignKey("accounts.id")`, and
carries the workspace all the same (`carry_workspace`): no row can hang on a row of another tenant,
whatever wrote it.
"""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import (
    BigInteger,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    MetaData,
    Table,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

NAMES = {
    "ix": "ix_%(table_name)s__%(column_0_N_name)s",
    "uq": "uq_%(table_name)s__%(column_0_N_name)s",
    "ck": "ck_%(table_name)s__%(constraint_name)s",
    "fk": "fk_%(table_name)s__%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """The declarative base. Every time is aware and in UTC; every integer key is 64 bits wide."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: DateTime(timezone=True),
        int: BigInteger,
    }


class Tenant:
    """A table whose rows belong to one workspace and are invisible to every other."""

    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"))


WORKSPACE = "workspace_id"


def carry_workspace(metadata: MetaData) -> None:
    """Make every reference between two tenants' tables name the workspace beside the row."""
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
    # What is emptied when the other row goes is the reference alone, never the workspace.
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
