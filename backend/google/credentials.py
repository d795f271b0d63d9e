"""A mailbox's credentials: the refresh token becomes access tokens, kept in memory while they last.

A refused refresh is distinguished from a token endpoint that did not answer: only the first means
that the owner must authorise again.
"""

import threading
from dataclasses import dataclass, field

import google.auth.exceptions
from google.auth.transport.requests import Request
from google.oauth2.credentials import Credentials

from backend.domain.ids import MailboxId
from backend.errors import (
    ClientRefused,
    MailboxBlocked,
    MailboxDisconnected,
    ProviderUnavailable,
    RapportError,
)
from backend.google.deadlines import timed_session
from backend.google.roots import Roots

TIMEOUT = 10
"""Seconds for one call to the token endpoint."""

OURS = frozenset({"invalid_client", "deleted_client", "unauthorized_client"})
BY_ADMIN = frozenset({"admin_policy_enforced", "org_internal", "access_denied"})
ENDED = frozenset({"invalid_grant", "invalid_rapt", "invalid_scope"})


@dataclass
class CredentialsCache:
    """Credentials of this process's mailboxes. Refreshes one mailbox by one thread at a time."""

    client_id: str
    client_secret: str
    roots: Roots
    _kept: dict[MailboxId, Credentials] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def credentials(self, mailbox_id: MailboxId, refresh_token: str) -> Credentials:
        """Valid credentials. Raises MailboxDisconnected, MailboxBlocked or ProviderUnavailable."""
        with self._lock:
            kept = self._kept.get(mailbox_id)
            if kept is None or kept.refresh_token != refresh_token:
                kept = self._new(refresh_token)
            if not kept.valid:
                refresh(kept)
            self._kept[mailbox_id] = kept
            return kept

    def forget(self, mailbox_id: MailboxId) -> None:
        """Evict a mailbox's credentials, after a disconnect or when Google refused the access
        token.
        """
        with self._lock:
            self._kept.pop(mailbox_id, None)

    def _new(self, refresh_token: str) -> Credentials:
        return Credentials(
            token=None,
            refresh_token=refresh_token,
            token_uri=self.roots.token,
            client_id=self.client_id,
            client_secret=self.client_secret,
        )


def refresh(credentials: Credentials) -> None:
    """Get an access token, or raise the reason why there is none."""
    session = timed_session(TIMEOUT)
    try:
        credentials.refresh(TimedRequest(session))
    except google.auth.exceptions.RefreshError as error:
        raise explain(error) from error
    except google.auth.exceptions.GoogleAuthError as error:
        raise ProviderUnavailable("Google can't be reached right now.") from error
    finally:
        session.close()


class TimedRequest(Request):
    """google-auth's transport with a time limit that fits a job."""

    def __call__(self, *args: object, **options: object) -> object:
        """One request, ended after TIMEOUT seconds."""
        options["timeout"] = TIMEOUT
        return super().__call__(*args, **options)


def explain(error: google.auth.exceptions.RefreshError) -> RapportError:
    """The meaning of a failed refresh: revoked, blocked, our own mistake, or transient."""
    code = error_code(error)
    if code in OURS:
        return ClientRefused(
            f"Google does not accept Rapport's own credentials ({code}). Nothing is wrong with "
            "your account: an admin reads under Health what to do."
        )
    if code in BY_ADMIN:
        return MailboxBlocked(
            "The Google Workspace administrator does not allow Rapport for this account. "
            "Ask them to trust it under API controls."
        )
    if code in ENDED:
        return MailboxDisconnected(
            "Google no longer accepts this mailbox's permission. Connect it again."
        )
    return ProviderUnavailable("Google's sign-in service did not answer properly.")


def error_code(error: google.auth.exceptions.RefreshError) -> str:
    """The OAuth error code inside a RefreshError, empty when there is none."""
    for argument in error.args:
        if isinstance(argument, dict) and argument.get("error"):
            return str(argument["error"])
    return ""
