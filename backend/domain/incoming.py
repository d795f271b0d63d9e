"""One incoming message: what it says, what is known about it, and the outcome.

Import, live sync, audit, a click and the card beside an open email all use this shape, so they
cannot ask the capture rule with different facts.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from backend.domain.capture.directory import Directory
from backend.domain.capture.list_sender import through_own_list, writer_behind
from backend.domain.capture.participants import People
from backend.domain.capture.rule import (
    Asked,
    CaptureRules,
    Follow,
    Keep,
    MessageFacts,
    Quarantine,
    Rule,
    Skip,
    Weight,
    author_of,
)
from backend.domain.capture.smart_bcc import without_capture_addresses
from backend.domain.identity import apart, identity_of, unlogged_key
from backend.domain.ids import (
    ConversationId,
    MailboxId,
    MemberId,
    MessageId,
    PendingId,
    WorkspaceId,
)
from backend.domain.mail.envelope import Envelope, envelope_of
from backend.domain.mail.kinds import MailKind, classify
from backend.domain.mail.labels import Label, is_outgoing
from backend.domain.mail.message import FetchedMessage
from backend.domain.mail.replies.text import own_text
from backend.domain.mail.subjects import may_be_same
from backend.domain.people.team import Team
from backend.domain.policies import MatchField
from backend.domain.sending.delivery_report import LeftMail, Report, read_report, which_left
from backend.domain.sending.pending import pending_id_of
from backend.domain.summaries.log_state import VIA_CLICK, VIA_SMART_BCC, VIA_SYNC
from backend.domain.threads.ties import Party, Ties, ties_of

NO_MAILBOX = MailboxId(0)
"""No row has this id: a member whose mailbox is not known yet."""

NO_TIES = Ties(None, (), Party())
Decision = Keep | Skip | Quarantine


@dataclass(frozen=True, kw_only=True)
class Where:
    """Which mailbox mail comes from, by which path (import, live, audit, click, card), and when.

    `hashed` is the workspace's keyed hash. `asked` is what a person requests for these messages,
    `member` is that person; for a card `member` only looks, and nothing is stored.
    `answered_elsewhere` are the threads that another workspace answers from the same Gmail account,
    None where no other one has it. Addresses of `capture_domain` are for Smart BCC.
    """

    workspace_id: WorkspaceId
    mailbox_id: MailboxId
    path: str
    now: datetime
    hashed: Callable[[str], bytes]
    asked: Asked = Asked.NOTHING
    member: MemberId | None = None
    answered_elsewhere: frozenset[str] | None = None
    capture_domain: str = ""

    @property
    def clicked(self) -> bool:
        """Whether a person asked for these messages."""
        return self.asked in {Asked.LOG, Asked.LOG_ANYWAY}

    @property
    def via(self) -> str:
        """How kept messages enter the timeline."""
        if self.asked is Asked.SMART_BCC:
            return VIA_SMART_BCC
        return VIA_CLICK if self.clicked else VIA_SYNC


@dataclass(kw_only=True, eq=False)
class Incoming:
    """A fetched message. It gains its decision; when kept, what it is filed by; and when filed, its
    place.

    `identity` is its content key across mailboxes; `rfc_hash` the keyed hash of its Message-ID,
    under which a decision knows it; `unlogged_hashes` those under which it is remembered once it
    was taken out for good. `reports_on` is the Message-ID of our message that it reports on,
    `reported_identity` that message's identity where it is stored: verified, not only claimed.
    `stops_changed`: its batch changed which addresses are suppressed.
    """

    fetched: FetchedMessage
    kind: MailKind
    envelope: Envelope
    report: Report | None
    identity: bytes
    rfc_hash: bytes | None
    unlogged_hashes: frozenset[bytes]

    decision: Decision = field(init=False)
    outgoing: bool = False
    ties: Ties = NO_TIES
    reply_text: str = ""
    reports_on: str | None = None
    reported_identity: bytes | None = None

    filed: bool = False
    new: bool = False
    message_id: MessageId = field(init=False)
    conversation_id: ConversationId = field(init=False)
    stops_changed: bool = False

    @property
    def gmail_id(self) -> str:
        """Gmail's id of the mailbox's copy."""
        return self.fetched.gmail_id

    @property
    def identities(self) -> tuple[bytes, bytes]:
        """Those under which it may be stored: alone, or beside another with the first one."""
        return self.identity, apart(self.identity, self.fetched.parsed.subject)

    @property
    def sent_at(self) -> datetime:
        """When Gmail received it."""
        return self.fetched.internal_date

    @property
    def send_id(self) -> PendingId | None:
        """Our own id in the mail's header, when it is a readable one."""
        return pending_id_of(self.fetched.parsed.send_id)

    @property
    def left(self) -> bool:
        """Whether the mailbox sent it. A From header proves nothing."""
        return Label.SENT in self.fetched.label_ids

    @property
    def cites(self) -> tuple[str, ...]:
        """The Message-IDs that it cites."""
        parsed = self.fetched.parsed
        return (*parsed.references, *parsed.in_reply_to)

    @property
    def addresses(self) -> frozenset[str]:
        """The keys of everybody on it, and of the author that a list hides."""
        writer = writer_behind(self.fetched.parsed)
        return frozenset({key for _, key in self.envelope} | ({writer.key} if writer else set()))

    @property
    def thread_id(self) -> str | None:
        """Gmail's thread; None for a report: one thread may hold reports on several messages."""
        return None if self.reports_on else self.fetched.thread_id

    @property
    def keys(self) -> tuple[str, ...]:
        """The Message-IDs it may be tied by; for a report, that of the message it is about."""
        own = (self.ties.own,) if self.ties.own else ()
        return (*own, *((self.reports_on,) if self.reports_on else self.ties.cited))

    @property
    def people(self) -> People:
        """Everybody known on it, once it is kept."""
        return self.decision.people if isinstance(self.decision, Keep) else People()

    @property
    def human(self) -> bool:
        """Whether it counts as a person's. Machine mail never counts as a reply."""
        return isinstance(self.decision, Keep) and self.decision.weight is not Weight.MACHINE

    @property
    def is_answer(self) -> bool:
        """Whether a known person wrote it."""
        return isinstance(self.decision, Keep) and self.decision.weight is Weight.ANSWER


