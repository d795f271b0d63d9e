"""Reading one mailbox through the Gmail API: every answer becomes a dataclass of ours here.

Each call first takes its quota units from the mailbox's bucket, so that all jobs together stay
under Google's rate. Reads may be repeated; nothing here sends.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

from googleapiclient.errors import HttpError

from backend.domain.mail.labels import Label
from backend.domain.sync.history import HistoryPage
from backend.errors import (
    HistoryExpired,
    MessageGone,
    ProviderUnavailable,
    RapportError,
    ScopeMissing,
)
from backend.google.deferred import Answered, Fetched, WantedPart, with_deferred_parts
from backend.google.guarding import UNREADABLE, guarded, readable, translate
from backend.google.history import page_from

T = TypeVar("T")

BATCH = 25
"""Inner calls of one batch: a hundred at once is refused as too many concurrent requests."""

PAGE = 500
SEARCHABLE = re.compile(r"[^\s\"<>(){}]{3,300}")
"""A Message-ID that means nothing else in a search of Gmail's."""
"""Items of a list or history page, the most that Gmail gives."""

UNITS_GET, UNITS_LIST, UNITS_HISTORY, UNITS_PROFILE = 20, 5, 2, 1
UNITS_WATCH, UNITS_STOP, UNITS_SETTINGS, UNITS_LABELS = 100, 50, 1, 1
"""Quota units, from Google's table for projects made after May 2026."""


@dataclass(frozen=True)
class Profile:
    """The mailbox's own address and its present history id."""

    email: str
    history_id: int


@dataclass(frozen=True)
class ListedPage:
    """One page of a listing: (message id, thread id), in no promised order."""

    ids: tuple[tuple[str, str], ...]
    next_page: str | None


@dataclass(frozen=True)
class SendAs:
    """An address the mailbox may send as, proven by Gmail."""

    address: str
    display_name: str
    primary: bool


