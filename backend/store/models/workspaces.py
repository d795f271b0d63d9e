"""The tenant: a workspace, its internal domains, and its policies."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from backend.domain.ids import MemberId, WorkspaceId
from backend.domain.writing.unsubscribing import LINK_TEXT, PREFIX
from backend.store.models.base import Base, Tenant


class Workspace(Base):
    """Our tenant. Google's is always called "Google Workspace"."""

    __tablename__ = "workspaces"

    id: Mapped[WorkspaceId] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
    gmail_enabled_at: Mapped[datetime | None]
    gmail_enabled_by: Mapped[MemberId | None]
    unsubscribes_on_at: Mapped[datetime | None]
    unsubscribes_on_by: Mapped[MemberId | None]
    unsubscribe_prefix: Mapped[str] = mapped_column(Text, server_default=PREFIX)
    unsubscribe_link_text: Mapped[str] = mapped_column(Text, server_default=LINK_TEXT)


class InternalDomain(Tenant, Base):
    """A domain whose addresses are the workspace's own people: mail among them is never logged.

    `proven_at` says since when an admin's Google account proves it. Only then can it be
    `open_since`: from then on its people may join without an invitation.
    """

    __tablename__ = "internal_domains"
    __table_args__ = (Index("ix_internal_domains__domain", "domain"),)

    workspace_id: Mapped[WorkspaceId] = mapped_column(
        ForeignKey("workspaces.id", ondelete="CASCADE"), primary_key=True
    )
    domain: Mapped[str] = mapped_column(Text, primary_key=True)
    proven_at: Mapped[datetime | None]
    proven_by: Mapped[MemberId | None]
    open_since: Mapped[datetime | None]


class PolicyChoice(Tenant, Base):
    """A policy setting that differs from its default (see `domain/policies`)."""

    __tablename__ = "policies"

    workspace_id: Mapped[WorkspaceId] = mapped_column(
        ForeignKey("workspaces.id", ondelete="CASCADE"), primary_key=True
    )
    name: Mapped[str] = mapped_column(Text, primary_key=True)
    value: Mapped[str] = mapped_column(Text)
    changed_by: Mapped[MemberId | None]
    changed_at: Mapped[datetime]
