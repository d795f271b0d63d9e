"""Keeping conversations, contacts and accounts up to date with the mail that was filed.

Lists sort by these times, so they are kept on the rows; each statement handles the whole batch.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, update
from sqlalchemy.orm import Session

from backend.store.bulk import write_rows
from backend.store.filing.item import Filed, Filing, FilingPlace
from backend.store.models import (
    Account,
    Contact,
    Conversation,
    ConversationAccount,
    ConversationContact,
)

Pairs = Sequence[tuple[Filed, Filing]]


def touch_customers(session: Session, place: FilingPlace, pairs: Pairs) -> None:
    """Bring counters, links and last times up to date."""
    touch_conversations(session, [pair for pair in pairs if pair[0].new])
    link_contacts(session, place, pairs)
    link_accounts(session, place, pairs)
    touch_last_times(session, pairs)


def touch_conversations(session: Session, pairs: Pairs) -> None:
    """Counters and times of the conversations that got new messages."""
    changes: dict[int, dict[str, Any]] = {}
    for filed, item in pairs:
        at, inbound = item.fetched.internal_date, not item.outgoing and item.human
        change = changes.setdefault(
            filed.conversation_id,
            {"b_id": filed.conversation_id, "b_n": 0, "b_first": at, "b_last": at, "b_in": None},
        )
        change["b_n"] += 1
        change["b_first"] = min(change["b_first"], at)
        change["b_last"] = max(change["b_last"], at)
        if inbound:
            change["b_in"] = max(filter(None, (change["b_in"], at)))
    if not changes:
        return
    session.connection().execute(
        update(Conversation.__table__)  # type: ignore[arg-type]
        .where(Conversation.id == bindparam("b_id"))
        .values(
            message_count=Conversation.message_count + bindparam("b_n"),
            first_message_at=func.least(Conversation.first_message_at, bindparam("b_first")),
            last_message_at=func.greatest(Conversation.last_message_at, bindparam("b_last")),
            last_inbound_at=func.greatest(Conversation.last_inbound_at, bindparam("b_in")),
        ),
        list(changes.values()),
    )


def link_contacts(session: Session, place: FilingPlace, pairs: Pairs) -> None:
    """Associate every known contact with the conversation (V-17, V-18)."""
    links: dict[tuple[int, int], dict[str, Any]] = {}
    for filed, item in pairs:
        for on in item.people.contacts:
            row = {
                "workspace_id": place.workspace_id,
                "conversation_id": filed.conversation_id,
                "contact_id": on.contact_id,
                "last_message_at": item.fetched.internal_date,
            }
            keep_latest(links, (filed.conversation_id, on.contact_id), row)
    upsert_latest(session, ConversationContact, ["conversation_id", "contact_id"], links)


def link_accounts(session: Session, place: FilingPlace, pairs: Pairs) -> None:
    """List the conversation under every account of its people, with the reason (VC-104)."""
    links: dict[tuple[int, int], dict[str, Any]] = {}
    for filed, item in pairs:
        for on in item.people.accounts:
            row = {
                "workspace_id": place.workspace_id,
                "conversation_id": filed.conversation_id,
                "account_id": on.account_id,
                "because_address": on.address,
                "because_role": on.field.value,
                "last_message_at": item.fetched.internal_date,
            }
            keep_latest(links, (filed.conversation_id, on.account_id), row)
    upsert_latest(session, ConversationAccount, ["conversation_id", "account_id"], links)


def keep_latest(
    links: dict[tuple[int, int], dict[str, Any]], key: tuple[int, int], row: dict[str, Any]
) -> None:
    """Keep the first reason with the latest time."""
    kept = links.setdefault(key, row)
    kept["last_message_at"] = max(kept["last_message_at"], row["last_message_at"])


def upsert_latest(
    session: Session,
    table: type[ConversationContact] | type[ConversationAccount],
    key: list[str],
    links: dict[tuple[int, int], dict[str, Any]],
) -> None:
    """Insert the links, or move the time of those that exist forward."""
    if not links:
        return
    name = table.__tablename__
    ending = (
        f"ON CONFLICT ({', '.join(key)}) DO UPDATE SET last_message_at ="
        f" greatest({name}.last_message_at, excluded.last_message_at)"
    )
    write_rows(session, table, [links[one] for one in sorted(links)], ending)


def touch_last_times(session: Session, pairs: Pairs) -> None:
    """Last interaction and last reply of contacts and accounts (S-34, S-35)."""
    contacts: dict[int, dict[str, Any]] = {}
    accounts: dict[int, dict[str, Any]] = {}
    for _, item in pairs:
        at = item.fetched.internal_date
        replied = at if item.human and not item.outgoing else None
        for contact in item.people.contacts:
            wrote = replied if contact.field.value == "from" else None
            note_time(contacts, contact.contact_id, at, wrote)
        for account in item.people.accounts:
            wrote = replied if account.field.value == "from" else None
            note_time(accounts, account.account_id, at, wrote)
    for table, changes in ((Contact, contacts), (Account, accounts)):
        if changes:
            session.connection().execute(
                update(table.__table__)  # type: ignore[arg-type]
                .where(table.id == bindparam("b_id"))
                .values(
                    last_interaction_at=func.greatest(table.last_interaction_at, bindparam("b_at")),
                    last_reply_at=func.greatest(table.last_reply_at, bindparam("b_reply")),
                ),
                [changes[one] for one in sorted(changes)],
            )


def note_time(
    changes: dict[int, dict[str, Any]], subject_id: int, at: datetime, replied: datetime | None
) -> None:
    """Collect the latest times of one contact or account."""
    change = changes.setdefault(subject_id, {"b_id": subject_id, "b_at": at, "b_reply": replied})
    change["b_at"] = max(change["b_at"], at)
    if replied:
        change["b_reply"] = max(filter(None, (change["b_reply"], replied)))
