"""Bodies that Gmail delivers apart: a large text comes as a reference and is fetched by another
call.

`gmail` fetches them in batches, `opened` one by one; which parts to fetch and how they complete the
message is the same for both.
"""

import base64
import binascii
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from backend.cpu import within
from backend.domain.mail.message import DeferredPart, FetchedMessage
from backend.errors import MailboxTrouble, RapportError, TooCostly, TryLater
from backend.google.parsing import from_gmail_payload

MOST_PARTS = 8
"""Parts fetched for one message: a text, its HTML, and what machines report."""

BIGGEST_PART = 8 * 1024 * 1024
"""Bytes of a part that is still read as text. Without it the message is kept all the same, and says
so (`mime.body`).
"""

READING = 0.5
"""Seconds of computing for reading one message: ten times what the biggest real ones take."""

Answered: TypeAlias = dict[str, Any] | RapportError
Fetched: TypeAlias = FetchedMessage | RapportError


@dataclass(frozen=True)
class WantedPart:
    """A part to fetch, of which message."""

    gmail_id: str
    part: DeferredPart

    @property
    def key(self) -> str:
        """A name that is unique within a batch."""
        return f"{self.gmail_id}.{self.part.part_id}"


def wanted_parts(message: FetchedMessage) -> list[WantedPart]:
    """The parts without which the message cannot be read."""
    parts = [part for part in message.deferred_parts if part.size <= BIGGEST_PART]
    return [WantedPart(message.gmail_id, part) for part in parts[:MOST_PARTS]]


def with_deferred_parts(
    answers: Mapping[str, Answered],
    fetch: Callable[[Sequence[WantedPart]], Mapping[str, Answered]],
) -> dict[str, Fetched]:
    """Resources of `messages.get` as messages, with the fetched parts in their place.

    A message with a part that is unavailable now is an error, so that the whole is retried. A part
    that Gmail never delivers is left out, like one that is too big, and the reader sees a note.
    """
    read = {
        gmail_id: answer if isinstance(answer, RapportError) else read_one(answer)
        for gmail_id, answer in answers.items()
    }
    wanted = {
        gmail_id: parts
        for gmail_id, message in read.items()
        if isinstance(message, FetchedMessage) and (parts := wanted_parts(message))
    }
    if not wanted:
        return read
    found = fetch([part for parts in wanted.values() for part in parts])
    return read | {
        gmail_id: completed(answers[gmail_id], parts, found) for gmail_id, parts in wanted.items()
    }


def completed(
    answer: Answered, parts: Sequence[WantedPart], found: Mapping[str, Answered]
) -> Fetched:
    """The message with its parts, or why it cannot be read now."""
    contents: dict[str, bytes] = {}
    for one in parts:
        content = found[one.key]
        if isinstance(content, TryLater | MailboxTrouble):
            return content
        if isinstance(content, RapportError):
            continue
        contents[one.part.part_id] = decoded(content)
    return read_one(answer, contents)  # type: ignore[arg-type] # errors have no parts


def read_one(answer: Mapping[str, Any], contents: Mapping[str, bytes] | None = None) -> Fetched:
    """The message, or that it would take too long to read."""
    try:
        return within(READING, lambda: from_gmail_payload(answer, contents))
    except TooCostly as error:
        return error


def decoded(answer: Mapping[str, Any]) -> bytes:
    """The content of an `attachments.get` answer; empty when it is unreadable."""
    data = str(answer.get("data", ""))
    try:
        return base64.urlsafe_b64decode(data + "=" * (-len(data) % 4))
    except (binascii.Error, ValueError):
        return b""
