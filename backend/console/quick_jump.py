"""Quick-jump: finds pages, people and accounts by name, and messages by subject."""

from flask import request

from backend.console.blueprints import members_only
from backend.console.context import current_actor, current_deps
from backend.console.navigation import matching
from backend.console.templating import page
from backend.domain.paging import ListQuery
from backend.queries import accounts, contacts
from backend.queries.conversations.listing import conversations

bp = members_only("jump", __name__)
EACH = 5


@bp.get("/jump")
def index() -> str:
    """The matches; all pages without words."""
    deps, actor = current_deps(), current_actor()
    query = ListQuery(search=request.args.get("q", ""), limit=EACH)
    return page(
        "jump/index.html",
        fragment="jump/_results.html",
        words=query.words,
        pages=matching(query.words),
        people=contacts.contacts(deps, actor, query).items if query.words else (),
        companies=accounts.accounts(deps, actor, query).items if query.words else (),
        lines=conversations(deps, actor, query).items if query.words else (),
    )
