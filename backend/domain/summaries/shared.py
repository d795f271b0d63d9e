"""Shared mailboxes, their templates, and the addresses a member may write from, as shown."""

from dataclasses import dataclass
from datetime import datetime

from backend.domain.ids import MailboxId, MemberId
from backend.domain.policies import Capture
from backend.domain.summaries.mailbox import MailboxSummary
from backend.domain.summaries.people import MemberLine


@dataclass(frozen=True, kw_only=True)
class SharedMailbox:
    """A shared mailbox with its settings. An empty `from_name` is the workspace's choice."""

    summary: MailboxSummary
    users: tuple[MemberLine, ...]
    from_name: str
    capture: Capture
    template_id: int | None
    template: str

    @property
    def user_ids(self) -> frozenset[MemberId]:
        """Who may write from it, by id."""
        return frozenset(one.id for one in self.users)


@dataclass(frozen=True, kw_only=True)
class TemplateLine:
    """A branded template: as written, and as mail carries it."""

    id: int
    name: str
    source: str
    html: str
    saved_at: datetime
    used_by: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class SenderChoice:
    """An address to write from; `note` says what recipients see instead of it."""

    id: MailboxId
    name: str
    address: str
    note: str

    @property
    def label(self) -> str:
        """The choice in a list: "Lumen Support <support@lumen.example>"."""
        return f"{self.name} <{self.address}>"

    @property
    def option(self) -> tuple[MailboxId, str]:
        """The same with its value."""
        return self.id, self.label


@dataclass(frozen=True, kw_only=True)
class SenderChoices:
    """The addresses to choose from, and the one chosen at first."""

    choices: tuple[SenderChoice, ...]
    default: MailboxId | None

    @property
    def notes(self) -> str:
        """What recipients see, of each address that shows another name or address than its own."""
        return " ".join(f"{one.address}: {one.note}" for one in self.choices if one.note)
