"""What the side panel shows for the open email: one of five cases, and the home card."""

from dataclasses import dataclass
from datetime import date, datetime

from backend.domain.capture.late_match import BringIn, LeaveOut, Offer
from backend.domain.ids import AccountId, ContactId, ConversationId
from backend.domain.summaries.mail import LogSummary
from backend.domain.summaries.mailbox import MailboxSummary
from backend.domain.summaries.pending import PendingLine, SendingOutlook
from backend.domain.summaries.people import (
    AccountLine,
    AccountSummary,
    ContactSummary,
    MemberLine,
)
from backend.domain.summaries.tasks import PanelTask
from backend.domain.summaries.timeline import InteractionLine


@dataclass(frozen=True, kw_only=True)
class FollowSummary:
    """Whether replies on this thread are logged. `by_sync`: the mailbox sync does it anyway."""

    on: bool
    by_sync: bool


@dataclass(frozen=True, kw_only=True)
class PersonLine:
    """One known person on the message, with the role ("From", "Cc") and whether they are the
    conversation's main contact (D-7).
    """

    contact_id: ContactId
    name: str
    account_name: str | None
    role: str
    main: bool


@dataclass(frozen=True, kw_only=True)
class DoubleLine:
    """C-4: one of several contacts who have the same address."""

    contact_id: ContactId
    name: str
    account_name: str | None


@dataclass(frozen=True, kw_only=True)
class KnownPerson:
    """C-2: somebody known is on the message.

    `doubles` are those who have the address of `contact`, who is one of them; `remembered` says
    that the team chose. `chosen` says that the reader asked for this person, `assigned_to_me` that
    the person is the reader's.
    """

    gmail_id: str
    contact: ContactSummary
    people: tuple[PersonLine, ...]
    account: AccountSummary | None
    log: LogSummary
    follow: FollowSummary
    readable_by: str
    private: str | None
    pending: tuple[PendingLine, ...]
    recent: tuple[InteractionLine, ...]
    conversation_id: ConversationId | None
    doubles: tuple[DoubleLine, ...] = ()
    remembered: bool = False
    chosen: bool = False
    assigned_to_me: bool = False
    tasks: tuple[PanelTask, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Inside:
    """Whose mail is forwarded, in a sentence; with name and address where they could be added."""

    sentence: str
    name: str = ""
    address: str = ""


@dataclass(frozen=True, kw_only=True)
class UnknownPerson:
    """C-3: nobody on the message is known. Nothing of it has been stored.

    `earlier` is what happens with mail that was left out before (D-5). `refusal` says why no
    contact can be made of this sender, if so; then there is no form.
    """

    gmail_id: str
    address: str
    name: str
    account: AccountLine | None
    new_account_name: str | None
    accounts: tuple[AccountLine, ...]
    earlier: LeaveOut | Offer | BringIn
    refusal: str | None
    forwarded: Inside | None = None


@dataclass(frozen=True, kw_only=True)
class InternalThread:
    """C-5: everyone is on the team. `forwarded` says whose mail one of them forwards, if any."""

    gmail_id: str
    sentence: str
    forwarded: Inside | None = None


@dataclass(frozen=True, kw_only=True)
class NeverLogged:
    """C-6: a never-log entry covers it, or it is no mail at all, as a draft."""

    gmail_id: str
    sentence: str
    may_log_anyway: bool
    title: str = "Never logged"
    subtitle: str = "The never-log list covers it"


MessagePanel = KnownPerson | UnknownPerson | InternalThread | NeverLogged


@dataclass(frozen=True, kw_only=True)
class TaskOffer:
    """C-9: the form of a task about the person on the open email. `members` may have it, the reader
    first.
    """

    person: KnownPerson
    title: str
    due_on: date
    members: tuple[MemberLine, ...]


@dataclass(frozen=True, kw_only=True)
class WaitingLine:
    """Something that waits for the rep: "No reply for 6 days", "Bounced"."""

    title: str
    who: str
    at: datetime
    account_id: AccountId | None = None
    conversation_id: ConversationId | None = None


@dataclass(frozen=True, kw_only=True)
class HomePanel:
    """C-1: the rep's day. `smart_bcc` is their own address, where there is one; `tasks` are overdue
    or due today.
    """

    greeting_name: str
    mailbox: MailboxSummary | None
    gmail_enabled: bool
    outlook: SendingOutlook | None
    leaving_today: int
    held: tuple[PendingLine, ...]
    waiting: tuple[WaitingLine, ...]
    smart_bcc: str = ""
    tasks: tuple[PanelTask, ...] = ()
