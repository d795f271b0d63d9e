"""Pending mail as a list, one mail in full, and how much room a sender has."""

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy.orm import Session

from backend.domain.ids import MailboxId, PendingId, WorkspaceId
from backend.domain.mail.foreign_html import shown_html
from backend.domain.paging import ListQuery, Page
from backend.domain.people.actor import Actor
from backend.domain.people.entered_people import written_person
from backend.domain.reasons import sentence
from backend.domain.sending.pending import STATE_SENTENCES, PendingState
from backend.domain.sending.throttle import ROLLING_DAY
from backend.domain.summaries.pending import (
    PendingDetail,
    PendingFileLine,
    PendingLine,
    PendingStep,
    SendingOutlook,
)
from backend.domain.writing.attachments import size_in_words
from backend.domain.writing.message_size import MayBounce, check_size
from backend.domain.writing.quoting import FORWARDED
from backend.domain.writing.unsubscribing import Offer
from backend.errors import LimiterUnavailable, NotFound
from backend.google.mail_text import Pieces, UnsubscribeLink, readings
from backend.services.deps import Deps
from backend.services.showing.pending_rows import is_private, pending_lines, spoken
from backend.services.unsubscribes import link_at_the_end
from backend.store import choices, mailboxes, pending_files, pending_lists
from backend.store.models import PendingEvent, PendingMessage
from backend.store.outbox.gate import sender_limits
from backend.store.pending_files import FileBytes

VIEWS: Mapping[str, tuple[PendingState, ...]] = {
    "": (),
    "scheduled": (PendingState.SCHEDULED, PendingState.SENDING),
    "held": (PendingState.HELD,),
    "review": (PendingState.UNKNOWN,),
    "failed": (PendingState.FAILED,),
}
"""The quick states above the list, and what each holds; the first is everything open."""

NO_FILE = (
    "This file can't be had from here. It was taken off the email, or the email has left or was "
    "deleted: then its files are in Gmail's Sent mail, or nowhere."
)

LEAVES: Mapping[str, timedelta] = {"day": timedelta(days=1), "week": timedelta(days=7)}
"""How soon a mail is expected to leave, for the filter."""

GONE = "There is no such pending email. It may have been taken back before it left."


def pending(deps: Deps, actor: Actor, query: ListQuery) -> Page[PendingLine]:
    """A page of what waits. Filters: `view` (see VIEWS), `sender` (a member's id), `plan`, and
    `leaves` (see LEAVES).
    """
    states = VIEWS.get(query.filters.get("view", ""), ())
    reach = LEAVES.get(query.filters.get("leaves", ""))
    with deps.store.begin(actor.workspace_id) as session:
        found = pending_lists.pending_page(
            session,
            query,
            reader=actor.member_id,
            states=states,
            until=deps.now() + reach if reach else None,
        )
        rows = [pending_lists.PendingRow.of(row) for row in found.rows]
        lines = pending_lines(actor, session, rows, now=deps.now())
    return Page(lines, found.next_cursor, found.previous_cursor)


def counts(deps: Deps, actor: Actor) -> Mapping[str, int]:
    """How many mails each quick state holds."""
    with deps.store.begin(actor.workspace_id) as session:
        by_state = pending_lists.counts_by_state(session)
    return {
        view: sum(by_state.get(state, 0) for state in states) if states else sum(by_state.values())
        for view, states in VIEWS.items()
    }


def pending_detail(deps: Deps, actor: Actor, pending_id: PendingId) -> PendingDetail:
    """One pending mail as its recipient will get it. Raises NotFound."""
    with deps.store.begin(actor.workspace_id) as session:
        row = readable(session, actor, pending_id)
        line = pending_lines(actor, session, [row], now=deps.now())[0]
        message = row.message
        files = pending_files.of_mail(session, pending_id)
        conversation = message.conversation_id
        return PendingDetail(
            line=line,
            conversation_id=conversation,
            to=addresses(message.to),
            cc=addresses(message.cc),
            bcc=addresses(message.bcc),
            reply_to=message.reply_to,
            body_text=message.body_text,
            body_html=_as_sent(
                message,
                pending_lists.signature_of(session, message),
                _way_out(session, deps, message),
            ),
            unsubscribe_offer=(
                Offer(message.unsubscribe_offer) if message.unsubscribe_offer else None
            ),
            files=tuple(
                PendingFileLine(
                    id=one.id, name=one.name, size=size_in_words(one.size), kept=one.kept
                )
                for one in files
            ),
            files_warning=_warning([one.size for one in files], message),
            edited_by=pending_lists.editor(session, message),
            edited_at=message.edited_at,
            steps=_steps(actor, session, message),
            passes_on=FORWARDED in message.body_text,
        )


