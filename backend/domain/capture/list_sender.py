"""The author of a mail from one of our mailing lists that rewrites From.

Headers prove nothing, so this holds only for a list at one of our addresses that From and List-Id
both name, and only when all fields that name the author agree. Google Groups rewrites mail of
strict senders (DMARC) that way and keeps them in X-Original-From and Reply-To.
"""

import re
from dataclasses import replace

from backend.domain.mail.address import address_key
from backend.domain.mail.address_list import parse_sender
from backend.domain.mail.message import NamedAddress, ParsedMessage
from backend.domain.people.team import Team

LIST_FIELDS = ("list-id", "list-post", "list-unsubscribe", "x-mailing-list", "mailing-list")
LIST_PRECEDENCE = "list"
_IN_ANGLES = re.compile(r"<([^<>]{1,255})>")
_NAMED_BY = ("x-original-from", "x-original-sender")
_NOT_OF_A_LIST = re.compile(r"https?://(?!groups\.google\.com/)", re.IGNORECASE)


def writer_behind(message: ParsedMessage) -> NamedAddress | None:
    """The author named by a list that rewrote From; None when it did not, or not clearly."""
    sender = message.sender
    if sender is None or not sender.key or list_name(message) != sender.key.replace("@", "."):
        return None
    named = [parse_sender(message.first(name)) for name in _NAMED_BY if message.first(name)]
    replies = [one for one in message.reply_to if one.key and one.key != sender.key]
    keys = {one.key for one in named if one is not None}
    if not keys and len(replies) == 1:
        return replies[0]
    if len(keys) != 1 or "" in keys or keys == {sender.key}:
        return None
    if replies and not keys <= {one.key for one in replies}:
        return None
    candidates = [one for one in (*named, *replies) if one is not None and one.key in keys]
    return next((one for one in candidates if one.name), candidates[0])


def list_name(message: ParsedMessage) -> str:
    """The list's name: "support.ours.example" for support@ours.example (RFC 2919)."""
    field = message.first("list-id").strip()
    found = _IN_ANGLES.findall(field)
    return (found[-1] if found else field).strip().lower()


def through_own_list(message: ParsedMessage, team: Team) -> ParsedMessage:
    """A message from one of our lists as its author sent it: with the author as sender, and without
    the list fields. Any other message unchanged.
    """
    if not is_own_list(message, team):
        return message
    headers = {
        name: values for name, values in message.headers.items() if not _of_the_list(name, values)
    }
    writer = writer_behind(message)
    return replace(message, headers=headers, sender=writer or message.sender)


def is_own_list(message: ParsedMessage, team: Team) -> bool:
    """Whether List-Id names one of our addresses."""
    labels = list_name(message).split(".")
    if len(labels) > 20:
        return False
    addresses = (
        f"{'.'.join(labels[:at])}@{'.'.join(labels[at:])}" for at in range(1, len(labels) - 1)
    )
    return any(team.owns(key) for key in map(address_key, addresses) if key)


def _of_the_list(name: str, values: tuple[str, ...]) -> bool:
    if name == "precedence":
        return all(value.strip().lower() == LIST_PRECEDENCE for value in values)
    # A newsletter that came through the list keeps its own way out.
    return name in LIST_FIELDS and not any(map(_NOT_OF_A_LIST.search, values))
