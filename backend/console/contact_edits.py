"""Forms of one contact: fields, addresses, accounts, archive, deletion, and the list of changes."""

from collections.abc import Mapping

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from backend.console.blueprints import members_only
from backend.console.contacts import page_of
from backend.console.context import current_actor, current_deps
from backend.console.flash import go, say
from backend.console.helpers import plural
from backend.console.record_forms import note_from_form, say_saved, typed_in
from backend.console.request_parsing import text
from backend.domain.ids import AccountId, ContactId
from backend.domain.paging import whole_id
from backend.domain.summaries.edits import FormField
from backend.errors import EditClash, InputError
from backend.queries import contacts
from backend.services import contacts as editing
from backend.services.notes import NotePlace

bp = members_only("contact_edits", __name__)


@bp.get("/contacts/<id:contact_id>/edit")
def edit(contact_id: int) -> str:
    """Every field of the contact in a form."""
    return _edit(ContactId(contact_id), {}, {})


@bp.post("/contacts/<id:contact_id>")
def save(contact_id: int) -> Response | tuple[str, int]:
    """Save what was changed: all or nothing."""
    deps, actor, key = current_deps(), current_actor(), ContactId(contact_id)
    try:
        edit_id = editing.edit(deps, actor, key, typed_in(_shown(key)))
    except EditClash as clash:
        return _edit(key, clash.fields, clash.theirs), 409
    except InputError as error:
        return _edit(key, error.fields, {}), 422
    return _back(key, edit_id, "Saved.")


@bp.post("/contacts/<id:contact_id>/addresses")
def add_address(contact_id: int) -> Response | tuple[str, int]:
    """Add an address."""
    key, address = ContactId(contact_id), text("address")
    try:
        edit_id = editing.add_address(current_deps(), current_actor(), key, address=address)
    except InputError as error:
        return page_of(key, error.fields), 422
    return _back(key, edit_id, f"{address.strip()} is added. Mail with it is logged from now on.")


@bp.post("/contacts/<id:contact_id>/addresses/change")
def change_address(contact_id: int) -> Response:
    """Remove an address, or make it the primary one."""
    key, remove, primary = ContactId(contact_id), text("remove"), text("primary")
    edit_id = editing.change_addresses(
        current_deps(), current_actor(), key, remove=remove, primary=primary
    )
    sentence = f"Mail goes to {primary} from now on."
    if remove:
        sentence = f"{remove} is removed. Its mail stays; new mail with it is not logged for them."
    return _back(key, edit_id, sentence)


@bp.post("/contacts/<id:contact_id>/accounts")
def join(contact_id: int) -> Response | tuple[str, int]:
    """Add the contact to an account, or change their role there."""
    key = ContactId(contact_id)
    try:
        edit_id = editing.join_account(
            current_deps(), current_actor(), key, account=text("account"), role=text("role")
        )
    except InputError as error:
        return page_of(key, error.fields), 422
    return _back(key, edit_id, "Saved.")


@bp.post("/contacts/<id:contact_id>/accounts/leaving")
def leave(contact_id: int) -> Response:
    """Remove the contact from an account."""
    key, account_id = ContactId(contact_id), AccountId(whole_id(text("account")) or 0)
    edit_id = editing.leave_account(current_deps(), current_actor(), key, account_id)
    return _back(key, edit_id, "Removed from the account. Mail that is filed there stays there.")


@bp.post("/contacts/<id:contact_id>/notes")
def add_note(contact_id: int) -> Response | tuple[str, int]:
    """Write a note on the contact."""
    key = ContactId(contact_id)
    try:
        note_from_form(NotePlace(contact_id=key))
    except InputError as error:
        return page_of(key, error.fields), 422
    return go(url_for("contacts.show", contact_id=key))


@bp.post("/contacts/<id:contact_id>/archiving")
def archive(contact_id: int) -> Response:
    """Archive the contact, or restore them."""
    deps, actor, key = current_deps(), current_actor(), ContactId(contact_id)
    fields = [one for one in _shown(key) if one.name == "archived"]
    edit_id = editing.edit(deps, actor, key, typed_in(fields))
    sentence = "Archived. Their mail still comes in." if text("archived") else "Back in the list."
    return _back(key, edit_id, sentence)


@bp.get("/contacts/<id:contact_id>/changes")
def changes(contact_id: int) -> str:
    """Who changed what, with Undo."""
    deps, actor, key = current_deps(), current_actor(), ContactId(contact_id)
    name = contacts.contact(deps, actor, key).name
    return render_template(
        "accounts/changes.html",
        name=name,
        trail=_trail(name, key),
        changes=editing.changes(deps, actor, key),
        undo="contact_edits.undo",
    )


@bp.post("/contacts/edits/<id:edit_id>/undoing")
def undo(edit_id: int) -> Response:
    """Undo one change."""
    contact_id = editing.undo(current_deps(), current_actor(), edit_id)
    say("Undone.")
    return go(url_for("contacts.show", contact_id=contact_id))


@bp.get("/contacts/<id:contact_id>/deletion")
def ask_deletion(contact_id: int) -> str:
    """Explain what goes and what stays, before the deletion."""
    name, mail = editing.name_and_mail(current_deps(), current_actor(), ContactId(contact_id))
    return render_template(
        "question.html",
        heading=f"Delete {name}?",
        text=(
            f"Their addresses, notes and list of changes are deleted for good. Nothing is deleted "
            f"of {plural(mail, 'conversation')}, here or in Gmail, but no mail is filed under them "
            "any more, and new mail with them is not logged. To put them out of the way and keep "
            "everything, archive them."
        ),
        action=url_for("contact_edits.delete", contact_id=contact_id),
        back=url_for("contacts.show", contact_id=contact_id),
        yes="Delete the contact",
        tone="danger",
        hidden={},
    )


@bp.post("/contacts/<id:contact_id>/deletion")
def delete(contact_id: int) -> Response:
    """Permanently delete them."""
    name = editing.delete(current_deps(), current_actor(), ContactId(contact_id))
    say(f"{name} is deleted. Their mail is still here.")
    return go(url_for("contacts.index"))


def _shown(key: ContactId) -> tuple[FormField, ...]:
    return editing.form(current_deps(), current_actor(), key)


def _back(key: ContactId, edit_id: int | None, sentence: str) -> Response:
    say_saved(edit_id, url_for("contact_edits.undo", edit_id=edit_id or 1), sentence)
    return go(url_for("contacts.show", contact_id=key))


def _edit(key: ContactId, errors: Mapping[str, str], theirs: Mapping[str, str]) -> str:
    name, fields = contacts.contact(current_deps(), current_actor(), key).name, _shown(key)
    return render_template(
        "accounts/edit.html",
        heading=f"Edit {name}",
        trail=_trail(name, key),
        action=url_for("contact_edits.save", contact_id=key),
        back=url_for("contacts.show", contact_id=key),
        again=url_for("contact_edits.edit", contact_id=key),
        fields=fields,
        typed=request.form if errors else {},
        theirs={**{one: typed.was for one, typed in typed_in(fields).items()}, **theirs},
        clashing=bool(theirs),
        errors=errors,
    )


def _trail(name: str, key: ContactId) -> list[tuple[str, str]]:
    return [
        ("Contacts", url_for("contacts.index")),
        (name, url_for("contacts.show", contact_id=key)),
    ]
