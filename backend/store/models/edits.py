"""Edits of accounts and contacts by hand, recorded so that they can be undone."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from backend.domain.ids import AccountId, ContactId, MemberId
from backend.store.models.base import Base, Tenant


class RecordEdit(Tenant, Base):
    """One edit of an account or contact. `changed` maps each field to its text before and after."""

    __tablename__ = "record_edits"
    __table_args__ = (
        Index("ix_record_edits__account_id", "workspace_id", "account_id", text("id DESC")),
        Index("ix_record_edits__contact_id", "workspace_id", "contact_id", text("id DESC")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[AccountId | None] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE")
    )
    contact_id: Mapped[ContactId | None] = mapped_column(
        ForeignKey("contacts.id", ondelete="CASCADE")
    )
    changed: Mapped[dict[str, list[str]]] = mapped_column(JSONB)
    made_by: Mapped[MemberId]
    made_at: Mapped[datetime]
    undone_by: Mapped[MemberId | None]
    undone_at: Mapped[datetime | None]
