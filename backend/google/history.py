"""Gmail's history answers as our pages and records."""

from collections.abc import Iterable, Mapping
from typing import Any

from backend.domain.sync.history import HistoryPage, HistoryRecord, Relabelled, Seen, cursor


def page_from(answer: Mapping[str, Any]) -> HistoryPage:
    """One page of `users.history.list`. It may hold no records and still not be the last."""
    return HistoryPage(
        history_id=cursor(str(answer.get("historyId", ""))),
        next_page_token=answer.get("nextPageToken"),
        records=tuple(record_from(item) for item in answer.get("history", ())),
    )


def record_from(item: Mapping[str, Any]) -> HistoryRecord:
    """One record. The summary list `messages` is ignored: the four kinds say more."""
    return HistoryRecord(
        id=cursor(str(item["id"])),
        added=seen(item.get("messagesAdded", ())),
        deleted=seen(item.get("messagesDeleted", ())),
        labels_added=relabelled(item.get("labelsAdded", ())),
        labels_removed=relabelled(item.get("labelsRemoved", ())),
    )


def seen(entries: Iterable[Mapping[str, Any]]) -> tuple[Seen, ...]:
    """The messages of `messagesAdded` or `messagesDeleted`."""
    return tuple(message_from(entry["message"]) for entry in entries)


def relabelled(entries: Iterable[Mapping[str, Any]]) -> tuple[Relabelled, ...]:
    """The messages and labels of `labelsAdded` or `labelsRemoved`."""
    return tuple(
        Relabelled(message_from(entry["message"]), frozenset(entry.get("labelIds", ())))
        for entry in entries
    )


def message_from(message: Mapping[str, Any]) -> Seen:
    """The short form in which history names a message."""
    return Seen(
        gmail_id=str(message["id"]),
        thread_id=str(message.get("threadId", "")),
        labels=frozenset(message.get("labelIds", ())),
    )
