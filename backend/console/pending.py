"""Pending messages: what waits and why, one message in its final form, and the actions on it."""

from uuid import UUID

from flask import Response as FlaskResponse
from flask import redirect, render_template, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from backend.console.addressing import notices_for
from backend.console.blueprints import members_only
from backend.console.context import current_actor, current_deps
from backend.console.downloading import downloaded
from backend.console.flash import go, say
from backend.console.framing import framed
from backend.console.labels import deleting, sending_now
from backend.console.mail_form import MailForm, draft_of, of_pending, typed
from backend.console.queued import say_queued
from backend.console.request_parsing import list_query, moment, pending_named, text, version
from backend.console.templating import page
from backend.domain.ids import MailboxId, PendingId
from backend.domain.paging import whole_id
from backend.domain.summaries.pending import PendingDetail
from backend.errors import Conflict, InputError, NotFound, SettledAlready
from backend.queries import accounts
from backend.queries.pending.listing import pending_counts, pending_mail
from backend.queries.pending.opened import pending_detail, pending_file
from backend.queries.pending.outlook import outlook
from backend.queries.settings.email_settings import email_settings
from backend.queries.settings.team import team_view
from backend.services import composing

bp = members_only("pending", __name__)


@bp.get("/conversations/pending")
def index() -> str:
    """A page of pending messages, with one opened beside it if the address names it."""
    deps, actor = current_deps(), current_actor()
    query = list_query("view", "sender", "plan", "leaves")
    return page(
        "pending/index.html",
        fragment="pending/_list.html",
        query=query,
        found=pending_mail(deps, actor, query),
        counts=pending_counts(deps, actor),
        outlook=outlook(deps, actor),
        members=team_view(deps, actor).members,
        plans=accounts.plans(deps, actor),
        opened=_opened(),
    )


@bp.get("/pending")
def elsewhere() -> Response:
    """Redirects a shorter path."""
    return redirect(url_for("pending.index"), code=301)


@bp.get("/pending/<uuid:pending_id>")
def show(pending_id: UUID) -> str:
    """One message as its recipient will get it."""
    return _shown(pending_id)


@bp.get("/pending/<uuid:pending_id>/body")
def body(pending_id: UUID) -> FlaskResponse:
    """Its text for a frame that runs nothing."""
    html = Markup(_detail(pending_id).body_html)  # noqa: S704 - built and cleaned by our own rules
    return framed(render_template("conversations/body.html", html=html, text="", ask=""))


@bp.get("/pending/<uuid:pending_id>/files/<id:file_id>")
def file(pending_id: UUID, file_id: int) -> FlaskResponse:
    """One of its files."""
    found = pending_file(
        current_deps(), current_actor(), pending_id=PendingId(pending_id), file_id=file_id
    )
    return downloaded(found.name, found.content_type, found.data)


@bp.get("/pending/<uuid:pending_id>/edit")
def edit(pending_id: UUID) -> str:
    """The form with the message's present content."""
    detail = _changeable(pending_id)
    return render_edit(detail, of_pending(detail))


@bp.post("/pending/<uuid:pending_id>")
def save(pending_id: UUID) -> Response | tuple[str, int]:
    """Save the changes, for this message only."""
    form = typed()
    deps, actor, key = current_deps(), current_actor(), PendingId(pending_id)
    try:
        composing.edit(deps, actor, pending_id=key, draft=draft_of(form), version=version())
        if text("then") == "release":
            composing.release(deps, actor, pending_id=key, version=version() + 1)
    except InputError as error:
        return render_edit(_detail(pending_id), form.with_errors(error)), 422
    except Conflict as error:
        return render_stale(pending_id, error, form), 409
    if text("then") == "release":
        say_queued(_detail(pending_id), before="Saved. ")
    else:
        say("Saved for this email only.")
    return go(url_for("pending.show", pending_id=pending_id))


@bp.post("/pending/<uuid:pending_id>/schedule")
def reschedule(pending_id: UUID) -> Response | tuple[str, int]:
    """Reschedule it."""
    deps, actor, key = current_deps(), current_actor(), PendingId(pending_id)
    try:
        at = moment(text("due_at"), "due_at")
        composing.reschedule(deps, actor, pending_id=key, due_at=at, version=version())
    except InputError as error:
        return _shown(pending_id, wrong=error.fields, asked=text("due_at")), 422
    except Conflict as error:
        return _refused(pending_id, error)
    say_queued(_detail(pending_id))
    return go(url_for("pending.show", pending_id=pending_id))


@bp.get("/pending/<uuid:pending_id>/departure")
def ask_to_send(pending_id: UUID) -> str:
    """Asks before sending now, for browsers without JavaScript."""
    detail = _changeable(pending_id)
    return _question(
        detail,
        heading="Send now",
        text=sending_now(detail.line),
        action=url_for("pending.send_now", pending_id=pending_id),
        yes="Send now",
        tone="primary",
    )


@bp.post("/pending/<uuid:pending_id>/departure")
def send_now(pending_id: UUID) -> Response | tuple[str, int]:
    """Send it outside its date and window, never over the limits."""
    try:
        composing.send_now(
            current_deps(), current_actor(), pending_id=PendingId(pending_id), version=version()
        )
    except Conflict as error:
        return _refused(pending_id, error)
    say_queued(_detail(pending_id))
    return go(url_for("pending.show", pending_id=pending_id))


