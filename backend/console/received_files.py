"""Files of received mail, opened and saved from its conversation."""

from flask import Response, request

from backend.console.blueprints import members_only
from backend.console.context import current_actor, current_deps
from backend.console.downloading import streamed
from backend.domain.attachments import SHOWN
from backend.domain.ids import MessageId
from backend.services import received_files

bp = members_only("received_files", __name__)
WHOLE = "whole"
"""What stands in the address of a mail that is one file, whose part has no number."""


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
