"""Accounts: the list, and one account with its history."""

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from backend.console.asking import list_query
from backend.console.blueprints import members_only
from backend.console.context import current_actor, current_deps
from backend.console.templating import page
from backend.domain.ids import AccountId
from backend.services.showing import accounts, histories

bp = members_only("accounts", __name__)
HISTORY_PAGE = 25


@bp.get("/accounts")
def index() -> str:
    """A page of accounts; only its region for htmx."""
    deps, actor = current_deps(), current_actor()
    query = list_query("plan", "mine", "heard", "replied")
    return page(
        "accounts/index.html",
        fragment="accounts/_list.html",
        query=query,
        found=accounts.accounts(deps, actor, query),
        plans=accounts.plans(deps, actor),
    )


@bp.get("/accounts/<id:account_id>")
def show(account_id: int) -> str:
    """One account: its history, its people, and what is known of it."""
    deps, actor, key = current_deps(), current_actor(), AccountId(account_id)
    query = list_query("kind", limit=HISTORY_PAGE)
    account = accounts.account(deps, actor, key)
    return render_template(
        "accounts/show.html",
        account=account,
        people=accounts.people(deps, actor, key),
        history=histories.account_history(deps, actor, key, query),
        query=query,
    )


@bp.get("/customers")
def elsewhere() -> Response:
    """The same by another name."""
    return redirect(url_for("accounts.index"), code=301)
