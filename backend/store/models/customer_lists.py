"""Uploaded customer lists, and the journal of each batch, for the undo."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, SmallInteger, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from backend.domain.customers.lists import ListState
from backend.domain.ids import CustomerListId, MemberId
from backend.store.models.base import Base, Tenant


class CustomerList(Tenant, Base):
    """One list. `columns` has each column's name and samples, and `chosen` its meaning.
    `through_line` is the last line written; `rows_done` counts lines of the current step. `data` is
    the file, while it is kept; `kept` names what an undo left.
    """

    __tablename__ = "customer_lists"
    __table_args__ = (Index("ix_customer_lists__recent", "workspace_id", text("id DESC")),)

    id: Mapped[CustomerListId] = mapped_column(primary_key=True)
    state: Mapped[ListState]
    file_name: Mapped[str] = mapped_column(Text)
    data: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    product: Mapped[str] = mapped_column(Text)
    encoding: Mapped[str] = mapped_column(Text)
    separator: Mapped[str] = mapped_column(Text)
    columns: Mapped[list[dict[str, object]]] = mapped_column(JSONB)
    chosen: Mapped[list[str]] = mapped_column(JSONB)
    rows: Mapped[int]
    rows_done: Mapped[int] = mapped_column(server_default="0")
    through_line: Mapped[int] = mapped_column(server_default="0")
    counts: Mapped[dict[str, int]] = mapped_column(JSONB, server_default="{}")
    findings: Mapped[list[dict[str, object]]] = mapped_column(JSONB, server_default="[]")
    written: Mapped[dict[str, int]] = mapped_column(JSONB, server_default="{}")
    kept: Mapped[list[dict[str, object]]] = mapped_column(JSONB, server_default="[]")
    trouble: Mapped[str | None] = mapped_column(Text)
    tries: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    uploaded_by: Mapped[MemberId | None] = mapped_column(
        ForeignKey("team_members.id", ondelete="SET NULL")
    )
    uploaded_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    undone_by: Mapped[MemberId | None]
    undone_at: Mapped[datetime | None]
    lease_owner: Mapped[str | None] = mapped_column(Text)
    lease_until: Mapped[datetime | None]


class CustomerListBatch(Tenant, Base):
    """The journal of one batch of a list (`store/list_journal.Journal`)."""

    __tablename__ = "customer_list_batches"

    list_id: Mapped[CustomerListId] = mapped_column(
        ForeignKey("customer_lists.id", ondelete="CASCADE"), primary_key=True
    )
    through_line: Mapped[int] = mapped_column(primary_key=True)
    rows: Mapped[int]
    journal: Mapped[dict[str, object]] = mapped_column(JSONB)
