"""What was tested of a workspace's set-up, and what an admin has confirmed by hand."""

from datetime import datetime

from sqlalchemy import ForeignKey, SmallInteger, Text
from sqlalchemy.orm import Mapped, mapped_column

from backend.domain.ids import MemberId, WorkspaceId
from backend.domain.setup.checks import CheckState
from backend.store.models.base import Base, Tenant


class SetupFinding(Tenant, Base):
    """The last result of one test, in words."""

    __tablename__ = "setup_findings"

    workspace_id: Mapped[WorkspaceId] = mapped_column(
        ForeignKey("workspaces.id", ondelete="CASCADE"), primary_key=True
    )
    key: Mapped[str] = mapped_column(Text, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    state: Mapped[CheckState]
    sentence: Mapped[str] = mapped_column(Text)
    advice: Mapped[str] = mapped_column(Text)
    found_at: Mapped[datetime]


class SetupConfirmation(Tenant, Base):
    """A step that an admin has checked at Google, and the value that was shown there and then."""

    __tablename__ = "setup_confirmations"

    workspace_id: Mapped[WorkspaceId] = mapped_column(
        ForeignKey("workspaces.id", ondelete="CASCADE"), primary_key=True
    )
    key: Mapped[str] = mapped_column(Text, primary_key=True)
    value: Mapped[str] = mapped_column(Text)
    made_by: Mapped[MemberId] = mapped_column(ForeignKey("team_members.id", ondelete="CASCADE"))
    made_at: Mapped[datetime]


class SetupRun(Tenant, Base):
    """The last run of the tests, with its progress. One for each workspace."""

    __tablename__ = "setup_runs"

    workspace_id: Mapped[WorkspaceId] = mapped_column(
        ForeignKey("workspaces.id", ondelete="CASCADE"), primary_key=True
    )
    asked_by: Mapped[MemberId] = mapped_column(ForeignKey("team_members.id", ondelete="CASCADE"))
    asked_at: Mapped[datetime]
    steps_done: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    steps: Mapped[int] = mapped_column(SmallInteger, server_default="1")
    finished_at: Mapped[datetime | None]
