"""The card beside the open email: decides which of its kinds it is.

A stored email is shown from the store, without asking Gmail. Of any other only the headers are
read, with the event's own tokens; nothing is stored of strangers.
"""

from backend.deps import Deps
from backend.domain.capture.late_match import LeaveOut
from backend.domain.ids import ContactId, MailboxId, MessageId
from backend.domain.mail.bounces.detection import may_be_bounce
from backend.domain.mail.message import FetchedMessage
from backend.domain.mail.subjects import is_forward_subject
from backend.domain.people.actor import Actor, require_same
from backend.domain.summaries.panel import MessagePanel, UnknownPerson
from backend.domain.summaries.people import AccountLine
from backend.errors import NotFound
from backend.google.open_message import OpenedMessage, can_read, read
from backend.google.opened import Extent
from backend.queries.panel import facts
from backend.queries.panel.facts import CardFacts
from backend.queries.panel.known import Reader, facts_of_preferred, known_person
from backend.queries.panel.unstored import look, unstored_panel
from backend.store import accounts, contacts

GONE = "This email was taken out of Rapport a moment ago. Open it again."
NO_CONTACT = "This email is in Rapport, but nobody on it is a contact."


def open_message(
    deps: Deps, actor: Actor, opened: OpenedMessage, *, about: ContactId | None = None
) -> MessagePanel:
    """The card beside the open email. Raises what reading it from Gmail raises.

    `about` names whom the card shows, among the people on it. Raises ActorChanged when the actor is
    not what the member is now.
    """
    reader = Reader(deps=deps, actor=actor, gmail_id=opened.stored_id, about=about)
    found = _facts(reader, None)
    require_same(actor, found.member)
    if about is not None and found.contact is None:  # merged or erased since the card was drawn
        return open_message(deps, actor, opened)
    if found.message is not None:
        return _stored(reader, found, found.message)
    return _elsewhere(reader, read_for_card(deps, opened), found.mailbox_id)


def read_for_card(deps: Deps, opened: OpenedMessage) -> FetchedMessage:
    """Headers are enough, except for a possible bounce or forward: only the text says of which
    message.
    """
    fetched = read(deps.google, opened, Extent.HEADERS)
    parsed = fetched.parsed
    telling = may_be_bounce(parsed) or is_forward_subject(parsed.subject)
    if telling and can_read(opened, Extent.WHOLE):
        return read(deps.google, opened, Extent.WHOLE)
    return fetched


def _elsewhere(
    reader: Reader, fetched: FetchedMessage, mailbox_id: MailboxId | None
) -> MessagePanel:
    """A colleague's mailbox may have captured the message; else it is new to everybody."""
    sight = look(reader, fetched, mailbox_id)
    if sight.known.message_id is None:
        return unstored_panel(reader, sight)
    found = _facts(reader, sight.known.message_id)
    if found.message is None:
        raise NotFound(GONE)
    return _stored(reader, found, found.message)


def _facts(reader: Reader, message_id: MessageId | None) -> CardFacts:
    wanted = facts.Wanted(gmail_id=reader.gmail_id, message_id=message_id, contact_id=reader.about)
    return facts.known(reader.deps.store, reader.actor, wanted)


def _stored(reader: Reader, found: CardFacts, message: facts.OpenedMessage) -> MessagePanel:
    if found.contact is None:
        with reader.deps.store.begin(reader.actor.workspace_id) as session:
            contact_id = contacts.on_message(session, message.id)
            account = accounts.of_conversation(session, message.conversation_id)
        if contact_id is None:
            return _nobody(reader, message, account)
        wanted = facts.Wanted(
            gmail_id=reader.gmail_id, message_id=message.id, contact_id=contact_id
        )
        found = facts.known(reader.deps.store, reader.actor, wanted)
    return known_person(reader, facts_of_preferred(reader, found))


def _nobody(
    reader: Reader, message: facts.OpenedMessage, account: AccountLine | None
) -> UnknownPerson:
    """It is stored for another reason: a shared mailbox, or the domain of an account."""
    said = f"This email is filed under {account.name}. " if account else ""
    return UnknownPerson(
        gmail_id=reader.gmail_id,
        address=message.sender_address,
        name=message.sender_name,
        account=account,
        new_account_name=None,
        accounts=(),
        earlier=LeaveOut(),
        refusal=f"{said}Nobody on it is a contact." if said else NO_CONTACT,
    )
