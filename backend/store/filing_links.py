"""Who a batch of filed messages is with: links from conversations, and last times of people.

Of several messages of one batch with the same person, the latest counts, and the first reason.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from backend.domain.incoming import Incoming, Where
from backend.store.filing import Mails, Row, Rows


def touched(where: Where, mails: Mails) -> Rows:
    """Links and last times of everybody on the messages."""
    return {
        "conversation_contacts": contact_links(where, mails),
        "conversation_accounts": account_links(where, mails),
        "heard_contacts": heard_from(mails, contacts_on),
        "heard_accounts": heard_from(mails, accounts_on),
    }


def contact_links(where: Where, mails: Mails) -> list[Row]:
    """Associate every known contact with the conversation (V-17, V-18)."""
    links: dict[tuple[int, int], Row] = {}
    latest: dict[tuple[int, int], datetime] = {}
    for item in mails:
        for on in item.people.contacts:
            key = (item.conversation_id, on.contact_id)
            latest[key] = max(latest.get(key, item.sent_at), item.sent_at)
            links.setdefault(
                key,
                {
                    "workspace_id": where.workspace_id,
                    "conversation_id": item.conversation_id,
                    "contact_id": on.contact_id,
                },
            )
    return with_latest(links, latest)


def account_links(where: Where, mails: Mails) -> list[Row]:
    """List the conversation under every account of its people, with the reason (VC-104)."""
    links: dict[tuple[int, int], Row] = {}
    latest: dict[tuple[int, int], datetime] = {}
    for item in mails:
        for on in item.people.accounts:
            key = (item.conversation_id, on.account_id)
            latest[key] = max(latest.get(key, item.sent_at), item.sent_at)
            links.setdefault(
                key,
                {
                    "workspace_id": where.workspace_id,
                    "conversation_id": item.conversation_id,
                    "account_id": on.account_id,
                    "because_address": on.address,
                    "because_role": on.field,
                },
            )
    return with_latest(links, latest)


def with_latest(
    links: Mapping[tuple[int, int], Row], latest: Mapping[tuple[int, int], datetime]
) -> list[Row]:
    """Each with the first reason and the latest time, in an order that all transactions keep."""
    return [{**links[one], "last_message_at": latest[one]} for one in sorted(links)]


@dataclass(kw_only=True)
class Heard:
    """The latest times of one contact or account."""

    id: int
    at: datetime
    replied: datetime | None = None

    def add(self, at: datetime, *, answered: bool) -> None:
        """Count a message."""
        self.at = max(self.at, at)
        if answered:
            self.replied = max(self.replied or at, at)


def heard_from(mails: Mails, on: Callable[[Incoming], list[tuple[int, str]]]) -> list[Row]:
    """Last interaction and last reply of contacts or accounts (S-34, S-35)."""
    times: dict[int, Heard] = {}
    for item in mails:
        at, answered = item.sent_at, item.human and not item.outgoing
        for key, field in on(item):
            heard = times.setdefault(key, Heard(id=key, at=at))
            heard.add(at, answered=answered and field == "from")
    return [vars(times[one]) for one in sorted(times)]


def contacts_on(item: Incoming) -> list[tuple[int, str]]:
    """The contacts with the fields they are in."""
    return [(one.contact_id, one.field) for one in item.people.contacts]


def accounts_on(item: Incoming) -> list[tuple[int, str]]:
    """The accounts it is an interaction with, and the fields that put them there."""
    return [(one.account_id, one.field) for one in item.people.touched]
