"""Accounts: the list, one account with its history, and its forms."""

from collections.abc import Mapping

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from backend.console.blueprints import members_only
from backend.console.context import current_actor, current_deps
from backend.console.flash import go, say
from backend.console.helpers import plural
from backend.console.record_forms import note_from_form, say_saved, typed_in
from backend.console.request_parsing import list_query, nonce, text
from backend.console.templating import page
from backend.domain.ids import AccountId
from backend.domain.people.roles import Permission, allowed
from backend.errors import EditClash, InputError
from backend.queries import accounts, contacts, histories, tasks
from backend.queries.settings.account_traits import matches_by, traits_of_account
from backend.services import accounts as editing
from backend.services.notes import NotePlace
from backend.services.tasks import TaskPlace

bp = members_only("accounts", __name__)
HISTORY_PAGE = 25


@bp.get("/accounts")
def index() -> str:
    """A page of accounts; only its region for htmx."""
    deps, actor = current_deps(), current_actor()
    query = list_query("plan", "mine", "heard", "replied", "archived")
    return page(
        "accounts/index.html",
        fragment="accounts/_list.html",
        query=query,
        found=accounts.accounts(deps, actor, query),
        plans=accounts.plans(deps, actor),
    )


@bp.get("/accounts/new")
def new() -> str:
    """The form for a new account."""
    return _new({"name": "", "domain": "", "nonce": nonce()}, {})


@bp.post("/accounts")
def add() -> Response | tuple[str, int]:
    """Create an account, unless it seems to exist."""
    typed = {field: text(field) for field in ("name", "domain", "nonce")}
    try:
        account_id = editing.create(
            current_deps(), current_actor(), **typed, anyway=bool(text("anyway"))
        )
    except InputError as error:
        return _new(typed, error.fields), 422
    say(f"{accounts.account(current_deps(), current_actor(), account_id).name} is an account now.")
    return go(url_for("accounts.show", account_id=account_id))


@bp.get("/accounts/<id:account_id>")
def show(account_id: int) -> str:
    """One account: its history, its people, and its fields."""
    return page_of(AccountId(account_id), {})


def page_of(key: AccountId, errors: Mapping[str, str]) -> str:
    """The page, with the typed note when it needs correction."""
    deps, actor = current_deps(), current_actor()
    query = list_query("kind", limit=HISTORY_PAGE)
    return render_template(
        "accounts/show.html",
        account=accounts.account(deps, actor, key),
        people=contacts.of_account(deps, actor, key),
        history=histories.account_history(deps, actor, key, query),
        pinned=histories.pinned_notes(deps, actor, account_id=key),
        query=query,
        traits=traits_of_account(deps, actor, key),
        matches_by=matches_by(deps, actor),
        changes=editing.changes(deps, actor, key),
        tasks=tasks.about(deps, actor, TaskPlace(account_id=key)),
        may_delete=may_delete(),
        note_url=url_for("accounts.add_note", account_id=key),
        note_nonce=nonce(),
        errors=errors,
        typed=request.form if errors else {},
    )


@bp.post("/accounts/<id:account_id>/notes")
def add_note(account_id: int) -> Response | tuple[str, int]:
    """Write a note on the account."""
    key = AccountId(account_id)
    try:
        note_from_form(NotePlace(account_id=key))
    except InputError as error:
        return page_of(key, error.fields), 422
    return go(url_for("accounts.show", account_id=key))


@bp.get("/accounts/<id:account_id>/edit")
def edit(account_id: int) -> str:
    """Every field of the account in a form."""
    return _edit(AccountId(account_id), {}, {})


@bp.post("/accounts/<id:account_id>")
def save(account_id: int) -> Response | tuple[str, int]:
    """Save what was changed: all or nothing."""
    deps, actor, key = current_deps(), current_actor(), AccountId(account_id)
    try:
        edit_id = editing.edit(deps, actor, key, typed_in(editing.form(deps, actor, key)))
    except EditClash as clash:
        return _edit(key, clash.fields, clash.theirs), 409
    except InputError as error:
        return _edit(key, error.fields, {}), 422
    say_saved(edit_id, url_for("accounts.undo", edit_id=edit_id or 1))
    return go(url_for("accounts.show", account_id=account_id))