@dataclass(frozen=True, kw_only=True)
class CaptureFacts:
    """What is known around the messages of a batch.

    `sends` are ids of our own pending mail. What a report may be about: `reported` has messages
    that left one of our mailboxes, by Message-ID, and `reported_sends` pending mail that was
    posted, with its Message-ID where that is known. `awaited` says that a report on mail of this
    batch came before it and was left out; `failing` are writers whose address failed. `threads` and
    `cited`, ids of mails that are here, lead to conversations that somebody follows. A person took
    `removed` messages out, subjects by identity, and others for good, of which only `unlogged`
    hashes are left. `earlier` has the decisions on clicked messages, by Gmail id.
    """

    rules: CaptureRules
    directory: Directory
    sends: frozenset[UUID]
    reported: Mapping[str, Sequence[LeftMail]]
    reported_sends: Mapping[UUID, str | None]
    awaited: bool
    failing: frozenset[str]
    threads: frozenset[str]
    cited: frozenset[str]
    removed: Mapping[bytes, str]
    unlogged: frozenset[bytes]
    earlier: Mapping[str, Mapping[str, str | int]]


def read_incoming(where: Where, fetched: FetchedMessage) -> Incoming:
    """Read what a message says, before any look-up. Bound its CPU time: the text is foreign."""
    parsed = without_capture_addresses(fetched.parsed, where.capture_domain)
    fetched = replace(fetched, parsed=parsed)
    identity = identity_of(parsed)
    if identity is None:  # without a Message-ID only Gmail's own id tells two mails apart
        identity = f"{where.mailbox_id}/{fetched.gmail_id}".encode()
    kind, rfc_id = classify(parsed), parsed.message_id
    mail = Incoming(
        fetched=fetched,
        kind=kind,
        envelope=envelope_of(parsed),
        report=read_report(parsed, kind),
        identity=identity,
        rfc_hash=where.hashed(rfc_id) if rfc_id else None,
        unlogged_hashes=frozenset(),
    )
    keys = (unlogged_key(one, parsed.subject) for one in mail.identities)
    mail.unlogged_hashes = frozenset(map(where.hashed, keys))
    return mail


def tell_apart(mails: Sequence[Incoming], subjects: Mapping[bytes, str]) -> bool:
    """Give each message that only bears the Message-ID, sender and date of another an identity of
    its own: broken mailers repeat all three. Whether there was one. `subjects` are the known ones.
    """
    said = dict(subjects)
    found = False
    for one in mails:
        subject = one.fetched.parsed.subject
        if not may_be_same(said.setdefault(one.identity, subject), subject):
            one.identity = apart(one.identity, subject)
            found = True
    return found


