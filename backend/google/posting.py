"""Sending one mail: exactly one POST, whose outcome is sent, refused or unknown.

Not the API client: that repeats a POST by itself when the server closes the connection without an
answer, and a mail would leave twice. No retries, no redirects, a fresh connection.
"""

import secrets
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

import google.auth.exceptions
import orjson
import requests
from google.auth.transport.requests import AuthorizedSession
from google.oauth2.credentials import Credentials
from requests.exceptions import ConnectTimeout
from urllib3.exceptions import MaxRetryError, NewConnectionError, ProxyError

from backend.errors import SendRefused, SendUnknown
from backend.google.answers import Answer, cause_of, limit_of
from backend.google.credentials import TIMEOUT as TOKEN_TIMEOUT
from backend.google.credentials import TimedRequest, explain
from backend.google.deadlines import timed, timed_session
from backend.google.roots import GMAIL, Roots

TIMEOUT = (5, 60)
"""Seconds to connect, and between two bytes of the answer."""

ANSWERS_WITHIN = 60.0
"""Seconds for the whole answer."""

REFUSALS = frozenset({400, 401, 403, 404, 405, 411, 412, 413, 414, 415, 422, 429, 431})
"""Statuses that prove the mail was not accepted, whichever server sent them. Any other may hide an
accepted mail: a timeout, a conflict, a broken server.
"""

TOO_LARGE = 413


@dataclass(frozen=True)
class SentIds:
    """Gmail's ids of what was sent. The thread may differ from the one asked for."""

    gmail_id: str
    thread_id: str


def post_message(
    credentials: Credentials, roots: Roots, mime: bytes, *, thread_id: str | None, now: datetime
) -> SentIds:
    """Send `mime`. Raises SendUnknown in any doubt. Every other error proves that it did not leave:
    SendRefused, MailboxTrouble, or the error of a failed refresh.
    """
    url = roots.at(GMAIL, "/upload/gmail/v1/users/me/messages/send?uploadType=multipart")
    boundary = secrets.token_hex(16)
    with (
        timed_session(TOKEN_TIMEOUT) as anew,
        AuthorizedSession(credentials, auth_request=TimedRequest(anew)) as session,
    ):
        settle_in(session, url)
        timed(session, ANSWERS_WITHIN)
        try:
            response = session.post(
                url,
                data=multipart(mime, thread_id, boundary),
                headers={"Content-Type": f"multipart/related; boundary={boundary}"},
                timeout=TIMEOUT,
                allow_redirects=False,
            )
        except google.auth.exceptions.RefreshError as error:
            raise explain(error) from error  # only asked after a 401: nothing was accepted
        except google.auth.exceptions.GoogleAuthError as error:
            raise SendRefused("Google could not be reached.", code="unreachable") from error
        except requests.RequestException as error:
            if never_connected(error):
                raise SendRefused("Gmail could not be reached.", code="unreachable") from error
            raise SendUnknown("The connection ended before Gmail answered.") from error
    return read_answer(response.status_code, response.content, now, response.headers)


def settle_in(session: requests.Session, url: str) -> None:
    """Give a session the machine's proxies and certificates, so that it does not search
    for them.
    """
    session.trust_env = False
    session.proxies, session.verify, session.cert = surroundings(url)


@lru_cache(maxsize=8)
def surroundings(url: str) -> tuple[Any, Any, Any]:
    """Proxies, trusted certificates and a certificate of our own that the environment names for
    this address. Asked once: requests goes through the whole environment for every call.
    """
    with requests.Session() as session:
        found = session.merge_environment_settings(url, {}, None, None, None)
    return found["proxies"], found["verify"], found["cert"]


def never_connected(error: requests.RequestException) -> bool:
    """Whether no connection was made, so that nothing can have been accepted."""
    if isinstance(error, ConnectTimeout):
        return True
    cause = error.args[0] if error.args else None
    reason = cause.reason if isinstance(cause, MaxRetryError) else None
    if isinstance(reason, NewConnectionError | ProxyError):
        return True
    root = reason.args[0] if reason is not None and reason.args else None
    return isinstance(root, ssl.SSLCertVerificationError)  # the handshake failed: nothing was said


def multipart(mime: bytes, thread_id: str | None, boundary: str) -> bytes:
    """The upload body: the thread as JSON, then the message as it is."""
    metadata = orjson.dumps({"threadId": thread_id} if thread_id else {})
    return b"\r\n".join(
        [
            f"--{boundary}".encode(),
            b"Content-Type: application/json; charset=UTF-8",
            b"",
            metadata,
            f"--{boundary}".encode(),
            b"Content-Type: message/rfc822",
            b"",
            mime,
            f"--{boundary}--".encode(),
            b"",
        ]
    )


def read_answer(
    status: int, content: bytes, now: datetime, headers: Mapping[str, str] | None = None
) -> SentIds:
    """The ids of a 200, or what the refusal means."""
    if status == 200:
        try:
            body = orjson.loads(content)
            return SentIds(gmail_id=str(body["id"]), thread_id=str(body["threadId"]))
        except (orjson.JSONDecodeError, KeyError, TypeError) as error:
            raise SendUnknown("Gmail's answer could not be read.") from error
    answer = Answer(status, content, headers)
    if status not in REFUSALS:
        raise SendUnknown(
            f"Gmail answered {status}, which does not say whether it was sent.",
            answer.passes_at(now),
        )
    cause = cause_of(answer)
    if cause is not None:
        raise cause
    raise refusal_of(answer, now)


def refusal_of(answer: Answer, now: datetime) -> SendRefused:
    """Our error for a refusal without a lasting cause: a limit, this mail, or transient."""
    if answer.is_rate:
        limit = limit_of(answer, now)
        return SendRefused(
            "Gmail's own sending limit is reached.",
            code="rate",
            after=limit.after,
            project_wide=limit.project_wide,
        )
    if answer.is_passing and answer.status != TOO_LARGE:
        sentence = f"Gmail did not take it ({answer.summary})."
        return SendRefused(sentence, code="passing", after=answer.passes_at(now))
    sentence = answer.message or f"Gmail refused the mail ({answer.summary})."
    return SendRefused(sentence, code=code_of(answer))


def code_of(answer: Answer) -> str:
    """The code of a refusal. An unusable thread gives 404 or 400, depending on why."""
    if answer.status == 400 and "thread" in answer.message.lower():
        return "thread"
    return {404: "thread", TOO_LARGE: "too_large"}.get(answer.status, "refused")
