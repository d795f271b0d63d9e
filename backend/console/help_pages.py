"""Help: a page for each area, and whether it helped."""

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from backend.console.blueprints import members_only
from backend.console.context import current_actor, current_deps
from backend.console.flash import go, say
from backend.console.help_topic import Topic
from backend.console.help_topics import TOPICS
from backend.errors import InputError, NotFound
from backend.services import help_votes

bp = members_only("help", __name__)


@bp.get("/help")
def index() -> str:
    """All topics."""
    return render_template("help/index.html", topics=TOPICS)


@bp.get("/help/<slug>")
def show(slug: str) -> str:
    """One topic, with the reader's earlier vote."""
    topic = _topic(slug)
    vote = help_votes.own_vote(current_deps(), current_actor(), topic=slug)
    return render_template("help/show.html", topic=topic, topics=TOPICS, vote=vote)


@bp.post("/help/<slug>/votes")
def vote(slug: str) -> Response:
    """Store whether it helped; a later vote replaces the earlier one."""
    topic = _topic(slug)
    try:
        answer = help_votes.Helped(request.form.get("helped", ""))
    except ValueError as error:
        raise InputError("Choose Yes or No.") from error
    help_votes.vote(current_deps(), current_actor(), topic=topic.slug, answer=answer)
    say("Thank you. Your answer was kept.")
    return go(url_for("help.show", slug=slug))


def _topic(slug: str) -> Topic:
    found = next((one for one in TOPICS if one.slug == slug), None)
    if found is None:
        raise NotFound("There is no help page with this name.")
    return found