class GmailMailbox:
    """One mailbox. `take` is called with the units before each call and may wait or raise."""

    def __init__(
        self, service: Any, *, take: Callable[[int], None], now: Callable[[], datetime]
    ) -> None:
        self._users = service.users()
        self._new_batch = service.new_batch_http_request
        self._take = take
        self._now = now

    def profile(self) -> Profile:
        """The mailbox's address and its current history id."""
        return self._call(self._users.getProfile(userId="me"), UNITS_PROFILE, profile_from)

    def list_ids(
        self, *, label: str | None = None, page: str | None = None, size: int | None = None
    ) -> ListedPage:
        """One page of message ids, without a search: the index behind searches lags."""
        request = self._users.messages().list(
            userId="me",
            labelIds=[label] if label else None,
            includeSpamTrash=label in {Label.SPAM, Label.TRASH},
            maxResults=size or PAGE,
            pageToken=page,
        )
        return self._call(request, UNITS_LIST, listed_from)

    def find(self, rfc_id: str) -> tuple[str, ...]:
        """The ids of messages with this Message-ID, in spam and trash as well. For people only: the
        index behind searches lags.
        """
        if not SEARCHABLE.fullmatch(rfc_id):
            return ()
        query = f"rfc822msgid:{rfc_id}"
        request = self._users.messages().list(userId="me", q=query, includeSpamTrash=True)
        listed = self._call(request, UNITS_LIST, listed_from)
        return tuple(gmail_id for gmail_id, _ in listed.ids)

    def history(self, start: int, *, page: str | None = None) -> HistoryPage:
        """One page of the history since `start`. Raises HistoryExpired when that is too old."""
        request = self._users.history().list(
            userId="me", startHistoryId=str(start), maxResults=PAGE, pageToken=page
        )
        try:
            return self._call(request, UNITS_HISTORY, page_from)
        except MessageGone as error:
            raise HistoryExpired("Gmail no longer knows where we stopped reading.") from error

    def fetch(self, gmail_ids: Sequence[str]) -> Mapping[str, Fetched]:
        """Up to 25 messages in one batch, each with its own answer: a message or an error.

        Parts of a body that Gmail delivers apart are fetched by further batches.
        """
        get = self._users.messages().get
        answers = self._batch(
            {one: get(userId="me", id=one, format="full") for one in gmail_ids[:BATCH]}
        )
        return with_deferred_parts(answers, self._parts)

    def labels_of(self, gmail_ids: Sequence[str]) -> Mapping[str, frozenset[str] | RapportError]:
        """The labels of up to 25 messages, in any folder; MessageGone for deleted ones."""
        get = self._users.messages().get
        answers = self._batch(
            {one: get(userId="me", id=one, format="minimal") for one in gmail_ids[:BATCH]}
        )
        return {
            gmail_id: found
            if isinstance(found, RapportError)
            else frozenset(map(str, found.get("labelIds", ())))
            for gmail_id, found in answers.items()
        }

    def message_ids(self, gmail_ids: Sequence[str]) -> Mapping[str, str]:
        """The Message-ID fields of up to 25 messages, without those that Gmail has no answer for.
        Raises ScopeMissing.
        """
        found = self.headers_of(gmail_ids, ["Message-ID"])
        return {gmail_id: fields.get("message-id", "") for gmail_id, fields in found.items()}

    def headers_of(
        self, gmail_ids: Sequence[str], names: Sequence[str]
    ) -> Mapping[str, Mapping[str, str]]:
        """Some header fields of up to 25 messages, by lower-case name, without the messages that
        Gmail has no answer for. Raises ScopeMissing.
        """
        get = self._users.messages().get
        named = {"format": "metadata", "metadataHeaders": list(names)}
        answers = self._batch({one: get(userId="me", id=one, **named) for one in gmail_ids[:BATCH]})
        refused = (one for one in answers.values() if isinstance(one, ScopeMissing))
        if error := next(refused, None):
            raise error
        return {
            gmail_id: headers_from(found)
            for gmail_id, found in answers.items()
            if not isinstance(found, RapportError)
        }

    def labels(self) -> tuple[str, ...]:
        """The ids of all labels of the mailbox."""
        return self._call(self._users.labels().list(userId="me"), UNITS_LABELS, labels_from)

    def headers(self, gmail_id: str, names: Sequence[str]) -> Mapping[str, str]:
        """Some headers of one message, by lower-case name."""
        request = self._users.messages().get(
            userId="me", id=gmail_id, format="metadata", metadataHeaders=list(names)
        )
        return self._call(request, UNITS_GET, headers_from)

    def watch(self, topic: str) -> datetime:
        """Ask for push notifications of everything; returns when they will end."""
        request = self._users.watch(userId="me", body={"topicName": topic})
        return self._call(request, UNITS_WATCH, watched_until)

    def stop(self) -> None:
        """End push notifications."""
        self._call(self._users.stop(userId="me"), UNITS_STOP, bool)

    def send_as(self) -> tuple[SendAs, ...]:
        """The proven addresses of this mailbox."""
        request = self._users.settings().sendAs().list(userId="me")
        return self._call(request, UNITS_SETTINGS, send_as_from)

    def _call(self, request: Any, units: int, read: Callable[[dict[str, Any]], T]) -> T:
        self._take(units)
        with guarded(self._now):
            return read(readable(request).execute())

    def _parts(self, wanted: Sequence[WantedPart]) -> Mapping[str, Answered]:
        get = self._users.messages().attachments().get
        found: dict[str, Answered] = {}
        for start in range(0, len(wanted), BATCH):
            found |= self._batch(
                {
                    one.key: get(userId="me", messageId=one.gmail_id, id=one.part.attachment_id)
                    for one in wanted[start : start + BATCH]
                }
            )
        return found

    def _batch(self, requests: Mapping[str, Any]) -> dict[str, Answered]:
        """Each request's answer, by the request's name."""
        self._take(UNITS_GET * len(requests))
        results: dict[str, Answered] = {}

        def keep(name: str, answer: dict[str, Any] | None, error: Exception | None) -> None:
            results[name] = self._answered(answer, error)

        batch = self._new_batch(callback=keep)
        for name, request in requests.items():
            request.headers.clear()  # those of the batch hold for every call in it
            batch.add(readable(request), request_id=name)
        with guarded(self._now):
            batch.execute()
        return results

    def _answered(self, answer: dict[str, Any] | None, error: Exception | None) -> Answered:
        if isinstance(error, HttpError):
            return translate(error, self._now())
        if error is not None or answer is None:
            return ProviderUnavailable(UNREADABLE)
        return answer


def profile_from(answer: dict[str, Any]) -> Profile:
    """The answer of `users.getProfile`."""
    return Profile(email=str(answer["emailAddress"]).lower(), history_id=int(answer["historyId"]))


def listed_from(answer: dict[str, Any]) -> ListedPage:
    """One page of `users.messages.list`."""
    found = tuple((str(m["id"]), str(m["threadId"])) for m in answer.get("messages", ()))
    return ListedPage(ids=found, next_page=answer.get("nextPageToken"))


def labels_from(answer: dict[str, Any]) -> tuple[str, ...]:
    """The ids in an answer of `users.labels.list`."""
    return tuple(str(item["id"]) for item in answer.get("labels", ()))


def headers_from(answer: dict[str, Any]) -> dict[str, str]:
    """The headers of a message read as metadata, by lower-case name."""
    found = answer.get("payload", {}).get("headers", ())
    return {str(item["name"]).lower(): str(item["value"]) for item in found}


def watched_until(answer: dict[str, Any]) -> datetime:
    """When the push that `users.watch` began will end."""
    return datetime.fromtimestamp(int(answer["expiration"]) / 1000, UTC)


def send_as_from(answer: dict[str, Any]) -> tuple[SendAs, ...]:
    """The proven addresses in an answer of `settings.sendAs.list`."""
    return tuple(
        SendAs(
            address=str(item["sendAsEmail"]),
            display_name=str(item.get("displayName", "")),
            primary=bool(item.get("isPrimary")),
        )
        for item in answer.get("sendAs", ())
        if item.get("isPrimary") or item.get("verificationStatus") == "accepted"
    )
