"""Files of received mail, opened and saved from their conversation."""

from flask import Response, request, url_for
from werkzeug.wrappers import Response as Redirect

from backend.console.blueprints import members_only
from backend.console.context import current_actor, current_deps
from backend.console.downloading import streamed
from backend.console.flash import go
from backend.domain.ids import MessageId
from backend.domain.writing.attachments import SHOWN
from backend.services import received_files
from backend.services.enclosed import enclosed_sender

bp = members_only("received_files", __name__)
WHOLE = "whole"
"""The path of a message that is one file, whose part has no number."""


@bp.get("/messages/<id:message_id>/files/<part>")
def show(message_id: int, part: str) -> Response:
    """One file, read from Gmail now. With `open` it is shown, if it can do nothing else."""
    file = received_files.open_file(
        current_deps(),
        current_actor(),
        message_id=MessageId(message_id),
        part_id="" if part == WHOLE else part,
    )
    shown = bool(request.args.get("open")) and file.content_type in SHOWN
    place = "inline" if shown else "attachment"
    return streamed(file.name, file.content_type, file.pieces, place=place)


@bp.get("/messages/<id:message_id>/files/<part>/sender")
def sender(message_id: int, part: str) -> Redirect:
    """The author of an attached message: their contact, or the form for a new one."""
    found = enclosed_sender(
        current_deps(), current_actor(), message_id=MessageId(message_id), part_id=part
    )
    if found.contact_id is not None:
        return go(url_for("contacts.show", contact_id=found.contact_id))
    return go(url_for("contacts.new", name=found.sender.name, email=found.sender.address))