@bp.post("/pending/<uuid:pending_id>/recall")
def take_back(pending_id: UUID) -> Response | tuple[str, int]:
    """Undo sending: the message is held, and opened in its form."""
    try:
        count = composing.take_back(
            current_deps(), current_actor(), pending_id=PendingId(pending_id), version=version()
        )
    except Conflict as error:
        return _refused(pending_id, error)
    if count > 1:
        say(f"Taken back: {count} emails. None of them has left.")
        return go(url_for("pending.index", view="held"))
    say("Taken back. It has not left, and waits here as you wrote it.")
    return go(url_for("pending.edit", pending_id=pending_id))


@bp.post("/pending/<uuid:pending_id>/sender")
def change_sender(pending_id: UUID) -> Response | tuple[str, int]:
    """Send it from another mailbox."""
    try:
        composing.change_sender(
            current_deps(),
            current_actor(),
            pending_id=PendingId(pending_id),
            mailbox_id=MailboxId(whole_id(text("mailbox")) or 0),
            version=version(),
        )
    except InputError as error:
        return _shown(pending_id, wrong=error.fields, asked=text("due_at")), 422
    except Conflict as error:
        return _refused(pending_id, error)
    say_queued(_detail(pending_id))
    return go(url_for("pending.show", pending_id=pending_id))


@bp.post("/pending/<uuid:pending_id>/release")
def release(pending_id: UUID) -> Response | tuple[str, int]:
    """Put a held or failed message back in line."""
    try:
        composing.release(
            current_deps(), current_actor(), pending_id=PendingId(pending_id), version=version()
        )
    except Conflict as error:
        return _refused(pending_id, error)
    say_queued(_detail(pending_id))
    return go(url_for("pending.show", pending_id=pending_id))


@bp.get("/pending/<uuid:pending_id>/cancellation")
def ask_to_cancel(pending_id: UUID) -> str:
    """Asks before deleting, for browsers without JavaScript."""
    detail = _changeable(pending_id)
    return _question(
        detail,
        heading="Delete pending email",
        text=deleting(detail.line),
        action=url_for("pending.cancel", pending_id=pending_id),
        yes="Delete",
        tone="danger",
    )


@bp.post("/pending/<uuid:pending_id>/cancellation")
def cancel(pending_id: UUID) -> Response | tuple[str, int]:
    """Delete it: it is never sent."""
    try:
        composing.cancel(
            current_deps(), current_actor(), pending_id=PendingId(pending_id), version=version()
        )
    except Conflict as error:
        return _refused(pending_id, error)
    say("Deleted. It will never be sent.")
    return go(url_for("pending.index"))


def _refused(pending_id: UUID, error: Conflict) -> Response | tuple[str, int]:
    """The message as it is now: by itself after a second press, beside what was refused else."""
    if isinstance(error, SettledAlready):
        say(error.sentence)
        gone = error.gone
        return go(
            url_for("pending.index") if gone else url_for("pending.show", pending_id=pending_id)
        )
    return render_stale(pending_id, error), 409


def render_edit(detail: PendingDetail, form: MailForm) -> str:
    """The form of a pending message."""
    deps, actor = current_deps(), current_actor()
    offers = detail.unsubscribe_offer is not None
    return render_template(
        "pending/edit.html",
        detail=detail,
        form=form,
        offers=offers,
        told=notices_for(form, editing=True, offers=offers),
        mine=email_settings(deps, actor),
        outlook=outlook(deps, actor),
    )


def render_stale(pending_id: UUID, error: Conflict, form: MailForm | None = None) -> str:
    """The message as it is now, why nothing was changed, and the typed text, so that it is not
    lost.
    """
    return _shown(pending_id, stale=error.sentence, typed=form)


def _shown(pending_id: UUID, **more: object) -> str:
    detail = _detail(pending_id)
    choices = composing.sender_choices(current_deps(), current_actor())
    others = [one for one in choices if f"<{detail.line.sender_email}>" not in one[1]]
    values = {"stale": "", "typed": None, "wrong": {}, "asked": "", **more}
    return render_template("pending/show.html", detail=detail, senders=others, **values)


def _question(detail: PendingDetail, **values: str) -> str:
    return render_template(
        "question.html",
        hidden={"version": detail.line.version},
        back=url_for("pending.show", pending_id=detail.line.id),
        **values,
    )


def _detail(pending_id: UUID) -> PendingDetail:
    return pending_detail(current_deps(), current_actor(), PendingId(pending_id))


def _changeable(pending_id: UUID) -> PendingDetail:
    """The message, if this reader may change it now. Raises Conflict."""
    detail = _detail(pending_id)
    if not detail.line.changeable:
        raise Conflict(f"This email can't be changed by you now. {detail.line.why}")
    return detail


def _opened() -> PendingDetail | None:
    """The message to open beside the list, if it still exists."""
    named = pending_named("open")
    try:
        return _detail(named) if named else None
    except NotFound:
        return None
