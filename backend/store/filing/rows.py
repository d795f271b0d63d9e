"""The rows that filed messages become, by the name of their table."""

from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

from backend.domain.mail.message import NamedAddress
from backend.store.filing.item import Filed, Filing, FilingPlace

Row: TypeAlias = dict[str, Any]
Rows: TypeAlias = dict[str, list[Row]]
Pairs: TypeAlias = Sequence[tuple[Filed, Filing]]

REPLY_TO = "reply_to"
"""The role of whom answers go to, where that is not who wrote."""

SNIPPET_LENGTH = 200
"""Characters of a message that lists show."""


def message_rows(place: FilingPlace, pairs: Pairs) -> Rows:
    """Messages that the workspace did not have, with bodies, people and files."""
    return {
        "messages": [message_row(item, place, one) for one, item in pairs],
        "message_bodies": [body_row(item, place, one) for one, item in pairs],
        "participants": [row for o, item in pairs for row in participant_rows(item, place, o)],
        "attachments": [row for o, item in pairs for row in attachment_rows(item, place, o)],
    }


def copy_rows(place: FilingPlace, pairs: Pairs) -> Rows:
    """The mailbox's copies, and that the messages stand in the timeline."""
    copies = {one.gmail_id: copy_row(item, place, one) for one, item in pairs}
    logs = {one.message_id: log_row(item, place, one) for one, item in pairs}
    return {"message_copies": list(copies.values()), "log_entries": list(logs.values())}


def hidden_rows(place: FilingPlace, pairs: Pairs) -> list[Row]:
    """Who was addressed in secret. Only the sender's own copy shows them, and it may come after
    another mailbox's.
    """
    rows = (row for one, item in pairs for row in participant_rows(item, place, one))
    return [row for row in rows if row["role"] == "bcc"]


def message_row(item: Filing, place: FilingPlace, filed: Filed) -> Row:
    """The row in `messages`."""
    parsed = item.fetched.parsed
    sender = parsed.sender or NamedAddress("", "", "")
    return {
        "workspace_id": place.workspace_id,
        "id": filed.message_id,
        "conversation_id": filed.conversation_id,
        "identity": item.identity,
        "rfc_id": parsed.message_id,
        "references": list(parsed.references),
        "subject": parsed.subject,
        "sender_name": sender.name,
        "sender_address": sender.address,
        "sent_at": item.fetched.internal_date,
        "outgoing": item.outgoing,
        "mail_kind": item.mail_kind,
        "snippet": " ".join(item.reply_text.split())[:SNIPPET_LENGTH],
        "size": item.fetched.size,
        "send_id": item.send_id,
        "stored_at": place.now,
    }


def body_row(item: Filing, place: FilingPlace, filed: Filed) -> Row:
    """The row in `message_bodies`."""
    parsed = item.fetched.parsed
    return {
        "workspace_id": str(place.workspace_id),
        "message_id": str(filed.message_id),
        "text": parsed.text,
        "html": parsed.html,
        "reply_text": None if item.reply_text == parsed.text else item.reply_text,
    }


def copy_row(item: Filing, place: FilingPlace, filed: Filed) -> Row:
    """The row in `message_copies`."""
    return {
        "workspace_id": place.workspace_id,
        "mailbox_id": place.mailbox_id,
        "gmail_id": item.fetched.gmail_id,
        "message_id": filed.message_id,
        "thread_id": item.fetched.thread_id,
        "labels": sorted(item.fetched.label_ids),
        "internal_at": item.fetched.internal_date,
    }


def participant_rows(item: Filing, place: FilingPlace, filed: Filed) -> Iterator[Row]:
    """The rows in `participants`: every address, matched or not, in its place."""
    contacts = {on.address: on.contact_id for on in reversed(item.people.contacts)}
    members = {on.address: on.member_id for on in item.people.members}
    for role, position, who in placed_addresses(item):
        yield {
            "workspace_id": place.workspace_id,
            "message_id": filed.message_id,
            "role": role,
            "position": position,
            "name": who.name,
            "address": who.address,
            "contact_id": contacts.get(who.key),
            "member_id": members.get(who.key),
        }


def placed_addresses(item: Filing) -> Iterator[tuple[str, int, NamedAddress]]:
    """Each address with its role and place."""
    parsed = item.fetched.parsed
    if parsed.sender:
        yield "from", 0, parsed.sender
    fields = {"to": parsed.to, "cc": parsed.cc, "bcc": parsed.bcc, REPLY_TO: parsed.answers_go_to}
    for role, people in fields.items():
        for position, who in enumerate(people):
            yield role, position, who


def attachment_rows(item: Filing, place: FilingPlace, filed: Filed) -> Iterator[Row]:
    """The rows in `attachments`. Of several parts with one number the first counts."""
    for info in {one.part_id: one for one in reversed(item.fetched.parsed.attachments)}.values():
        yield {
            "workspace_id": place.workspace_id,
            "message_id": filed.message_id,
            "part_id": info.part_id,
            "filename": info.filename or "",
            "content_type": info.content_type,
            "size": info.size,
            "content_id": info.content_id,
            "inline": info.inline,
        }


def log_row(item: Filing, place: FilingPlace, filed: Filed) -> Row:
    """The row in `log_entries`."""
    return {
        "workspace_id": place.workspace_id,
        "message_id": filed.message_id,
        "via": item.via,
        "logged_by": item.logged_by,
        "logged_at": place.now,
    }
