"""The one path of all mail into the store: gather the facts, decide, apply, in the caller's
transaction.

Import, live sync, audit and a click call the same functions, so they cannot decide differently.
Capturing is idempotent.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from sqlalchemy.orm import Session

from backend.cpu import within
from backend.domain.capture.rule import UNREAD, Keep, Quarantine, Rule, Skip, Unread, decide
from backend.domain.ids import ConversationId
from backend.domain.incoming import (
    CaptureFacts,
    Incoming,
    Where,
    left_out_under,
    message_facts,
    prepare_filing,
    read_as_written,
    read_incoming,
    tell_apart,
)
from backend.domain.mail.message import FetchedMessage
from backend.domain.people.team import Team
from backend.domain.threads.placing import FilingFacts, Placing
from backend.errors import TooCostly
from backend.services.capture import sent
from backend.services.capture.reports import follow_up
from backend.store import decisions, filing
from backend.store.absorbing import absorb
from backend.store.bulk import write_rows
from backend.store.capture_facts import gather, look_behind_lock
from backend.store.fetching import LATE
from backend.store.filing import Row, Rows
from backend.store.filing_links import touched
from backend.store.models import Conversation

Answer = TypeVar("Answer")
READING, JUDGING = 0.5, 0.25
"""Seconds of CPU time per message: for parsing it, and for extracting the reply."""

OPEN = frozenset({Rule.MATCHING, Rule.BOUNCE})
"""Rules that leave out mail which may be wanted later: nobody on it was known, or the message it
reports on was not.
"""

OUTCOMES = {Keep: "kept", Skip: "skipped", Quarantine: "quarantined"}


def capture(session: Session, where: Where, fetched: Sequence[FetchedMessage]) -> list[Incoming]:
    """Capture a batch: each message with its decision, and its place where it was kept."""
    mails = [read(where, one) for one in fetched]
    facts = gather(session, where, mails) if mails else None
    if facts is not None:
        settle(session, where, mails, facts)
    return mails


def read(where: Where, fetched: FetchedMessage) -> Incoming:
    """Parse a message. Raises TooCostly."""
    return bounded(READING, fetched.gmail_id, lambda: read_incoming(where, fetched))


def bounded(seconds: float, gmail_id: str, work: Callable[[], Answer]) -> Answer:
    """The result of work on one message. Raises TooCostly, which names it."""
    try:
        return within(seconds, work)
    except TooCostly as error:
        error.gmail_id = gmail_id
        raise


def settle(session: Session, where: Where, mails: Sequence[Incoming], facts: CaptureFacts) -> None:
    """Decide on each message, and write the consequences."""
    for one in mails:
        judge(where, one, facts)
    kept = [one for one in mails if isinstance(one.decision, Keep)]
    rows = file(session, where, kept, facts.rules.team) if kept else {}
    rows["decisions"] = decision_rows(where, mails)
    rows["left_out_people"] = left_out_rows(where, mails, facts.rules.team)
    rows["departures"] = sent.departures(where, mails)
    rows["audit_log"] = decisions.click_rows(where, mails, facts.earlier)
    awaited = sent.lock_sent(session, where, kept)
    filing.write(session, rows)
    sent.complete_sent(session, where, kept, awaited)
    follow_up(session, where, facts, mails)


def judge(where: Where, mail: Incoming, facts: CaptureFacts) -> None:
    """Ask the capture rule. A kept message is prepared for filing."""
    bounded(READING, mail.gmail_id, lambda: read_as_written(mail, facts.rules.team))
    mail.decision = decide(message_facts(where, mail, facts), facts.rules)
    if isinstance(mail.decision, Keep):
        bounded(JUDGING, mail.gmail_id, lambda: prepare_filing(mail, facts))


def file(session: Session, where: Where, mails: Sequence[Incoming], team: Team) -> Rows:
    """Give each message its place, in the given order; the rows behind it stay locked until the
    transaction ends. Of several copies of a new message, the first makes its rows.
    """
    known = look(session, where, mails, team)
    placing = Placing[Incoming](known)
    ids, free = dict(known.messages), iter(known.message_ids)
    first: list[Incoming] = []
    for one in mails:
        one.conversation_id = placing.place(one)
        if one.identity not in ids:
            ids[one.identity] = next(free)
            first.append(one)
        one.message_id, one.filed = ids[one.identity], True
        one.new = one.identity not in known.messages
    for one in mails:
        one.conversation_id = placing.settled(one.conversation_id)
    started = unwritten(session, where, placing)
    rows = filing.message_rows(where, first)
    again = [one for one in mails if one not in first]
    rows["participants"] += filing.hidden_rows(where, again)
    rows |= filing.copy_rows(where, mails)
    rows |= filing.thread_rows(where, placing)
    rows |= filing.grown_rows(where, first, started)
    return rows | touched(where, mails)


def look(session: Session, where: Where, mails: Sequence[Incoming], team: Team) -> FilingFacts:
    """What is known of the messages, behind the lock. Where one bears the Message-ID of another, it
    is looked up once more by what it is itself.
    """
    known = look_behind_lock(session, where, mails, team)
    if tell_apart(mails, known.subjects):
        known = look_behind_lock(session, where, mails, team)
    return known


def unwritten(
    session: Session, where: Where, placing: Placing[Incoming]
) -> Mapping[ConversationId, Incoming]:
    """The new conversations that are still to be written. Where some are merged, they must be there
    before anything moves to them or from them.
    """
    if not placing.merges:
        return placing.started
    rows = [filing.started_row(where, one, mail) for one, mail in placing.started.items()]
    if rows:
        write_rows(session, Conversation, rows)
    for absorbed, kept in placing.merges:
        absorb(session, absorbed, kept)
    return {}


def note_unread(session: Session, where: Where, unread: Mapping[str, Skip | Quarantine]) -> None:
    """Write decisions, by Gmail id, on messages that are decided without reading them."""
    decisions.note(session, [decision_row(where, one, why) for one, why in unread.items()])


def note_outside(session: Session, where: Where, fetched: Sequence[FetchedMessage]) -> None:
    """Write that these messages are older than the import's reach."""
    older = UNREAD[Unread.OUTSIDE_IMPORT]
    rows = {
        one.gmail_id: decision_row(where, one.gmail_id, older)
        | {"rfc_hash": rfc_hash(where, one), "internal_at": one.internal_date}
        for one in fetched
    }
    decisions.note(session, list(rows.values()))


