"""The services' interface to Google: consent, reading a mailbox, sending, the open email."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from backend.domain.ids import MailboxId
from backend.domain.mail.message import FetchedMessage
from backend.google.credentials import CredentialsCache
from backend.google.files import GmailFiles
from backend.google.oauth import OAuthClient
from backend.google.opened import Extent, OpenTokens, read_opened
from backend.google.posting import SentIds, post_message
from backend.google.roots import Roots

if TYPE_CHECKING:
    from backend.google.gmail import GmailMailbox


@dataclass(frozen=True)
class Access:
    """The credentials of one mailbox. `refresh_token` is in clear: never stored, logged
    or shown.
    """

    mailbox_id: MailboxId
    refresh_token: str


@dataclass(frozen=True)
class Google:
    """A process's client for Google. With `push_topic` None there is no push, only polling."""

    oauth: OAuthClient
    roots: Roots
    cache: CredentialsCache
    now: Callable[[], datetime]
    push_topic: str | None = None

    def mailbox(self, access: Access, take: Callable[[int], None]) -> "GmailMailbox":
        """A mailbox to read. Raises MailboxDisconnected when Google refuses the refresh token."""
        # Google's client is slow to import and big: only processes that read mailboxes pay for it.
        from backend.google.discovery import gmail_service  # noqa: PLC0415
        from backend.google.gmail import GmailMailbox  # noqa: PLC0415

        credentials = self.cache.credentials(access.mailbox_id, access.refresh_token)
        return GmailMailbox(gmail_service(self.roots, credentials), take=take, now=self.now)

    def prepare(self, access: Access) -> None:
        """Get a fresh access token, so that a later failure can only be the call's own."""
        self.cache.credentials(access.mailbox_id, access.refresh_token)

    def send(self, access: Access, mime: bytes, *, thread_id: str | None) -> SentIds:
        """Exactly one POST. Raises SendRefused or SendUnknown; before it, as `mailbox` does."""
        credentials = self.cache.credentials(access.mailbox_id, access.refresh_token)
        return post_message(credentials, self.roots, mime, thread_id=thread_id, now=self.now())

    def files(self, access: Access) -> GmailFiles:
        """The files of a mailbox's mail. Raises as `mailbox` does."""
        credentials = self.cache.credentials(access.mailbox_id, access.refresh_token)
        return GmailFiles(self.roots, str(credentials.token), self.now())

    def read_opened(self, gmail_id: str, tokens: OpenTokens, *, extent: Extent) -> FetchedMessage:
        """The email that is open in Gmail, read with the add-on's own tokens."""
        return read_opened(self.roots, gmail_id, tokens, extent=extent, now=self.now())
