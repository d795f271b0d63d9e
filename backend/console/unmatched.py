"""Unmatched people: who is on the reader's own mail and no contact, and what to do about each."""

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from backend.console.blueprints import members_only
from backend.console.context import current_actor, current_deps
from backend.console.flash import Undo, go, say
from backend.console.request_parsing import nonce, text
from backend.errors import InputError
from backend.queries.unmatched import unmatched_people
from backend.services import unmatched
from backend.services.creating_contacts import AccountByName, NewContact, create_contact
from backend.services.settings import add_never_log

bp = members_only("unmatched", __name__)
UNDO_SHOWN = 20
"""Seconds."""


@bp.get("/unmatched")
def index() -> str:
    """The newest such people, or those whom the reader ignores."""
    return render({})


@bp.post("/unmatched/contacts")
def create() -> Response | tuple[str, int]:
    """Make a contact, with the earlier mail of the reader's own mailbox."""
    account = text("account").strip()
    person = NewContact(
        name=text("name"),
        email=text("email"),
        account=AccountByName(account) if account else None,
        earlier=True,
    )
    try:
        contact_id = create_contact(
            current_deps(), current_actor(), person=person, log=None, nonce=text("nonce")
        )
    except InputError as error:
        return render(error.fields), 422
    told(f"{text('name')} is a contact. Their earlier mail is on its way.", contact_id)
    return go(url_for("unmatched.index"))


@bp.post("/unmatched/addresses")
def add_to() -> Response | tuple[str, int]:
    """Add the address to an existing contact."""
    try:
        contact_id = unmatched.add_to(
            current_deps(), current_actor(), email=text("email"), contact_email=text("contact")
        )
    except InputError as error:
        return render(error.fields), 422
    told(f"{text('email')} is added. Its earlier mail is on its way.", contact_id)
    return go(url_for("unmatched.index"))


@bp.post("/unmatched/ignored/<token>")
def ignore(token: str) -> Response:
    """Suggest them no more, or again."""
    if text("again"):
        unmatched.heed(current_deps(), current_actor(), token=token)
        say("They are suggested again.")
        return go(url_for("unmatched.index"))
    unmatched.ignore(current_deps(), current_actor(), token=token)
    back = url_for("unmatched.restore", token=token)
    say(
        "They are not suggested to you any more.",
        undo=Undo(url=back, version=0, seconds=UNDO_SHOWN),
    )
    return go(url_for("unmatched.index"))


@bp.post("/unmatched/ignored/<token>/return")
def restore(token: str) -> Response:
    """Undo ignoring."""
    unmatched.heed(current_deps(), current_actor(), token=token)
    say("They are suggested again.")
    return go(url_for("unmatched.index"))


@bp.post("/unmatched/never-log")
def never_log() -> Response:
    """Put the address on the reader's own never-log list."""
    add_never_log(
        current_deps(), current_actor(), kind="address", value=text("email"), scope="mine"
    )
    say(
        f"Mail with {text('email')} stays out of your mailbox's history.",
        url=url_for("never_log.index"),
        label="Never log",
    )
    return go(url_for("unmatched.index"))


def told(sentence: str, contact_id: int) -> None:
    """Say it, with the way to the contact."""
    say(sentence, url=url_for("contacts.show", contact_id=contact_id), label="Open")


def render(errors: dict[str, str]) -> str:
    """The page."""
    ignored = request.args.get("show") == "ignored"
    found = unmatched_people(current_deps(), current_actor(), ignored=ignored)
    return render_template(
        "contacts/unmatched.html", found=found, ignored=ignored, errors=errors, nonce=nonce()
    )
