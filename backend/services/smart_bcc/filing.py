"""Files mail that came to Smart BCC addresses: parsed, judged by its sender, captured like all
mail.

Three short transactions: claim, read the bytes, settle; parsing happens between them. After a crash
another worker takes the mail once the claim ends. Filing is idempotent.
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from time import monotonic

import structlog
from sqlalchemy.orm import Session

from backend.cpu import within
from backend.deps import Deps
from backend.domain.capture.rule import Asked, Keep, Quarantine, Skip
from backend.domain.capture.sender_proof import Passes, is_aligned, passes_told
from backend.domain.capture.smart_bcc import (
    COPY,
    MailState,
    Road,
    without_capture_addresses,
)
from backend.domain.capture.smart_bcc_rule import (
    Arrival,
    File,
    Held,
    Hold,
    LeaveOut,
    judge,
)
from backend.domain.ids import MailboxId, MemberId, WorkspaceId
from backend.domain.incoming import CaptureFacts, Incoming, Where
from backend.domain.mail.forwards import read_forward
from backend.domain.mail.kinds import classify
from backend.domain.mail.message import FetchedMessage, NamedAddress, ParsedMessage
from backend.domain.mail.parse import parse_message
from backend.domain.people.actor import Actor
from backend.domain.people.team import Team
from backend.errors import Conflict, TooCostly
from backend.provider.dns_lookup import DnsUnavailable
from backend.provider.sender_checks import Claim, check_sender
from backend.services.capture import capturing
from backend.services.smart_bcc.people import create_contacts
from backend.store import contacts, inbound_mails, mailboxes, team
from backend.store.capture_facts import gather
from backend.store.inbound_mails import InboundRoad
from backend.store.models import CaptureAddress, InboundMail, TeamMember
from backend.store.workspace_rules import workspace_rules

log = structlog.get_logger(__name__)

BUDGET = 50.0
"""Seconds after which a job ends and leaves the rest to the next."""
READING = 0.5
"""Seconds of CPU time for one message."""
MOST_ATTEMPTS = 5
RETRY = timedelta(minutes=15)
"""Delay after a DNS failure: five attempts make an hour."""


@dataclass(frozen=True)
class Read:
    """A parsed message, and a trusted server's evidence about its sender, if any. Without `parsed`
    it is unreadable.
    """

    parsed: ParsedMessage | None
    passes: Passes | None


def file_inbound(deps: Deps, workspace_id: WorkspaceId) -> None:
    """File everything that waits in a workspace, within the time budget."""
    started = monotonic()
    with deps.store.begin(workspace_id) as session:
        inbound_mails.forget_old(session, deps.now())
    while monotonic() - started < BUDGET and not deps.stopping():
        with deps.store.begin(workspace_id) as session:
            claimed = inbound_mails.claim(session, deps.now())
            if claimed is None:
                return
            mail_id, attempts = claimed.id, claimed.attempts
        try:
            settle_mail(deps, workspace_id, mail_id, is_last=attempts >= MOST_ATTEMPTS)
        except DnsUnavailable:
            _postpone(deps, workspace_id, mail_id)
        except Exception:  # one mail must not stop the others; after the claim it is tried again
            log.exception("inbound_failed", mail_id=mail_id, attempts=attempts)
            if attempts >= MOST_ATTEMPTS:
                _give_up(deps, workspace_id, mail_id)


def settle_mail(
    deps: Deps,
    workspace_id: WorkspaceId,
    mail_id: int,
    by: Actor | None = None,
    *,
    is_last: bool = True,
) -> MailState | None:
    """Decide about one message and apply it; None when somebody else did meanwhile. `by` accepts a
    held message. Raises DnsUnavailable when DNS does not answer, except in the last attempt.
    """
    expected = MailState.NEW if by is None else MailState.HELD
    with deps.store.begin(workspace_id) as session:
        raw = inbound_mails.content(session, mail_id)
        road = inbound_mails.road_of(session, mail_id)
    read = _read(deps, raw, road)
    if read.parsed is not None and read.passes is None and by is None:
        read = replace(read, passes=_checked(deps, raw, road, read.parsed, is_last=is_last))
    with deps.store.begin(workspace_id) as session:
        mail = inbound_mails.locked(session, mail_id)
        if mail is None or mail.state is not expected:
            return None
        case = _Case(deps, session, mail, inbound_mails.address_of(session, mail), read, by)
        case.settle()
        mail.settled_at, mail.settled_by = deps.now(), by.member_id if by else None
        log.info("inbound_settled", state=mail.state, reason=mail.reason)
        return mail.state


def _read(deps: Deps, raw: bytes, road: InboundRoad) -> Read:
    try:
        parsed = within(READING, lambda: parse_message(raw))
    except TooCostly:
        return Read(None, None)
    return Read(
        without_capture_addresses(parsed, deps.capture_domain or ""),
        _reported(deps, road, parsed),
    )


def _reported(deps: Deps, road: InboundRoad, parsed: ParsedMessage) -> Passes | None:
    """The evidence of the server that received it. A provider does not remove the headers that
    claim our mail server's name, so they count by LMTP alone.
    """
    if road.via is Road.LMTP:
        return passes_told(parsed.headers.get("authentication-results", ()), deps.authserv_id)
    passes = Passes.from_json(road.told or {})
    sender = parsed.sender.key if parsed.sender else ""
    return passes if sender and is_aligned(sender, passes) else None


def _checked(
    deps: Deps, raw: bytes, road: InboundRoad, parsed: ParsedMessage, *, is_last: bool
) -> Passes:
    """Our own checks of the sender."""
    claim = Claim(
        raw=raw,
        sender=parsed.sender.key if parsed.sender else "",
        mail_from=road.mail_from,
        client=road.client,
        helo=road.helo,
    )
    try:
        return check_sender(deps.dns, claim)
    except DnsUnavailable:
        if not is_last:
            raise
        return Passes()


def _postpone(deps: Deps, workspace_id: WorkspaceId, mail_id: int) -> None:
    """Retry a message later."""
    with deps.store.begin(workspace_id) as session:
        mail = inbound_mails.locked(session, mail_id)
        if mail is not None and mail.state is MailState.NEW:
            mail.not_before = deps.now() + RETRY


def _give_up(deps: Deps, workspace_id: WorkspaceId, mail_id: int) -> None:
    """Hold what could not be filed, for a person."""
    with deps.store.begin(workspace_id) as session:
        mail = inbound_mails.locked(session, mail_id)
        if mail is not None and mail.state is MailState.NEW:
            mail.state, mail.reason = MailState.HELD, Held.UNREADABLE


@dataclass
class _Case:
    """One message in the transaction that settles it."""

    deps: Deps
    session: Session
    mail: InboundMail
    address: CaptureAddress
    read: Read
    by: Actor | None

    def settle(self) -> None:
        """Set the message's state, with all consequences."""
        parsed = self.read.parsed
        if parsed is None:
            return self._hold(Hold(Held.UNREADABLE), None)
        own, _ = workspace_rules(self.session)
        arrival, first_writer = self._arrival(parsed, own)
        match judge(arrival):
            case LeaveOut(because):
                return self._leave_out(because)
            case Hold() as hold:
                return self._hold(hold, parsed)
            case File():
                if first_writer is not None:
                    parsed = replace(parsed, to=(first_writer,))
                return self._file(parsed, arrival.author)

    def _arrival(self, parsed: ParsedMessage, own: Team) -> tuple[Arrival, NamedAddress | None]:
        sender = parsed.sender.key if parsed.sender else ""
        author = own.member(sender) if sender else None
        outside = any(not own.owns(one.key) for one in (*parsed.to, *parsed.cc) if one.key)
        forward = read_forward(parsed) if author is not None and not outside else None
        writer = forward.sender if forward else None
        inner = writer.key if writer and not own.owns(writer.key) else ""
        known = contacts.behind(self.session, [one for one in (sender, inner) if one])
        cites = (*parsed.references, *parsed.in_reply_to)
        arrival = Arrival(
            author=author,
            aligned=bool(sender) and is_aligned(sender, self.read.passes or Passes()),
            known=sender in known or inbound_mails.is_answer(self.session, cites),
            kind=within(READING, lambda: classify(parsed)),
            has_send_id=parsed.send_id is not None,
            hops=len(parsed.headers.get("received", ())),
            forwards=inner or None,
            forwards_known=inner in known,
            accepted=self.by is not None,
        )
        return arrival, writer if inner else None

    def _file(self, parsed: ParsedMessage, author: MemberId | None) -> None:
        owner = author or self.address.member_id or (self.by.member_id if self.by else None)
        if owner is None:
            self._hold(Hold(Held.OUTSIDER), parsed)
            return
        member = self.session.get_one(TeamMember, owner)
        mailbox_id = self.address.mailbox_id
        if mailbox_id is None:
            mailbox_id = mailboxes.ensure(self.session, member, self.deps.now()).id
        where, mail = self._incoming(parsed, mailbox_id, owner)
        decision = self._judged(where, mail)[0]
        if isinstance(decision, Skip | Quarantine):
            self._leave_out(decision.reason)
            return
        create_contacts(self.deps, self.session, team.actor_of(member), parsed)
        where, mail = self._incoming(parsed, mailbox_id, owner)
        kept, facts = self._judged(where, mail)
        people = kept.people if isinstance(kept, Keep) else None
        if people is None or not (people.contacts or people.accounts):
            self._hold(Hold(Held.NOBODY_KNOWN), parsed)
            return
        capturing.settle(self.session, where, [mail], facts)
        self._note_filed(mail, parsed)

    def _judged(
        self, where: Where, mail: Incoming
    ) -> tuple[Keep | Skip | Quarantine, CaptureFacts]:
        """The capture rule's decision, and its facts."""
        facts = gather(self.session, where, [mail])
        if facts is None:
            raise Conflict("Somebody else files this mail.")
        capturing.judge(where, mail, facts)
        return mail.decision, facts

    def _note_filed(self, filed: Incoming, parsed: ParsedMessage) -> None:
        self.mail.state, self.mail.reason = MailState.FILED, filed.decision.reason
        self.mail.message_id = filed.message_id
        self._forget_preview()
        if not parsed.attachments:
            inbound_mails.forget_content(self.session, self.mail.id)

    def _incoming(
        self, parsed: ParsedMessage, mailbox_id: MailboxId, owner: MemberId
    ) -> tuple[Where, Incoming]:
        received = self.mail.received_at
        fetched = FetchedMessage(
            gmail_id=f"{COPY}{self.mail.id}",
            thread_id="",
            history_id=0,
            label_ids=frozenset(),
            internal_date=min(parsed.date or received, received),
            snippet="",
            size=self.mail.size,
            parsed=parsed,
        )
        where = Where(
            workspace_id=self.mail.workspace_id,
            mailbox_id=mailbox_id,
            path="smart_bcc",
            now=self.deps.now(),
            hashed=self.deps.hashed_in(self.mail.workspace_id),
            asked=Asked.SMART_BCC,
            member=owner,
        )
        return where, capturing.read(where, fetched)

    def _hold(self, hold: Hold, parsed: ParsedMessage | None) -> None:
        mail = self.mail
        mail.state, mail.reason, mail.proposed = MailState.HELD, hold.because, hold.proposed
        if parsed is not None:
            people = (*parsed.to, *parsed.cc)
            mail.sender = parsed.sender.address if parsed.sender else ""
            mail.recipients = ", ".join(one.address for one in people[:MOST_SHOWN])
            mail.subject = parsed.subject

    def _leave_out(self, because: str) -> None:
        self.mail.state, self.mail.reason = MailState.LEFT_OUT, because
        self._forget_preview()
        inbound_mails.forget_content(self.session, self.mail.id)

    def _forget_preview(self) -> None:
        mail = self.mail
        mail.sender = mail.recipients = mail.subject = mail.proposed = ""


MOST_SHOWN = 5
"""Recipients named in the list of held messages."""
