"""Accounts: the list, and one account with its history."""

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from backend.console.blueprints import members_only
from backend.console.context import current_actor, current_deps
from backend.console.flash import go, say
from backend.console.request_parsing import list_query, text
from backend.console.templating import page
from backend.domain.ids import AccountId
from backend.errors import InputError
from backend.queries import accounts, contacts, histories
from backend.queries.settings.account_traits import matches_by, traits_of_account
from backend.services.settings import change_account

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
    return render(AccountId(account_id), {})


@bp.post("/accounts/<id:account_id>")
def edit(account_id: int) -> Response | tuple[str, int]:
    """Keep the mail domain and the traits that were entered."""
    deps, actor, key = current_deps(), current_actor(), AccountId(account_id)
    said = {
        one.id: text(f"trait-{one.id}")
        for one in traits_of_account(deps, actor, key)
        if f"trait-{one.id}" in request.form
    }
    try:
        change_account(deps, actor, key, domain=text("domain"), said=said)
    except InputError as error:
        return render(key, error.fields), 422
    say("Saved.")
    return go(url_for("accounts.show", account_id=account_id))


def render(key: AccountId, errors: dict[str, str]) -> str:
    """The page, with what was typed when it has to be corrected."""
    deps, actor = current_deps(), current_actor()
    query = list_query("kind", limit=HISTORY_PAGE)
    account = accounts.account(deps, actor, key)
    return render_template(
        "accounts/show.html",
        account=account,
        people=contacts.of_account(deps, actor, key),
        history=histories.account_history(deps, actor, key, query),
        query=query,
        traits=traits_of_account(deps, actor, key),
        matches_by=matches_by(deps, actor),
        errors=errors,
        typed=request.form if errors else {},
    )


@bp.get("/customers")
def elsewhere() -> Response:
    """The same by another name."""
    return redirect(url_for("accounts.index"), code=301)
