"""Contacts: the list, and one contact with their addresses and history."""

import re
from collections.abc import Mapping

from flask import jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from backend.console.accounts import may_delete
from backend.console.blueprints import members_only
from backend.console.context import current_actor, current_deps
from backend.console.flash import go, say
from backend.console.helpers import plural
from backend.console.request_parsing import list_query, nonce, text
from backend.console.templating import page
from backend.domain.ids import ContactId, MemberId
from backend.domain.paging import whole_id
from backend.domain.people.entered_people import written_person
from backend.errors import InputError
from backend.queries import accounts, contacts, histories, tasks
from backend.queries.settings.team import assignable
from backend.services import assigning, late_matching, subscriptions
from backend.services import contacts as editing
from backend.services.creating_contacts import AccountByName, NewContact, create_contact
from backend.services.subscriptions import Subscription
from backend.services.tasks import TaskPlace

bp = members_only("contacts", __name__)
HISTORY_PAGE = 25
NOBODY = "nobody"
SUGGESTED = 8
OWN_ADDRESS = re.compile(r"/contacts(/[1-9][0-9]{0,17})?(\?[^\s\\]*)?")
NOTHING_EARLIER = "Nothing was found that is not on its way already."


@bp.get("/contacts")
def index() -> str:
    """A page of contacts; only its region for htmx."""
    deps, actor = current_deps(), current_actor()
    query = list_query("archived", "subscription", "account", "assigned", "heard", "replied")
    return page(
        "contacts/index.html",
        fragment="contacts/_list.html",
        query=query,
        found=contacts.contacts(deps, actor, query),
        company=accounts.named(deps, actor, query.filters.get("account")),
        team=assignable(deps, actor),
    )


@bp.get("/contacts/new")
def new() -> str:
    """The form for a new contact, prefilled from the query string."""
    email = request.args.get("email", "")
    name, account = contacts.offered(
        current_deps(), current_actor(), name=request.args.get("name", ""), email=email
    )
    return _form({"name": name, "email": email, "account": account, "nonce": nonce()}, {})


@bp.post("/contacts")
def add() -> Response | tuple[str, int]:
    """Create a contact, or find the one with this address."""
    typed = {field: text(field) for field in ("name", "email", "account", "nonce")}
    account = typed["account"].strip()
    person = NewContact(
        name=typed["name"],
        email=typed["email"],
        account=AccountByName(account) if account else None,
    )
    try:
        contact_id = create_contact(
            current_deps(), current_actor(), person=person, log=None, nonce=typed["nonce"]
        )
    except InputError as error:
        return _form(typed, error.fields), 422
    say(f"{contacts.contact(current_deps(), current_actor(), contact_id).name} is a contact now.")
    return go(url_for("contacts.show", contact_id=contact_id))


def _form(typed: dict[str, str], errors: dict[str, str]) -> str:
    return render_template("contacts/new.html", typed=typed, errors=errors)


@bp.post("/contacts/subscriptions")
def switch() -> Response:
    """Switch the ticked contacts to subscribed or unsubscribed, and return to the list."""
    try:
        to = Subscription(text("to"))
    except ValueError as error:
        raise InputError("Choose subscribed or unsubscribed.") from error
    count = subscriptions.switch(current_deps(), current_actor(), contacts=ticked(), to=to)
    say(f"{plural(count, 'contact is', 'contacts are')} {to}.")
    return to_list()


@bp.post("/contacts/assignments")
def assign() -> Response:
    """Assign the ticked contacts to a colleague or to nobody, and return to the list or page."""
    member = whole_id(text("member"))
    if member is None and text("member") != NOBODY:
        raise InputError("Choose a colleague, or nobody.")
    to = MemberId(member) if member is not None else None
    count = assigning.assign(current_deps(), current_actor(), contact_ids=ticked(), to=to)
    say(f"{plural(count, 'contact')} changed hands." if count else "Nothing was reassigned.")
    return to_list()


@bp.post("/contacts/letters")
def write() -> Response:
    """Start a conversation with the ticked contacts."""
    if not ticked():
        raise InputError("Tick at least one contact.")
    return go(url_for("composing.new", contacts=ticked()))


def ticked() -> list[ContactId]:
    """The contacts ticked in the list."""
    return [ContactId(one) for value in request.form.getlist("contact") if (one := whole_id(value))]


def to_list() -> Response:
    """Return to the filtered list, or to the page of one contact."""
    back = text("back")
    return go(back if OWN_ADDRESS.fullmatch(back) else url_for("contacts.index"))


@bp.get("/contacts/suggested")
def suggested() -> Response:
    """Suggestions for a field of recipients: names or addresses that begin as typed."""
    found = contacts.suggested(
        current_deps(), current_actor(), request.args.get("q", ""), limit=SUGGESTED
    )
    return jsonify(
        [
            {
                "entry": written_person(one.name, one.address),
                "name": one.name,
                "note": one.write_block or (one.accounts[0].name if one.accounts else ""),
                "address": one.address,
            }
            for one in found
            if one.address
        ]
    )


@bp.get("/contacts/<id:contact_id>")
def show(contact_id: int) -> str:
    """One contact: addresses, subscription, accounts and history."""
    return page_of(ContactId(contact_id), {})


def page_of(key: ContactId, errors: Mapping[str, str]) -> str:
    """The page, with the typed text when it needs correction."""
    deps, actor = current_deps(), current_actor()
    query = list_query("kind", limit=HISTORY_PAGE)
    return render_template(
        "contacts/show.html",
        contact=contacts.contact(deps, actor, key),
        tasks=tasks.about(deps, actor, TaskPlace(contact_id=key)),
        history=histories.contact_history(deps, actor, key, query),
        pinned=histories.pinned_notes(deps, actor, contact_id=key),
        query=query,
        earlier=late_matching.earlier_mail(deps, actor, key),
        team=assignable(deps, actor),
        roles=contacts.roles(deps, actor, key),
        changes=editing.changes(deps, actor, key),
        may_delete=may_delete(),
        note_url=url_for("contact_edits.add_note", contact_id=key),
        note_nonce=nonce(),
        errors=errors,
        typed=request.form if errors else {},
    )


@bp.post("/contacts/<id:contact_id>/earlier-mail")
def bring_in(contact_id: int) -> Response:
    """Fetch mail from before they were a contact."""
    number = late_matching.bring_in(current_deps(), current_actor(), ContactId(contact_id))
    say(
        f"{plural(number, 'earlier email is', 'earlier emails are')} on the way."
        if number
        else NOTHING_EARLIER
    )
    return go(url_for("contacts.show", contact_id=contact_id))


@bp.get("/users")
def elsewhere() -> Response:
    """Redirects another name of this page."""
    return redirect(url_for("contacts.index"), code=301)
