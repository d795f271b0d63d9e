"""A rep's clicks: read the form, call one verb of a service, render the new state.

Each answer is rendered from the store and not from the click, so that two people who click at the
same time see the same.
"""

from addon.addon_request import AddonRequest
from addon.contact_form import account_choice
from addon.notices import added_notice, follow_notice, logged_notice
from addon.responses import redrawn, suggested
from backend.domain.capture.rule import Asked
from backend.domain.ids import AccountId, ContactId, ConversationId
from backend.domain.paging import whole_id
from backend.domain.summaries.panel import MessagePanel, UnknownPerson
from backend.errors import InputError
from backend.queries.accounts import account_names
from backend.queries.home import home_panel
from backend.queries.panel.message import open_message
from backend.services import assigning, contact_preference, creating_contacts, logging_mail, notes
from cards.clicks import Json
from cards.home import home_card
from cards.panel import panel_card
from cards.unknown import unknown_later_card


def refresh_home(request: AddonRequest) -> Json:
    """Render the home card again."""
    return redrawn(home_card(home_panel(request.deps, request.actor), request.context))


def refresh_message(request: AddonRequest) -> Json:
    """Render the message card again."""
    shown = _shown(request)
    return redrawn(panel_card(shown, request.context))


def log(request: AddonRequest) -> Json:
    """Log the open email to the team's timeline."""
    opened = request.opened
    anyway = request.event.parameters.get("anyway") == "yes"
    done = logging_mail.log(
        request.deps,
        request.actor,
        opened=opened,
        nonce=request.nonce,
        asked=Asked.LOG_ANYWAY if anyway else Asked.LOG,
    )
    shown = _shown(request)
    card = panel_card(shown, request.context)
    return redrawn(card, notice=logged_notice(done, shown), stale=True)


def unlog(request: AddonRequest) -> Json:
    """Take it out again."""
    opened = request.opened
    logging_mail.unlog(request.deps, request.actor, opened=opened, nonce=request.nonce)
    shown = _shown(request)
    card = panel_card(shown, request.context)
    return redrawn(card, notice="Removed from the timeline", stale=True)


def follow(request: AddonRequest) -> Json:
    """Switch the logging of replies on this thread."""
    opened = request.opened
    following = logging_mail.Following
    wanted = following.ON if request.event.ticked("follow") else following.OFF
    logging_mail.follow(request.deps, request.actor, opened=opened, to=wanted)
    shown = _shown(request)
    return redrawn(panel_card(shown, request.context), notice=follow_notice(wanted), stale=True)


def save_note(request: AddonRequest) -> Json:
    """Write a note on the account, or on the person; the card comes back with an empty field."""
    account, contact = request.number("account"), request.number("contact")
    conversation = request.number("conversation")
    about = notes.NotePlace(
        account_id=AccountId(account) if account else None,
        contact_id=ContactId(contact) if contact else None,
        conversation_id=ConversationId(conversation) if conversation else None,
    )
    text = request.event.text(request.note_field)
    notes.write_note(request.deps, request.actor, text=text, about=about, nonce=request.nonce)
    shown = _shown(request)
    context = request.with_cleared_note()
    return redrawn(panel_card(shown, context), notice="Note saved", stale=True)


def add_contact(request: AddonRequest) -> Json:
    """Create a contact from the sender, and log the email if the box is ticked."""
    event, opened = request.event, request.opened
    person = creating_contacts.NewContact(
        name=event.text("name"),
        email=event.text("email"),
        account=account_choice(event),
        earlier=event.ticked("earlier"),
    )
    creating_contacts.create_contact(
        request.deps,
        request.actor,
        person=person,
        log=opened if event.ticked("log") else None,
        nonce=request.nonce,
    )
    shown = _shown(request)
    card = panel_card(shown, request.context)
    return redrawn(card, notice=added_notice(person), stale=True)


def not_now(request: AddonRequest) -> Json:
    """Fold the form away."""
    shown = _shown(request)
    if not isinstance(shown, UnknownPerson):
        return redrawn(panel_card(shown, request.context))
    notice = "Nothing has been stored"
    return redrawn(unknown_later_card(shown, request.context), notice=notice)


def use_person(request: AddonRequest) -> Json:
    """Show the chosen one of several contacts with this address, and remember the choice if wanted
    (C-4).
    """
    person = whole_id(request.event.text("person"))
    if person is None:
        raise InputError("Choose one of the people, then press the button again.")
    about = ContactId(person)
    if request.event.ticked("remember"):
        contact_preference.prefer(request.deps, request.actor, about, nonce=request.nonce)
    shown = open_message(request.deps, request.actor, request.opened, about=about)
    return redrawn(panel_card(shown, request.context), stale=request.event.ticked("remember"))


def assign(request: AddonRequest) -> Json:
    """Assign the person to the member, or unassign them (D-19)."""
    contact, mine = request.number("contact"), request.event.parameters.get("to") == "me"
    if contact is None:
        raise InputError("The card names nobody. Open the email again.")
    assigning.assign(
        request.deps,
        request.actor,
        contact_ids=[ContactId(contact)],
        to=request.actor.member_id if mine else None,
    )
    notice = "Assigned to you" if mine else "Assigned to nobody"
    return redrawn(panel_card(_shown(request), request.context), notice=notice, stale=True)


def suggest_accounts(request: AddonRequest) -> Json:
    """Accounts whose name begins with the typed text."""
    typed = request.event.text("other_account")
    return suggested(account_names(request.deps, request.actor, typed))


def _shown(request: AddonRequest) -> MessagePanel:
    """The card's current state, for the same person as before."""
    return open_message(request.deps, request.actor, request.opened, about=request.about)
