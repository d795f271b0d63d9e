"""The admin's road as one page: what works, what only a person can check, what is left to do."""

from dataclasses import dataclass
from datetime import datetime

from backend.domain.setup.by_hand import HandStep
from backend.domain.setup.checks import Check, CheckState
from backend.domain.summaries.first_steps import FirstSteps


@dataclass(frozen=True, kw_only=True)
class GoogleClient:
    """An OAuth client that Google Admin has to let in, with exactly what it asks for."""

    key: str
    name: str
    client_id: str
    scopes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class GoogleSide:
    """What has to be entered at Google for this installation. `manifest` is deployment.json;
    `support_email` is who helps.
    """

    clients: tuple[GoogleClient, ...]
    redirects: tuple[str, ...]
    addon_scopes: tuple[str, ...]
    manifest: str
    support_email: str | None = None

    @property
    def has_addon(self) -> bool:
        """Whether the add-on's own client is known."""
        return any(one.key.startswith("addon") for one in self.clients)

    @property
    def scopes(self) -> tuple[str, ...]:
        """Every scope that any client asks for."""
        return tuple(dict.fromkeys(scope for one in self.clients for scope in one.scopes))

    @property
    def client_ids(self) -> tuple[str, ...]:
        """The ids that ask for anything."""
        return tuple(dict.fromkeys(one.client_id for one in self.clients if one.scopes))


@dataclass(frozen=True, kw_only=True)
class CheckGroup:
    """Checks under one heading."""

    title: str
    checks: tuple[Check, ...]


@dataclass(frozen=True, kw_only=True)
class ChecksRun:
    """The last run of the tests."""

    asked_at: datetime
    done: int
    steps: int
    is_running: bool


@dataclass(frozen=True, kw_only=True)
class SetupSummary:
    """The page. `left` are members who left for Google and have not come back."""

    groups: tuple[CheckGroup, ...]
    by_hand: tuple[HandStep, ...]
    workspace: FirstSteps
    run: ChecksRun | None
    left: frozenset[int]

    @property
    def states(self) -> tuple[CheckState, ...]:
        """The state of every step, for the bar."""
        workspace = (
            self.workspace.gmail_on,
            self.workspace.has_customers,
            self.workspace.me_connected,
            bool(self.workspace.colleagues or self.workspace.asked),
        )
        return (
            *(one.state for group in self.groups for one in group.checks),
            *(one.state for one in self.by_hand),
            *(CheckState.WORKS if done else CheckState.UNSEEN for done in workspace),
        )

    @property
    def done(self) -> int:
        """How many steps work."""
        return self.states.count(CheckState.WORKS)

    @property
    def steps(self) -> int:
        """How many steps there are."""
        return len(self.states)
