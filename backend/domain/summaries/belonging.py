"""Where a person belongs and where they are asked to, as it is shown at sign-in and in the menu."""

from dataclasses import dataclass
from datetime import datetime

from backend.domain.ids import WorkspaceId


@dataclass(frozen=True, kw_only=True)
class Membership:
    """A workspace one may enter. `has_panel` says that Gmail's side panel works in it, which is
    where one's own Gmail is connected (`has_mailbox`), else the workspace entered last.
    """

    workspace_id: WorkspaceId
    name: str
    role: str
    has_panel: bool
    has_mailbox: bool


@dataclass(frozen=True, kw_only=True)
class Offer:
    """A workspace one may join: by an invitation sent `by` somebody, or by one's `domain`.

    `id` is the invitation's, or the workspace's for a domain.
    """

    id: int
    name: str
    role: str
    by: str = ""
    at: datetime | None = None
    domain: str = ""


@dataclass(frozen=True, kw_only=True)
class Belonging:
    """Everything one may enter or join, the workspace entered last first."""

    memberships: tuple[Membership, ...]
    invitations: tuple[Offer, ...]
    doors: tuple[Offer, ...]

    @property
    def only(self) -> Membership | None:
        """The one place to go to, when there is nothing to choose."""
        alone = len(self.memberships) == 1 and not self.invitations
        return self.memberships[0] if alone else None

    @property
    def anywhere(self) -> bool:
        """Whether there is any place to go to."""
        return bool(self.memberships or self.invitations or self.doors)
