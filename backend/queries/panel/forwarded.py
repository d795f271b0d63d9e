"""The author of the message that the open email forwards, as its text claims, where nobody known is
on the email itself.

It is only shown, and offered for a look: nothing is done in that person's name.
"""

from backend.cpu import within
from backend.domain.ids import ContactId
from backend.domain.mail.forwards import read_forward
from backend.domain.mail.message import ParsedMessage
from backend.domain.mail.subjects import is_forward_subject
from backend.domain.people.team import Team
from backend.domain.summaries.panel import Inside
from backend.errors import TooCostly
from backend.queries.conversations.forwarded import JUDGING
from backend.queries.panel.known import Reader
from backend.store import contacts


def forwarded_inside(reader: Reader, message: ParsedMessage, ours: Team) -> Inside | None:
    """The card's sentence; None when it forwards nothing of somebody else's."""
    if not is_forward_subject(message.subject):
        return None
    try:
        found = within(JUDGING, lambda: read_forward(message))
    except TooCostly:
        return None
    sender = found.sender if found else None
    if sender is None or not sender.key or ours.owns(sender.key):
        return None
    with reader.deps.store.begin(reader.actor.workspace_id) as session:
        known = contacts.behind(session, [sender.key]).get(sender.key)
        named = contacts.named(session, [known]) if known is not None else {}
    who = f"{sender.name} ({sender.address})" if sender.name else sender.address
    if known is None:
        said = f"By its text, it forwards a mail of {who}, who is not a contact."
        return Inside(sentence=said, name=sender.name, address=sender.address)
    account = named[known].account_name if ContactId(known) in named else None
    standing = f"a contact of {account}" if account else "a contact"
    standing += ". Nothing proves it, so it is not filed under them"
    return Inside(sentence=f"By its text, it forwards a mail of {who}, {standing}.")
