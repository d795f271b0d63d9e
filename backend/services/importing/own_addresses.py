"""The further addresses of a mailbox's owner, as Gmail's “Send mail as” proves them (S-13).

They change while a mailbox is connected, so they are read on connecting, each night, and when its
SENT mail has an unknown sender. A failure of Gmail stops nothing: they are read again later.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import structlog

from backend.deps import Deps
from backend.domain.ids import MailboxId, MailboxKey, WorkspaceId
from backend.domain.mail.labels import Label
from backend.domain.mail.message import FetchedMessage
from backend.errors import RapportError
from backend.services.importing.opening import open_mailbox
from backend.services.late_matching import decide_again
from backend.services.troubles import troubles_noted
from backend.store import aliases, mailboxes
from backend.store.workspace_rules import team

if TYPE_CHECKING:
    from collections.abc import Iterable

    from backend.google.deferred import Fetched
    from backend.google.gmail import GmailMailbox

log = structlog.get_logger(__name__)


def read_addresses(deps: Deps, workspace_id: WorkspaceId, mailbox_id: MailboxId) -> None:
    """Reread a mailbox's further addresses."""
    key = MailboxKey(workspace_id, mailbox_id)
    with troubles_noted(deps, key):
        learn_addresses(deps, key, open_mailbox(deps, key))


def learn_addresses(deps: Deps, key: MailboxKey, gmail: "GmailMailbox") -> None:
    """Store what Gmail proves now, and drop what it no longer does; or leave everything as it
    was.
    """
    try:
        proven = gmail.send_as()
    except RapportError as error:
        log.info("send_as_unread", mailbox_id=key.mailbox_id, why=type(error).__name__)
        with deps.store.begin(key.workspace_id) as session:
            aliases.read_soon(session, key.mailbox_id)
        return
    if not any(one.primary for one in proven):
        return  # every mailbox may send as itself: an answer without that is invalid
    with deps.store.begin(key.workspace_id) as session:
        mailbox = mailboxes.get(session, key.mailbox_id)
        new = aliases.learn(session, mailbox, [one.address for one in proven], deps.now())
        decide_again(session, deps, key.workspace_id, new)


@dataclass(kw_only=True)
class OwnSenders:
    """The senders on the SENT mail of one job; each unknown one is checked once."""

    deps: Deps
    key: MailboxKey
    gmail: "GmailMailbox"
    _seen: set[str] = field(default_factory=set)

    def look_at(self, answers: "Iterable[Fetched]") -> None:
        """Before such mail is decided: an unknown sender may be an address added since."""
        senders = {
            one.parsed.sender.key
            for one in answers
            if isinstance(one, FetchedMessage) and Label.SENT in one.label_ids and one.parsed.sender
        }
        new = senders - self._seen
        if not new:
            return
        self._seen |= new
        with self.deps.store.begin(self.key.workspace_id) as session:
            ours = team(session)
        if any(not ours.owns(key) for key in new):
            learn_addresses(self.deps, self.key, self.gmail)
