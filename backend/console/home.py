"""Home: what waits for the reader, as numbers that link to what they count."""

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from backend.console.blueprints import members_only
from backend.console.context import current_actor, current_deps
from backend.domain.paging import ListQuery
from backend.queries import accounts, tasks
from backend.queries.conversations.listing import conversations
from backend.queries.home import undelivered
from backend.queries.mailboxes.listing import mailboxes
from backend.queries.pending.listing import pending_counts
from backend.queries.pending.outlook import outlook
from backend.queries.smart_bcc import waiting_count

bp = members_only("home", __name__)
SHOWN = 5


@bp.get("/")
def index() -> str:
    """The reader's day."""
    deps, actor = current_deps(), current_actor()
    waiting = ListQuery(filters={"member": str(actor.member_id), "waiting": "1"}, limit=SHOWN)
    quiet = ListQuery(filters={"mine": "1", "heard": "over-30"}, limit=SHOWN)
    return render_template(
        "home/index.html",
        waiting=conversations(deps, actor, waiting),
        quiet=accounts.accounts(deps, actor, quiet),
        counts=pending_counts(deps, actor),
        outlook=outlook(deps, actor),
        mailboxes=mailboxes(deps, actor),
        recent=conversations(deps, actor, ListQuery(limit=SHOWN)),
        failed=undelivered(deps, actor),
        copied=waiting_count(deps, actor),
        tasks=tasks.due_now(deps, actor),
    )


@bp.get("/dashboard")
def dashboard() -> Response:
    """Redirects another name of this page."""
    return redirect(url_for("home.index"), code=301)