def readable(session: Session, actor: Actor, pending_id: PendingId) -> pending_lists.PendingRow:
    """The mail, for whoever may read it. Raises NotFound."""
    row = pending_lists.one(session, pending_id)
    if row is None or is_private(actor, row):
        raise NotFound(GONE)
    return row


def pending_file(deps: Deps, actor: Actor, *, pending_id: PendingId, file_id: int) -> FileBytes:
    """One file of a pending mail, for whoever may read the mail. Raises NotFound."""
    with deps.store.begin(actor.workspace_id) as session:
        readable(session, actor, pending_id)
        found = pending_files.one_whole(session, pending_id, file_id)
    if found is None:
        raise NotFound(NO_FILE)
    return found


def outlook(deps: Deps, actor: Actor) -> SendingOutlook | None:
    """The reader's own room to send, and whether anything may leave at present."""
    now = deps.now()
    with deps.store.begin(actor.workspace_id) as session:
        mailbox = mailboxes.of_member(session, actor.member_id)
        if mailbox is None:
            return None
        limits = sender_limits(session, mailbox.id, now).gate.limits
        waiting = pending_lists.counts_by_state(session, mailbox_id=mailbox.id)
        left = pending_lists.left_since(session, mailbox.id, now - ROLLING_DAY)
        next_at = pending_lists.next_departure(session, mailbox.id)
    return SendingOutlook(
        waiting=sum(waiting.values()),
        held=waiting.get(PendingState.HELD, 0),
        left_today=left,
        daily_limit=limits.daily,
        hourly_limit=limits.hourly,
        next_at=next_at,
        paused=_paused(deps, mailbox.id),
    )


def addresses(people: list[dict[str, str]]) -> tuple[str, ...]:
    """Recipients with name and address, as a header shows them."""
    return tuple(written_person(one.get("name", ""), one["address"]) for one in people)


def _way_out(session: Session, deps: Deps, message: PendingMessage) -> UnsubscribeLink | None:
    """The link at the end of a mail that will have one."""
    workspace = choices.workspace(session, WorkspaceId(message.workspace_id))
    offered = message.unsubscribe_offer == Offer.OFFERED.value
    if not offered or workspace.unsubscribes_on_at is None:
        return None
    line = (workspace.unsubscribe_prefix, workspace.unsubscribe_link_text)
    people = len(message.to) + len(message.cc) + len(message.bcc)
    pending_id = PendingId(message.id)
    return link_at_the_end(deps, WorkspaceId(workspace.id), pending_id, line, to=people)


def _as_sent(
    message: PendingMessage, signature_html: str, unsubscribe: UnsubscribeLink | None
) -> str:
    """The HTML that leaves, made by the same hand, fit for a frame."""
    pieces = Pieces(
        text=message.body_text,
        html=None,
        signature_html=signature_html,
        unsubscribe=unsubscribe,
        quote=None,
    )
    return shown_html(readings(pieces).html) or ""


def _warning(sizes: list[int], message: PendingMessage) -> str:
    """What to know about files this large, if anything."""
    fits = check_size(sizes, text=len(message.body_text.encode()))
    return fits.sentence if isinstance(fits, MayBounce) else ""


def _paused(deps: Deps, mailbox_id: MailboxId) -> str | None:
    """Why nothing leaves, asked of the limiter itself without taking anything."""
    try:
        deps.limits.take_units(mailbox_id, 0, patience=timedelta(0))
    except LimiterUnavailable:
        return "Sending is paused: the limits can't be checked right now. Nothing is lost."
    return None


def _steps(actor: Actor, session: Session, message: PendingMessage) -> tuple[PendingStep, ...]:
    rows = pending_lists.steps(session, message.id)
    return tuple(
        PendingStep(
            at=event.happened_at, state=event.state, sentence=_step(actor, event, message), by=name
        )
        for event, name in rows
    )


def _step(actor: Actor, event: PendingEvent, message: PendingMessage) -> str:
    """What happened, from the step's own words, its reason, or what its state means."""
    if event.detail:
        return event.detail[0].upper() + event.detail[1:]
    if event.reason:
        until = spoken(actor, message.forecast_at or message.not_before)
        return sentence(event.reason, **{"until": until, **message.reason_details})
    return STATE_SENTENCES[event.state]
