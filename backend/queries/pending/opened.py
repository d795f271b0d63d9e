"""One pending message in full, as its recipient will get it, with its events."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.deps import Deps
from backend.domain.ids import PendingId, WorkspaceId
from backend.domain.mail.foreign_html import shown_html
from backend.domain.people.actor import Actor
from backend.domain.people.entered_people import written_person
from backend.domain.reasons import sentence
from backend.domain.sending.pending import STATE_SENTENCES
from backend.domain.summaries.pending import PendingDetail, PendingFileLine, PendingStep
from backend.domain.writing.attachments import size_in_words
from backend.domain.writing.message_size import MayBounce, check_size
from backend.domain.writing.quoting import FORWARDED
from backend.domain.writing.unsubscribing import Offer, UnsubscribeLink, link_at_the_end
from backend.errors import NotFound
from backend.google.mail_text import Pieces, readings
from backend.queries.pending.lines import pending_lines, spoken
from backend.store import choices, pending_files
from backend.store.models import Mailbox, PendingEvent, PendingMessage, TeamMember
from backend.store.outbox.rows import recipients
from backend.store.pending_access import readable
from backend.store.pending_files import FileBytes

NO_FILE = (
    "This file can't be opened from here. It was taken off the email, or the email has left or was "
    "deleted: then its files are in Gmail's Sent mail, or nowhere."
)
MAX_STEPS = 200


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
                _signature_of(session, message),
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
            edited_by=_editor(session, message),
            edited_at=message.edited_at,
            steps=_steps(actor, session, message),
            passes_on=FORWARDED in message.body_text,
        )


def pending_file(deps: Deps, actor: Actor, *, pending_id: PendingId, file_id: int) -> FileBytes:
    """One file of a pending message, if the reader may read it. Raises NotFound."""
    with deps.store.begin(actor.workspace_id) as session:
        readable(session, actor, pending_id)
        found = pending_files.one_whole(session, pending_id, file_id)
    if found is None:
        raise NotFound(NO_FILE)
    return found


def addresses(people: list[dict[str, str]]) -> tuple[str, ...]:
    """Recipients with name and address, as in a header."""
    return tuple(written_person(one.name, one.address) for one in recipients(people))


def _way_out(session: Session, deps: Deps, message: PendingMessage) -> UnsubscribeLink | None:
    """The unsubscribe link of a message that will have one."""
    workspace = choices.workspace(session, WorkspaceId(message.workspace_id))
    offered = message.unsubscribe_offer == Offer.OFFERED.value
    if not offered or workspace.unsubscribes_on_at is None:
        return None
    line = (workspace.unsubscribe_prefix, workspace.unsubscribe_link_text)
    people = len(message.to) + len(message.cc) + len(message.bcc)
    return link_at_the_end(
        workspace.id,
        message.id,
        line,
        hashed=deps.keyed_hash.of,
        root=deps.public_url,
        to=people,
    )


def _as_sent(
    message: PendingMessage, signature_html: str, unsubscribe: UnsubscribeLink | None
) -> str:
    """The HTML that leaves, made by the same code, for a frame."""
    pieces = Pieces(
        text=message.body_text,
        html=None,
        signature_html=signature_html,
        unsubscribe=unsubscribe,
        quote=None,
    )
    return shown_html(readings(pieces).html) or ""


def _warning(sizes: list[int], message: PendingMessage) -> str:
    """A warning about files this large, if any."""
    fits = check_size(sizes, text=len(message.body_text.encode()))
    return fits.sentence if isinstance(fits, MayBounce) else ""


def _steps(actor: Actor, session: Session, message: PendingMessage) -> tuple[PendingStep, ...]:
    rows = _events_of(session, message.id)
    return tuple(
        PendingStep(
            at=event.happened_at, state=event.state, sentence=_step(actor, event, message), by=name
        )
        for event, name in rows
    )


def _step(actor: Actor, event: PendingEvent, message: PendingMessage) -> str:
    """What happened: the event's own words, its reason, or the meaning of its state."""
    if event.detail:
        return event.detail[0].upper() + event.detail[1:]
    if event.reason:
        until = spoken(actor, message.forecast_at or message.not_before)
        return sentence(event.reason, **{"until": until, **message.reason_details})
    return STATE_SENTENCES[event.state]


def _editor(session: Session, message: PendingMessage) -> str | None:
    """The name of the last editor of a message."""
    return session.scalar(select(TeamMember.name).where(TeamMember.id == message.edited_by))


def _signature_of(session: Session, message: PendingMessage) -> str:
    """The signature of the sending mailbox's owner, not of the author (VC-38)."""
    query = (
        select(TeamMember.signature_html)
        .join(Mailbox, Mailbox.owner_id == TeamMember.id)
        .where(Mailbox.id == message.mailbox_id)
    )
    return session.scalar(query) or ""


def _events_of(
    session: Session, pending_id: PendingId
) -> Sequence[tuple[PendingEvent, str | None]]:
    """The events of a message, oldest first, with who caused each."""
    query = (
        select(PendingEvent, TeamMember.name)
        .outerjoin(TeamMember, TeamMember.id == PendingEvent.by)
        .where(PendingEvent.pending_id == pending_id)
        .order_by(PendingEvent.id)
        .limit(MAX_STEPS)
    )
    return [(event, name) for event, name in session.execute(query)]
