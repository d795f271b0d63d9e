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


def refresh_home(caller: AddonRequest) -> Json:
    """Render the home card again."""
    return redrawn(home_card(home_panel(caller.deps, caller.actor), caller.context))


def refresh_message(caller: AddonRequest) -> Json:
    """Render the message card again."""
    shown = _shown(caller)
    return redrawn(panel_card(shown, caller.context))


def log(caller: AddonRequest) -> Json:
    """Log the open e-mail to the team's timeline."""
    opened = caller.opened
    anyway = caller.event.parameters.get("anyway") == "yes"
    done = logging_mail.log(
        caller.deps,
        caller.actor,
        opened=opened,
        nonce=caller.nonce,
        asked=Asked.LOG_ANYWAY if anyway else Asked.LOG,
    )
    shown = _shown(caller)
    card = panel_card(shown, caller.context)
    return redrawn(card, notice=logged_notice(done, shown), stale=True)


def unlog(caller: AddonRequest) -> Json:
    """Take it out again."""
    opened = caller.opened
    logging_mail.unlog(caller.deps, caller.actor, opened=opened, nonce=caller.nonce)
    shown = _shown(caller)
    card = panel_card(shown, caller.context)
    return redrawn(card, notice="Removed from the timeline", stale=True)


def follow(caller: AddonRequest) -> Json:
    """Switch the logging of replies on this thread."""
    opened = caller.opened
    wanted = (
        logging_mail.Following.ON if caller.event.ticked("follow") else (logging_mail.Following.OFF)
    )
    logging_mail.follow(caller.deps, caller.actor, opened=opened, to=wanted)
    shown = _shown(caller)
    return redrawn(panel_card(shown, caller.context), notice=follow_notice(wanted), stale=True)


def save_note(caller: AddonRequest) -> Json:
    """Write a note on the account, or on the person; the card comes back with an empty field."""
    account, contact = caller.number("account"), caller.number("contact")
    conversation = caller.number("conversation")
    about = notes.NotePlace(
        account_id=AccountId(account) if account else None,
        contact_id=ContactId(contact) if contact else None,
        conversation_id=ConversationId(conversation) if conversation else None,
    )
    text = caller.event.text(caller.note_field)
    notes.write_note(caller.deps, caller.actor, text=text, about=about, nonce=caller.nonce)
    shown = _shown(caller)
    context = caller.with_cleared_note()
    return redrawn(panel_card(shown, context), notice="Note saved", stale=True)


def add_contact(caller: AddonRequest) -> Json:
    """Create a contact from the sender, and log the e-mail if the box is ticked."""
    event, opened = caller.event, caller.opened
    person = creating_contacts.NewContact(
        name=event.text("name"),
        email=event.text("email"),
        account=account_choice(event),
        earlier=event.ticked("earlier"),
    )
    creating_contacts.create_contact(
        caller.deps,
        caller.actor,
        person=person,
        log=opened if event.ticked("log") else None,
        nonce=caller.nonce,
    )
    shown = _shown(caller)
    card = panel_card(shown, caller.context)
    return redrawn(card, notice=added_notice(person), stale=True)


def not_now(caller: AddonRequest) -> Json:
    """Fold the form away."""
    shown = _shown(caller)
    if not isinstance(shown, UnknownPerson):
        return redrawn(panel_card(shown, caller.context))
    notice = "Nothing has been stored"
    return redrawn(unknown_later_card(shown, caller.context), notice=notice)


def use_person(caller: AddonRequest) -> Json:
    """Show the chosen one of several contacts with this address, and remember the choice if wanted
    (C-4).
    """
    typed = caller.event.text("person")
    if not (typed.isdecimal() and typed.isascii() and len(typed) < 19):
        raise InputError("Choose one of the people, then press the button again.")
    about = ContactId(int(typed))
    if caller.event.ticked("remember"):
        contact_preference.prefer(caller.deps, caller.actor, about, nonce=caller.nonce)
    shown = open_message(caller.deps, caller.actor, caller.opened, about=about)
    return redrawn(panel_card(shown, caller.context), stale=caller.event.ticked("remember"))


def assign(caller: AddonRequest) -> Json:
    """Assign the person to the member, or unassign them (D-19)."""
    contact, mine = caller.number("contact"), caller.event.parameters.get("to") == "me"
    if contact is None:
        raise InputError("The card names nobody. Open the email again.")
    assigning.assign(
        caller.deps,
        caller.actor,
        contact_ids=[ContactId(contact)],
        to=caller.actor.member_id if mine else None,
    )
    notice = "Assigned to you" if mine else "Assigned to nobody"
    return redrawn(panel_card(_shown(caller), caller.context), notice=notice, stale=True)


def suggest_accounts(caller: AddonRequest) -> Json:
    """Accounts whose name begins with the typed text."""
    typed = caller.event.text("other_account")
    return suggested(account_names(caller.deps, caller.actor, typed))


def _shown(caller: AddonRequest) -> MessagePanel:
    """The card's current state, for the same person as before."""
    return open_message(caller.deps, caller.actor, caller.opened, about=caller.about)
