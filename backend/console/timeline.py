"""Takes a message out of the timeline, or puts it back, from the page of its conversation."""

from flask import render_template, url_for
from werkzeug.wrappers import Response

from backend.console.blueprints import members_only
from backend.console.context import current_actor, current_deps
from backend.console.flash import go, say
from backend.domain.ids import MessageId
from backend.services import timeline

bp = members_only("timeline", __name__)
STAYS_IN_GMAIL = "The email itself stays in Gmail; to remove it there, delete it by hand."
TAKING_OUT = (
    "It leaves the conversation, the histories and all counts, for the whole team, and no sync "
    f"brings it back. It can be put back from here. {STAYS_IN_GMAIL}"
)
DELETING = (
    "Only a click had stored it here, so its text is deleted from Rapport. Log it again from Gmail "
    f"to have it back. {STAYS_IN_GMAIL}"
)


@bp.get("/messages/<id:message_id>/removal")
def ask_to_take_out(message_id: int) -> str:
    """Asks first, for browsers without JavaScript."""
    found = timeline.removal(current_deps(), current_actor(), MessageId(message_id))
    return render_template(
        "question.html",
        heading="Take this email out of the timeline",
        text=DELETING if found.for_good else TAKING_OUT,
        action=url_for("timeline.take_out", message_id=message_id),
        back=url_for("conversations.show", conversation_id=found.conversation_id),
        yes="Take out",
        tone="danger",
        hidden={},
    )


@bp.post("/messages/<id:message_id>/removal")
def take_out(message_id: int) -> Response:
    """Take it out of the timeline, for the whole team."""
    done = timeline.take_out(current_deps(), current_actor(), MessageId(message_id))
    say("Removed from the timeline. The email stays in Gmail.")
    if done.for_good:
        return go(url_for("conversations.index"))
    return go(url_for("conversations.show", conversation_id=done.conversation_id))


@bp.post("/messages/<id:message_id>/return")
def put_back(message_id: int) -> Response:
    """Put it back into the timeline."""
    place = timeline.put_back(current_deps(), current_actor(), MessageId(message_id))
    say("Back in the timeline.")
    return go(url_for("conversations.show", conversation_id=place))
