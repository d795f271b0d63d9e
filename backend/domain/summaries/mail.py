"""Conversations and messages, limited to what the reader may see."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from backend.domain.ids import AccountId, ContactId, ConversationId, MessageId
from backend.domain.mail.kinds import MailKind
from backend.domain.summaries.pending import PendingLine
from backend.domain.summaries.people import AccountLine, ContactSummary


@dataclass(frozen=True, kw_only=True)
class LogSummary:
    """Whether a message is in the timeline, and through whom.

    `sentence` is complete: "By Kim Doyle, through her mailbox". `at` is None when not logged.
    """

    logged: bool
    sentence: str
    at: datetime | None = None
    by_name: str | None = None
    by_me: bool = False
    via: str | None = None
    may_log: bool = False
    may_undo: bool = False


SAID: Mapping[MailKind, str] = {
    MailKind.BOUNCE: "Mail came back",
    MailKind.COMPLAINT: "Reported as spam",
    MailKind.AUTO_REPLY: "Automatic answer",
}


def last_said(*, outgoing: bool, kind: MailKind) -> str:
    """Who had the last word in a conversation. What a mail system reports is nobody's answer.

    >>> last_said(outgoing=False, kind=MailKind.BOUNCE)
    'Mail came back'
    """
    return "We wrote last" if outgoing else SAID.get(kind, "They wrote last")


@dataclass(frozen=True, kw_only=True)
class ConversationLine:
    """One conversation in a list. `private` replaces subject and people when not readable."""

    id: ConversationId
    subject: str
    people: str
    accounts: tuple[AccountLine, ...]
    main_contact: str | None
    last_message_at: datetime
    message_count: int
    last_was_outgoing: bool
    last_said: str
    private: str | None = None


@dataclass(frozen=True, kw_only=True)
class AttachmentLine:
    """A file on a message. Sizes are bytes. `opens` where a browser can show it and run nothing;
    `what` says what it is, where hardly a program knows.
    """

    part_id: str
    filename: str
    content_type: str
    size: int
    opens: bool = False
    what: str = ""


@dataclass(frozen=True, kw_only=True)
class FailureLine:
    """Somebody whom a message did not reach: a sentence without its full stop, and since when it is
    known. `passing` while it is still being tried.
    """

    sentence: str
    at: datetime
    passing: bool


@dataclass(frozen=True, kw_only=True)
class UndeliveredLine:
    """An address that mail did not reach, with whom it concerns: "Dana Reyes, Northwind"."""

    who: str
    sentence: str
    at: datetime
    complaint: bool
    contact_id: ContactId | None
    account_id: AccountId | None
    conversation_id: ConversationId | None


@dataclass(frozen=True, kw_only=True)
class ForwardedLine:
    """The mail inside a forwarded one, as its text claims: nobody proves who wrote it. `contact_id`
    is set when the address is a contact's.
    """

    name: str
    address: str
    subject: str
    date: str
    contact_id: ContactId | None


@dataclass(frozen=True, kw_only=True)
class MessageView:
    """One message of a conversation. Its body is fetched apart, into a sandboxed frame.

    `answers_to` is set where Reply-To names somebody else than the sender, `answers_outside` where
    that leads away from the company. `whereabouts` says that it was put away in Gmail, and
    `left_out` how many letters of the original are not in `reply_text`.
    """

    id: MessageId
    sender: str
    sender_address: str
    to: str
    cc: str
    sent_at: datetime
    outgoing: bool
    mail_kind: str
    snippet: str
    reply_text: str
    has_html: bool
    attachments: tuple[AttachmentLine, ...]
    log: LogSummary
    state_note: str | None = None
    failures: tuple[FailureLine, ...] = ()
    answers_to: str = ""
    answers_outside: str | None = None
    forwards: bool = True
    redacted: bool = False
    forwarded: ForwardedLine | None = None
    whereabouts: str = ""
    left_out: int = 0


@dataclass(frozen=True, kw_only=True)
class TakenOut:
    """A message that somebody took out of the timeline: that it was there, not what it says."""

    id: MessageId
    sender: str
    sent_at: datetime
    removed_at: datetime
    sentence: str
    may_put_back: bool


@dataclass(frozen=True, kw_only=True)
class ChangeLine:
    """A split or merge by hand: a sentence without its full stop, when, and the other conversation,
    where it still has mail. `id` undoes it.
    """

    id: int
    sentence: str
    at: datetime
    leads_to: ConversationId | None


@dataclass(frozen=True, kw_only=True)
class ListedUnder:
    """Why a conversation is listed under an account: "jon@adatum.example is in Cc" (VC-104)."""

    account: AccountLine
    because: str


@dataclass(frozen=True)
class ReplyAll:
    """To and Cc of an answer to all, as field texts."""

    to: str
    cc: str


@dataclass(frozen=True, kw_only=True)
class ConversationView:
    """A conversation opened. `readable_by` says who can read it, and through which rule (N6);
    `kept_back` mails of it are in no mailbox of the reader and private to those who have them;
    `colleagues` are the team members on its mail, whether or not their mailbox is connected.
    """

    line: ConversationLine
    listed_under: tuple[ListedUnder, ...]
    contacts: tuple[ContactSummary, ...]
    messages: tuple[MessageView, ...]
    pending: tuple[PendingLine, ...]
    readable_by: str
    followed: bool
    reply_block: str | None
    reply_to: str
    reply_all: ReplyAll | None = None
    has_earlier: bool = False
    taken_out: tuple[TakenOut, ...] = ()
    kept_back: int = 0
    reply_warning: str | None = None
    changes: tuple[ChangeLine, ...] = ()
    colleagues: tuple[str, ...] = ()
