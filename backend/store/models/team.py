"""Members of a workspace, invitations, and sending windows."""

from datetime import datetime, time

from sqlalchemy import ForeignKey, Index, SmallInteger, Text, Time, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from backend.domain.ids import MemberId
from backend.domain.people.invitations import Ending
from backend.domain.people.roles import Role
from backend.store.models.base import Base, Tenant


class TeamMember(Tenant, Base):
    """A person who signs in. `google_sub` is the identity; the address may be renamed.

    `entered_at` is when they last chose this workspace, at sign-in or in the menu. `claimed_by` is
    another Google account that came with their address, until an admin has decided about it.
    `panel_used_at` is when the side panel last drew a card for them, to within ten minutes, and
    `panel_scopes` what they have allowed it.
    """

    __tablename__ = "team_members"
    __table_args__ = (
        Index(
            "uq_team_members__address",
            "workspace_id",
            "email_key",
            unique=True,
            postgresql_where=text("address_ended_at IS NULL"),
        ),
        Index("ix_team_members__google_sub", "google_sub"),
        Index("ix_team_members__email_key", "email_key"),
    )

    id: Mapped[MemberId] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(Text)
    email_key: Mapped[str] = mapped_column(Text)
    google_sub: Mapped[str | None] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    role: Mapped[Role]
    time_zone: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text, server_default="")
    signature_html: Mapped[str] = mapped_column(Text, server_default="")
    daily_limit: Mapped[int] = mapped_column(SmallInteger, server_default="250")
    hourly_limit: Mapped[int] = mapped_column(SmallInteger, server_default="60")
    always_bcc: Mapped[str | None] = mapped_column(Text)
    undo_seconds: Mapped[int] = mapped_column(SmallInteger, server_default="10")
    created_at: Mapped[datetime]
    deactivated_at: Mapped[datetime | None]
    entered_at: Mapped[datetime | None]
    panel_used_at: Mapped[datetime | None]
    panel_scopes: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    claimed_by: Mapped[str | None] = mapped_column(Text)
    claimed_at: Mapped[datetime | None]
    address_ended_at: Mapped[datetime | None]


class Invitation(Tenant, Base):
    """An invited address. Nobody becomes a member before they accept.

    `ended_how` is accepted, declined or revoked. At most one per address is open in a workspace.
    """

    __tablename__ = "invitations"
    __table_args__ = (
        Index(
            "uq_invitations__waiting",
            "workspace_id",
            "email_key",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_invitations__email_key", "email_key", postgresql_where=text("ended_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(Text)
    email_key: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text, server_default="")
    role: Mapped[Role]
    time_zone: Mapped[str] = mapped_column(Text)
    invited_by: Mapped[MemberId]
    invited_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_how: Mapped[Ending | None]


class HandedOver(Tenant, Base):
    """Something a leaving member owned, by its id, and the colleague who got it, if any. `kind`
    says what it is (`store/handing_over`).
    """

    __tablename__ = "handed_over"

    member_id: Mapped[MemberId] = mapped_column(
        ForeignKey("team_members.id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[str] = mapped_column(Text, primary_key=True)
    item: Mapped[str] = mapped_column(Text, primary_key=True)
    heir_id: Mapped[MemberId | None]


class SendingWindowRow(Tenant, Base):
    """One window of a member: ISO weekdays, civil start and end, in the member's zone."""

    __tablename__ = "sending_windows"
    __table_args__ = (Index("ix_sending_windows__member_id", "workspace_id", "member_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[MemberId] = mapped_column(ForeignKey("team_members.id", ondelete="CASCADE"))
    days: Mapped[list[int]] = mapped_column(ARRAY(SmallInteger))
    starts: Mapped[time] = mapped_column(Time)
    ends: Mapped[time] = mapped_column(Time)
