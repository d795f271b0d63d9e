"""What mail that was filed changes in conversations, contacts and accounts.

Lists sort by these times, so they are kept on the rows. Nothing is read for it: what a conversation
grows by and when somebody was heard from is added to whatever stands there.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

from backend.domain.ids import ConversationId
from backend.store.filing.item import Filing, FilingPlace
from backend.store.filing.rows import Pairs, Row, Rows


def touched(place: FilingPlace, pairs: Pairs) -> Rows:
    """Links and last times of everybody on the messages."""
    return {
        "conversation_contacts": contact_links(place, pairs),
        "conversation_accounts": account_links(place, pairs),
        "heard_contacts": heard_from(pairs, contacts_on),
        "heard_accounts": heard_from(pairs, accounts_on),
    }


def growth(pairs: Pairs) -> dict[ConversationId, Row]:
    """By how many new messages of which times each conversation grows."""
    changes: dict[ConversationId, Row] = {}
    for filed, item in pairs:
        at, inbound = item.fetched.internal_date, not item.outgoing and item.human
        change = changes.setdefault(
            filed.conversation_id,
            {"id": filed.conversation_id, "more": 0, "first": at, "last": at, "inbound": None},
        )
        change["more"] += 1
        change["first"] = min(change["first"], at)
        change["last"] = max(change["last"], at)
        if inbound:
            change["inbound"] = max(filter(None, (change["inbound"], at)))
    return changes


def grown_rows(
    changes: Mapping[ConversationId, Row], started: Mapping[ConversationId, Row]
) -> Rows:
    """Conversations that begin with this batch, complete, and by how much others grow."""
    for conversation_id, row in started.items():
        change = changes.get(conversation_id)
        if change is not None:
            row["message_count"] = change["more"]
            row["first_message_at"] = min(row["first_message_at"], change["first"])
            row["last_message_at"] = max(row["last_message_at"], change["last"])
            row["last_inbound_at"] = change["inbound"]
    return {
        "conversations": list(started.values()),
        "grown": [changes[one] for one in sorted(changes) if one not in started],
    }


def contact_links(place: FilingPlace, pairs: Pairs) -> list[Row]:
    """Associate every known contact with the conversation (V-17, V-18)."""
    links: dict[tuple[int, int], Row] = {}
    for filed, item in pairs:
        for on in item.people.contacts:
            row = {
                "workspace_id": place.workspace_id,
                "conversation_id": filed.conversation_id,
                "contact_id": on.contact_id,
                "last_message_at": item.fetched.internal_date,
            }
            keep_latest(links, (filed.conversation_id, on.contact_id), row)
    return [links[one] for one in sorted(links)]


def account_links(place: FilingPlace, pairs: Pairs) -> list[Row]:
    """List the conversation under every account of its people, with the reason (VC-104)."""
    links: dict[tuple[int, int], Row] = {}
    for filed, item in pairs:
        for on in item.people.accounts:
            row = {
                "workspace_id": place.workspace_id,
                "conversation_id": filed.conversation_id,
                "account_id": on.account_id,
                "because_address": on.address,
                "because_role": on.field,
                "last_message_at": item.fetched.internal_date,
            }
            keep_latest(links, (filed.conversation_id, on.account_id), row)
    return [links[one] for one in sorted(links)]


def keep_latest(links: dict[tuple[int, int], Row], key: tuple[int, int], row: Row) -> None:
    """Keep the first reason with the latest time."""
    kept = links.setdefault(key, row)
    kept["last_message_at"] = max(kept["last_message_at"], row["last_message_at"])


def heard_from(pairs: Pairs, on: Callable[[Filing], list[tuple[int, str]]]) -> list[Row]:
    """Last interaction and last reply of contacts or accounts (S-34, S-35)."""
    times: dict[int, Row] = {}
    for _, item in pairs:
        at = item.fetched.internal_date
        answered = item.human and not item.outgoing
        for subject_id, field in on(item):
            note_time(times, subject_id, at, at if answered and field == "from" else None)
    return [times[one] for one in sorted(times)]


def contacts_on(item: Filing) -> list[tuple[int, str]]:
    """The contacts with the fields they stand in."""
    return [(one.contact_id, one.field) for one in item.people.contacts]


def accounts_on(item: Filing) -> list[tuple[int, str]]:
    """The accounts it is an interaction with, and the fields that put them there."""
    return [(one.account_id, one.field) for one in item.people.touched]


def note_time(
    times: dict[int, Row], subject_id: int, at: datetime, replied: datetime | None
) -> None:
    """Collect the latest times of one contact or account."""
    kept = times.setdefault(subject_id, {"id": subject_id, "at": at, "replied": replied})
    kept["at"] = max(kept["at"], at)
    if replied:
        kept["replied"] = max(filter(None, (kept["replied"], replied)))
