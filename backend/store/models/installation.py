"""Tables of the installation, outside any workspace: sign-in state, sessions, set-up codes,
schedule, heartbeats.

They hold hashes of secrets, never the secrets, and nothing of any customer.
"""

from datetime import date, datetime

from sqlalchemy import Index, LargeBinary, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from backend.domain.ids import MemberId, WorkspaceId
from backend.domain.setup.evidence import Seen
from backend.store.models.base import Base


class WebSession(Base):
    """A signed-in browser. The cookie's value is random; only its hash is stored."""

    __tablename__ = "web_sessions"
    __table_args__ = (
        Index("ix_web_sessions__expires_at", "expires_at"),
        Index("ix_web_sessions__who", text("(data -> 'who'::text)")),
    )

    token_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    data: Mapped[dict[str, object]] = mapped_column(JSONB)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class OAuthAttempt(Base):
    """An OAuth attempt: its state works once, for ten minutes, for one person.

    `wanted` is the address to connect; `sealed_grant` waits for its confirmation.
    """

    __tablename__ = "oauth_attempts"

    state_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    purpose: Mapped[str] = mapped_column(Text)
    workspace_id: Mapped[WorkspaceId | None]
    member_id: Mapped[MemberId | None]
    sealed_verifier: Mapped[bytes] = mapped_column(LargeBinary)
    nonce: Mapped[str] = mapped_column(Text)
    wanted: Mapped[str | None] = mapped_column(Text)
    sealed_grant: Mapped[bytes | None] = mapped_column(LargeBinary)
    return_to: Mapped[str] = mapped_column(Text)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class ConsentCount(Base):
    """How often OAuth attempts ended like this on a day, and when last. 0 means nobody known."""

    __tablename__ = "consent_counts"

    day: Mapped[date] = mapped_column(primary_key=True)
    workspace_id: Mapped[WorkspaceId] = mapped_column(primary_key=True, autoincrement=False)
    member_id: Mapped[MemberId] = mapped_column(primary_key=True, autoincrement=False)
    purpose: Mapped[str] = mapped_column(Text, primary_key=True)
    outcome: Mapped[str] = mapped_column(Text, primary_key=True)
    seen: Mapped[int]
    last_at: Mapped[datetime]


class SetupCode(Base):
    """A code that opens the first-run page of an empty installation: once, for a day, the newest
    only.
    """

    __tablename__ = "setup_codes"

    code_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    replaced_at: Mapped[datetime | None]


class ScheduleEntry(Base):
    """When a periodic job last began, so that several schedulers run it once."""

    __tablename__ = "schedule_runs"

    name: Mapped[str] = mapped_column(Text, primary_key=True)
    started_at: Mapped[datetime]


class Heartbeat(Base):
    """The last heartbeat of a worker or scheduler. `clock_ahead` is in seconds: how far its
    machine's clock is ahead of the database's.
    """

    __tablename__ = "heartbeats"

    name: Mapped[str] = mapped_column(Text, primary_key=True)
    role: Mapped[str] = mapped_column(Text)
    beaten_at: Mapped[datetime]
    clock_ahead: Mapped[float] = mapped_column(server_default="0")


class Evidence(Base):
    """The last request of a kind that Google signed (`domain/setup/evidence`): one that was
    answered, or one that was refused because of `what`, with what was `given`.
    """

    __tablename__ = "evidence"

    kind: Mapped[Seen] = mapped_column(primary_key=True)
    what: Mapped[str] = mapped_column(Text, server_default="")
    given: Mapped[str] = mapped_column(Text, server_default="")
    seen_at: Mapped[datetime]


class InstallationKey(Base):
    """A key that the installation made for itself, sealed with its secret keys; `hash` is the key
    of the keyed hashes.
    """

    __tablename__ = "installation_keys"

    purpose: Mapped[str] = mapped_column(Text, primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