@bp.post("/accounts/<id:account_id>/archiving")
def archive(account_id: int) -> Response:
    """Archive the account, or restore it."""
    deps, actor, key = current_deps(), current_actor(), AccountId(account_id)
    fields = [one for one in editing.form(deps, actor, key) if one.name == "archived"]
    edit_id = editing.edit(deps, actor, key, typed_in(fields))
    sentence = "Archived. Its mail still comes in." if text("archived") else "It is in the list."
    say_saved(edit_id, url_for("accounts.undo", edit_id=edit_id or 1), sentence)
    return go(url_for("accounts.show", account_id=account_id))


@bp.get("/accounts/<id:account_id>/changes")
def changes(account_id: int) -> str:
    """Who changed what, with Undo."""
    deps, actor, key = current_deps(), current_actor(), AccountId(account_id)
    account = accounts.account(deps, actor, key)
    return render_template(
        "accounts/changes.html",
        name=account.name,
        trail=_trail(account.name, key),
        changes=editing.changes(deps, actor, key),
        undo="accounts.undo",
    )


@bp.post("/accounts/edits/<id:edit_id>/undoing")
def undo(edit_id: int) -> Response:
    """Undo one change."""
    account_id = editing.undo(current_deps(), current_actor(), edit_id)
    say("Undone.")
    return go(url_for("accounts.show", account_id=account_id))


@bp.get("/accounts/<id:account_id>/deletion")
def ask_deletion(account_id: int) -> str:
    """Explain what goes and what stays, before the deletion."""
    deps, actor, key = current_deps(), current_actor(), AccountId(account_id)
    account, mail = editing.account_and_mail(deps, actor, key)
    return render_template(
        "question.html",
        heading=f"Delete {account}?",
        text=(
            f"Its notes, traits and list of changes are deleted for good. Its people stay, and so "
            f"{'does' if mail == 1 else 'do'} {plural(mail, 'conversation')}: no mail is deleted, "
            "here or in Gmail, but it is no longer filed under this account. To put the account "
            "out of the way and keep everything, archive it."
        ),
        action=url_for("accounts.delete", account_id=account_id),
        back=url_for("accounts.show", account_id=account_id),
        yes="Delete the account",
        tone="danger",
        hidden={},
    )


@bp.post("/accounts/<id:account_id>/deletion")
def delete(account_id: int) -> Response:
    """Permanently delete it."""
    name = editing.delete(current_deps(), current_actor(), AccountId(account_id))
    say(f"{name} is deleted. Its people and its mail are still here.")
    return go(url_for("accounts.index"))


@bp.get("/customers")
def elsewhere() -> Response:
    """Redirects another name of this page."""
    return redirect(url_for("accounts.index"), code=301)


def may_delete() -> bool:
    """Whether the reader may delete records."""
    return allowed(current_actor().role, Permission.RECORD_DELETE, own=False)


def _new(typed: Mapping[str, str], errors: Mapping[str, str]) -> str:
    return render_template("accounts/new.html", typed=typed, errors=errors)


def _edit(key: AccountId, errors: Mapping[str, str], theirs: Mapping[str, str]) -> str:
    """The form. After a refusal it holds what was typed and what was shown then, except for a field
    that a colleague changed: there it holds the present value.
    """
    deps, actor = current_deps(), current_actor()
    account = accounts.account(deps, actor, key)
    fields = editing.form(deps, actor, key)
    return render_template(
        "accounts/edit.html",
        heading=f"Edit {account.name}",
        trail=_trail(account.name, key),
        action=url_for("accounts.save", account_id=key),
        back=url_for("accounts.show", account_id=key),
        again=url_for("accounts.edit", account_id=key),
        fields=fields,
        typed=request.form if errors else {},
        theirs={**{name: one.was for name, one in typed_in(fields).items()}, **theirs},
        clashing=bool(theirs),
        errors=errors,
    )


def _trail(name: str, key: AccountId) -> list[tuple[str, str]]:
    return [
        ("Accounts", url_for("accounts.index")),
        (name, url_for("accounts.show", account_id=key)),
    ]
