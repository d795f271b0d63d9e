"""Contacts: the list, and one contact with their addresses and history."""

import re

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from backend.console.asking import list_query, text
from backend.console.blueprints import members_only
from backend.console.context import current_actor, current_deps
from backend.console.helpers import plural
from backend.console.saying import go, say
from backend.console.templating import page
from backend.domain.ids import ContactId
from backend.domain.paging import whole_id
from backend.errors import InputError
from backend.services import late_matching, subscribing
from backend.services.showing import accounts, contacts, histories
from backend.services.subscribing import Subscription

bp = members_only("contacts", __name__)
HISTORY_PAGE = 25
LIST_ADDRESS = re.compile(r"/contacts(\?[^\s\\]*)?")
NOTHING_EARLIER = "Nothing was found that is not on its way already."


@bp.get("/contacts")
def index() -> str:
    """A page of contacts; only its region for htmx."""
    deps, actor = current_deps(), current_actor()
    query = list_query("subscription", "account", "heard", "replied")
    return page(
        "contacts/index.html",
        fragment="contacts/_list.html",
        query=query,
        found=contacts.contacts(deps, actor, query),
        company=accounts.named(deps, actor, query.filters.get("account")),
    )


@bp.post("/contacts/subscriptions")
def switch() -> Response:
    """Switch the ticked contacts to subscribed or unsubscribed, and back to the list."""
    try:
        to = Subscription(text("to"))
    except ValueError as error:
        raise InputError("Choose subscribed or unsubscribed.") from error
    ticked = [
        ContactId(one) for value in request.form.getlist("contact") if (one := whole_id(value))
    ]
    count = subscribing.switch(current_deps(), current_actor(), contacts=ticked, to=to)
    say(f"{plural(count, 'contact is', 'contacts are')} {to.value}.")
    back = text("back")
    return go(back if LIST_ADDRESS.fullmatch(back) else url_for("contacts.index"))


@bp.get("/contacts/<id:contact_id>")
def show(contact_id: int) -> str:
    """One contact: addresses, subscription, accounts and history."""
    deps, actor, key = current_deps(), current_actor(), ContactId(contact_id)
    query = list_query("kind", limit=HISTORY_PAGE)
    contact = contacts.contact(deps, actor, key)
    return render_template(
        "contacts/show.html",
        contact=contact,
        history=histories.contact_history(deps, actor, key, query),
        query=query,
        earlier=late_matching.earlier_mail(deps, actor, key),
    )


@bp.post("/contacts/<id:contact_id>/earlier-mail")
def bring_in(contact_id: int) -> Response:
    """Fetch the mail from before they were a contact."""
    number = late_matching.bring_in(current_deps(), current_actor(), ContactId(contact_id))
    say(f"{plural(number, 'earlier email')} on the way." if number else NOTHING_EARLIER)
    return go(url_for("contacts.show", contact_id=contact_id))


@bp.get("/users")
def elsewhere() -> Response:
    """The same by another name."""
    return redirect(url_for("contacts.index"), code=301)
