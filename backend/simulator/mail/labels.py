"""Gmail's labels: which exist everywhere, which nobody may apply, and how a row keeps its set."""

import re
from collections.abc import Iterable

SYSTEM_LABELS = (
    "CHAT",
    "SENT",
    "INBOX",
    "IMPORTANT",
    "TRASH",
    "DRAFT",
    "SPAM",
    "CATEGORY_FORUMS",
    "CATEGORY_UPDATES",
    "CATEGORY_PERSONAL",
    "CATEGORY_PROMOTIONS",
    "CATEGORY_SOCIAL",
    "STARRED",
    "UNREAD",
)
NOT_APPLICABLE = frozenset({"SENT", "DRAFT", "CHAT"})
USER_LABEL = re.compile(r"Label_\d+")


def packed(labels: Iterable[str]) -> str:
    """A set of labels as the column holds it: each between spaces, for LIKE.

    >>> packed(["INBOX", "UNREAD"])
    ' INBOX UNREAD '
    """
    joined = " ".join(dict.fromkeys(labels))
    return f" {joined} " if joined else " "


def unpacked(column: str) -> list[str]:
    return column.split()
