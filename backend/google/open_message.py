"""The email that is open in Gmail, as the side panel's event names it, with the tokens to read it.

The tokens are good for this request and this message only: nothing stores, logs or shows them.
"""

from dataclasses import dataclass, field

from backend.domain.mail.message import FetchedMessage
from backend.errors import ScopeMissing
from backend.google.apis import Google
from backend.google.opened import Extent, OpenTokens, hexadecimal

SCOPE = "https://www.googleapis.com/auth/gmail.addons.current.message."
NEEDED = {Extent.HEADERS: f"{SCOPE}metadata", Extent.WHOLE: f"{SCOPE}action"}
"""The permission asked for. A member who may read more may read less."""

ENOUGH = {
    Extent.HEADERS: {f"{SCOPE}metadata", f"{SCOPE}action", f"{SCOPE}readonly"},
    Extent.WHOLE: {f"{SCOPE}action", f"{SCOPE}readonly"},
}


@dataclass(frozen=True, kw_only=True)
class OpenedMessage:
    """An open email. The ids are as Gmail gave them; `scopes` are those granted."""

    gmail_id: str
    thread_id: str
    user_token: str = field(default="", repr=False)
    message_token: str = field(default="", repr=False)
    scopes: frozenset[str] = frozenset()

    @property
    def stored_id(self) -> str:
        """The id under which a mailbox's copy of it is stored.

        >>> OpenedMessage(gmail_id="msg-f:1234567", thread_id="").stored_id
        '12d687'
        """
        return hexadecimal(self.gmail_id)


def read(google: Google, opened: OpenedMessage, extent: Extent) -> FetchedMessage:
    """The open email, read from Gmail. Raises ScopeMissing before asking in vain."""
    if not can_read(opened, extent):
        raise ScopeMissing("Rapport may not look at the open email yet.", scopes=(NEEDED[extent],))
    tokens = OpenTokens(user=opened.user_token, message=opened.message_token)
    return google.read_opened(opened.gmail_id, tokens, extent=extent)


def can_read(opened: OpenedMessage, extent: Extent) -> bool:
    """Whether the member's permission reaches that far."""
    return bool(opened.scopes & ENOUGH[extent])
