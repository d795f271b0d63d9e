"""Turns every failure of a call with Google's client into one of our errors.

Beside refusals there are cut and silent connections, failed handshakes, truncated bodies, and web
pages instead of JSON: they are transient and say nothing about the mailbox.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from http.client import HTTPException
from typing import Any

import google.auth.exceptions
import httplib2
from googleapiclient.errors import HttpError

from backend.errors import ProviderUnavailable, RapportError
from backend.google.answers import Answer, meaning
from backend.google.credentials import explain

UNREADABLE = "Gmail's answer could not be read."
ODD_SHAPES = (ValueError, KeyError, TypeError, AttributeError, IndexError, OverflowError)
"""Raised on invalid JSON, or on JSON other than Google documents."""


@contextmanager
def guarded(now: Callable[[], datetime]) -> Iterator[None]:
    """Around one call and the reading of its answer. Raises RapportError only."""
    try:
        yield
    except HttpError as error:
        raise translate(error, now()) from error
    except google.auth.exceptions.RefreshError as error:
        raise explain(error) from error
    except google.auth.exceptions.GoogleAuthError as error:
        raise ProviderUnavailable("Google can't be reached right now.") from error
    except (httplib2.HttpLib2Error, OSError, HTTPException) as error:
        raise ProviderUnavailable("Gmail can't be reached right now.") from error
    except ODD_SHAPES as error:
        raise ProviderUnavailable(UNREADABLE) from error


def translate(error: HttpError, now: datetime) -> RapportError:
    """Our error for an HttpError of a read."""
    status = int(error.resp.status)
    if status < 300:  # raised by `readable`, or by the client for a malformed batch
        return ProviderUnavailable(UNREADABLE)
    return meaning(Answer(status, error.content, error.resp), now)


def readable(request: Any) -> Any:
    """The same request, whose unreadable answer becomes an error of its own.

    Inside a batch it would otherwise end the reading of all other answers.
    """
    as_it_was = request.postproc

    def postproc(response: httplib2.Response, content: bytes) -> Any:
        try:
            found = as_it_was(response, content)
        except ODD_SHAPES as error:
            raise HttpError(response, content) from error
        if not content:  # a call that has nothing to say, such as stop
            return {}
        if not isinstance(found, dict):
            raise HttpError(response, content)
        return found

    request.postproc = postproc
    return request
