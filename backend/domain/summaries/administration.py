"""What a workspace and its members chose, as it is shown and changed."""

from dataclasses import dataclass
from datetime import datetime

from backend.domain.ids import ConversationId
from backend.domain.policies import Policy
from backend.domain.sending.windows import SendingWindow
from backend.domain.summaries.mailbox import MailboxSummary
from backend.domain.summaries.people import MemberLine


@dataclass(frozen=True, kw_only=True)
class SettingView:
    """One setting with the value in force. `by` and `at` say who moved it off its default.

    `said` is the value as a sentence. `later` says what is missing before it has any effect.
    """

    name: str
    label: str
    value: str
    default: str
    options: tuple[tuple[str, str], ...]
    several: bool
    changeable: bool
    said: str
    later: str = ""
    by: str | None = None
    at: datetime | None = None

    @property
    def changed(self) -> bool:
        """Whether it differs from what Rapport ships."""
        return self.value != self.default


@dataclass(frozen=True, kw_only=True)
class PolicyView:
    """One disagreement with its settings in force, and its place on the page."""

    policy: Policy
    area: str
    settings: tuple[SettingView, ...]

    @property
    def later(self) -> bool:
        """Whether none of its settings has an effect yet."""
        return all(setting.later for setting in self.settings)


@dataclass(frozen=True, kw_only=True)
class AliasLine:
    """A further address of a mailbox, and what proved that it is; `own` where its owner said so."""

    address: str
    source: str
    proven_at: datetime
    own: bool = False


@dataclass(frozen=True, kw_only=True)
class EmailSettingsView:
    """A member's own sending: limits, windows, copies, signature, and the mailbox behind them.

    `effective_daily` is the limit in force after caps; `reachable` is what the windows and the
    hourly limit let leave in a day.
    """

    mailbox: MailboxSummary | None
    daily_limit: int
    hourly_limit: int
    effective_daily: int
    reachable: int
    most_files_mb: int
    left_today: int
    left_this_hour: int
    windows: tuple[SendingWindow, ...]
    time_zone: str
    always_bcc: str
    undo_seconds: int
    signature_html: str
    aliases: tuple[AliasLine, ...]


@dataclass(frozen=True, kw_only=True)
class NeverLogLine:
    """One entry of the never-log list. `mine` entries bind only the reader's mailbox."""

    id: int
    kind: str
    value: str
    mine: bool
    added_by: str | None
    added_at: datetime


@dataclass(frozen=True, kw_only=True)
class CoveredMail:
    """A stored mail that a never-log entry covers. `subject` is None where it is not shared."""

    conversation_id: ConversationId
    subject: str | None
    sender: str
    sent_at: datetime


@dataclass(frozen=True, kw_only=True)
class NeverLogReach:
    """What an entry would have kept out in the last `days`: how many mails the reader may know of,
    and the newest of them. `partial`: only the newest mail was looked at.
    """

    line: NeverLogLine
    days: int
    number: int
    newest: tuple[CoveredMail, ...]
    partial: bool


@dataclass(frozen=True, kw_only=True)
class InvitationLine:
    """Somebody who was asked to join: waiting, past its time, or declined by them."""

    id: int
    email: str
    name: str
    role: str
    by: str
    at: datetime
    expires_at: datetime
    declined: bool
    expired: bool


@dataclass(frozen=True, kw_only=True)
class DomainLine:
    """A domain of the workspace's own. Only a proven one can be open to its people."""

    domain: str
    proven_at: datetime | None
    proven_by: str
    open_since: datetime | None


@dataclass(frozen=True, kw_only=True)
class TeamView:
    """The people of the workspace, who is asked to join, and the domains that are its own."""

    workspace_name: str
    members: tuple[MemberLine, ...]
    invitations: tuple[InvitationLine, ...]
    domains: tuple[DomainLine, ...]


@dataclass(frozen=True, kw_only=True)
class GmailSwitch:
    """Whether Gmail is on for the workspace, since when and by whom."""

    enabled_at: datetime | None
    enabled_by: str | None
    mailboxes: tuple[MailboxSummary, ...]
    without: tuple[MemberLine, ...]


@dataclass(frozen=True, kw_only=True)
class UnsubscribeOffer:
    """Whether mail offers to unsubscribe, since when and by whom, and the words of the offer."""

    on_at: datetime | None
    on_by: str | None
    prefix: str
    link_text: str