def read_as_written(mail: Incoming, team: Team) -> None:
    """Restore mail that came through a list of ours to what its author sent."""
    parsed = through_own_list(mail.fetched.parsed, team)
    if parsed is mail.fetched.parsed:
        return
    mail.fetched = replace(mail.fetched, parsed=parsed)
    mail.kind, mail.envelope = classify(parsed), envelope_of(parsed)
    mail.report = read_report(parsed, mail.kind)


def message_facts(where: Where, mail: Incoming, facts: CaptureFacts) -> MessageFacts:
    """The capture rule's input for one message."""
    send_id = mail.send_id
    follows = mail.fetched.thread_id in facts.threads or not facts.cited.isdisjoint(mail.cites)
    asked = (
        Asked.TAKE_OUT if was_removed(mail, facts) and where.asked is Asked.NOTHING else where.asked
    )
    return MessageFacts(
        envelope=mail.envelope,
        subject=mail.fetched.parsed.subject,
        directory=facts.directory,
        labels=mail.fetched.label_ids,
        author=author_of(mail.kind),
        send_id=send_id if send_id in facts.sends else None,
        is_report=mail.report is not None,
        reports_on=reported_message(mail, facts),
        answered_elsewhere=is_answered_elsewhere(where, mail, facts),
        follow=Follow.REPLIES if follows else Follow.NO,
        asked=asked,
    )


def is_answered_elsewhere(where: Where, mail: Incoming, facts: CaptureFacts) -> bool:
    """Whether it left this Gmail account in a thread that another workspace answers, or bears the
    send id of one.
    """
    threads = where.answered_elsewhere
    if threads is None or "SENT" not in mail.fetched.label_ids:
        return False
    foreign = mail.send_id is not None and mail.send_id not in facts.sends
    return foreign or mail.fetched.thread_id in threads


def was_removed(mail: Incoming, facts: CaptureFacts) -> bool:
    """Whether a person took the message out, after it was stored or before."""
    stored = [facts.removed[one] for one in mail.identities if one in facts.removed]
    return any(may_be_same(one, mail.fetched.parsed.subject) for one in stored) or (
        not facts.unlogged.isdisjoint(mail.unlogged_hashes)
    )


def reported_message(mail: Incoming, facts: CaptureFacts) -> MessageId | PendingId | None:
    """Our message that it reports on, if known: by its send id, else by its Message-ID."""
    report = mail.report
    if report is None:
        return None
    if report.send_id in facts.reported_sends:
        return report.send_id
    found = which_left(report, facts.reported.get(report.message_id or "", ()))
    return found.id if found else None


def prepare_filing(mail: Incoming, facts: CaptureFacts) -> None:
    """What a kept message is filed by. Bound its computing time: the text is foreign."""
    parsed, team = mail.fetched.parsed, facts.rules.team
    sender = parsed.sender.key if parsed.sender else ""
    mail.outgoing = is_outgoing(mail.fetched.label_ids, sender_is_ours=team.owns(sender))
    mail.ties = ties_of(parsed, mail.envelope, mail.people.contacts, team)
    mail.reply_text = own_text(parsed)
    if isinstance(mail.decision, Keep) and mail.decision.rule is Rule.BOUNCE:
        mail.reports_on = _reported_id(mail.report, facts)
        mail.reported_identity = _reported_identity(mail.report, facts)


def left_out_under(mail: Incoming, team: Team) -> Sequence[str]:
    """What a message is found again by, once it was left out: the people on it, but not whom only
    answers go to, whose later contact would not bring it in either; and the mail it reports on.
    """
    on_it = {key for field, key in mail.envelope if field is not MatchField.REPLY_TO}
    reported = mail.report.message_id if mail.report else None
    return (
        *sorted(key for key in on_it if not team.owns(key)),
        *([report_key(reported)] if reported else ()),
    )


def report_key(rfc_id: str | None) -> str:
    """What a report that was left out is found by once the mail it is about has come: an import
    reads the newest mail first. Like the people on it, only as a keyed hash.
    """
    return f"report on {rfc_id}"


def _reported_id(report: Report | None, facts: CaptureFacts) -> str | None:
    """The Message-ID of the reported mail, which leads to its conversation."""
    if report is None:
        return None
    known = facts.reported_sends.get(report.send_id) if report.send_id else None
    return known or report.message_id


def _reported_identity(report: Report | None, facts: CaptureFacts) -> bytes | None:
    """Which of several messages with that Message-ID the report is about."""
    mails = facts.reported.get(report.message_id or "", ()) if report else ()
    found = which_left(report, mails) if report else None
    return found.identity if found else None
