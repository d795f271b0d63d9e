"""Forwards a received or sent message, with its files."""

from flask import request, url_for
from werkzeug.wrappers import Response

from backend.console.blueprints import members_only
from backend.console.composing import queued, render_new
from backend.console.context import current_actor, current_deps
from backend.console.mail_form import MailForm, blank, draft_of, typed
from backend.domain.ids import MessageId
from backend.errors import InputError, MailboxTrouble, TryLater
from backend.services import composing

bp = members_only("forwarding", __name__)


@bp.get("/messages/<id:message_id>/forward")
def show(message_id: int) -> str:
    """The message in a form, below space for one's own words, with all of its files ticked."""
    found = composing.forwarding(current_deps(), current_actor(), MessageId(message_id))
    form = blank(subject=found.subject, body_text=found.body_text)
    return render(message_id, form, kept={one.part_id for one in found.files})


@bp.post("/messages/<id:message_id>/forward")
def send(message_id: int) -> Response | tuple[str, int]:
    """Queue it with the files that stayed ticked."""
    form, kept = typed(), set(request.form.getlist("keep_file"))
    try:
        pending_id = composing.forward(
            current_deps(),
            current_actor(),
            message_id=MessageId(message_id),
            parts=kept,
            draft=draft_of(form),
            nonce=form.nonce,
        )
    except InputError as error:
        return render(message_id, form.with_errors(error), kept=kept), 422
    except (MailboxTrouble, TryLater) as error:
        wrong = form.with_errors(InputError(error.sentence))
        return render(message_id, wrong, kept=kept), 503 if isinstance(error, TryLater) else 409
    return queued(form, pending_id, url_for("pending.show", pending_id=pending_id))


def render(message_id: int, form: MailForm, *, kept: set[str]) -> str:
    """The form, with the message's files to choose from."""
    found = composing.forwarding(current_deps(), current_actor(), MessageId(message_id))
    return render_new(
        form,
        heading="Forward",
        action=url_for("forwarding.send", message_id=message_id),
        carried=[(one, one.part_id in kept) for one in found.files],
        message_id=message_id,
    )