def rfc_hash(where: Where, fetched: FetchedMessage) -> bytes | None:
    """The key under which a decision knows a message."""
    rfc_id = fetched.parsed.message_id
    return where.hashed(rfc_id) if rfc_id else None


def decision_rows(where: Where, mails: Sequence[Incoming]) -> list[Row]:
    """One row for every message, kept or not; the last one when a copy has several."""
    rows = {
        one.gmail_id: decision_row(where, one.gmail_id, one.decision)
        | {
            "message_id": one.message_id if one.filed else None,
            "rfc_hash": one.rfc_hash,
            "internal_at": one.sent_at,
        }
        for one in mails
    }
    return list(rows.values())


def decision_row(where: Where, gmail_id: str, decision: Keep | Skip | Quarantine) -> Row:
    """Why a message is here, or why not. Nothing readable is stored of one left out."""
    address = None if isinstance(decision, Quarantine) else decision.address
    kept = isinstance(decision, Keep)
    return {
        "workspace_id": where.workspace_id,
        "mailbox_id": where.mailbox_id,
        "gmail_id": gmail_id,
        "outcome": OUTCOMES[type(decision)],
        "reason": decision.reason,
        "rule": decision.rule,
        "path": where.path,
        "message_id": None,
        "deciding_address": address if kept else None,
        "deciding_hash": where.hashed(address) if address and not kept else None,
        "rfc_hash": None,
        "internal_at": None,
        "decided_at": where.now,
    }


def left_out_rows(where: Where, mails: Sequence[Incoming], team: Team) -> list[Row]:
    """The people on messages left out because nobody was known, as keyed hashes. A message read
    again for a new contact is not offered a second time.
    """
    if where.path == LATE:
        return []
    return [
        {
            "workspace_id": where.workspace_id,
            "person_hash": where.hashed(key),
            "mailbox_id": where.mailbox_id,
            "gmail_id": one.gmail_id,
        }
        for one in mails
        if isinstance(one.decision, Skip) and one.decision.rule in OPEN
        for key in left_out_under(one, team)
    ]
