"""Whether mails may be split off a conversation, and whether two conversations may become one.

The page that offers it and the verb itself use the same rule. Merging reveals to readers of one
conversation that the other exists, so it must not expose a private one.
"""

from collections.abc import Collection, Sequence

from backend.domain.ids import MemberId
from backend.domain.people.visibility import Copy, Visibility, shared_with_team

NOTHING_CHOSEN = "Tick the emails that belong elsewhere, then split them off."
NOTHING_STAYS = (
    "These are all emails of the conversation, so there is nothing to split them from. Leave at "
    "least one unticked."
)
KEPT_PRIVATE = (
    "One of the two is not shared with the whole team, and merging would show others that it is "
    "there. Only what everybody may read can be merged, or what is in your mailbox alone."
)
SAME = "That is this conversation itself. Choose another one."


def split_refused(chosen: Collection[int], there: Collection[int]) -> str | None:
    """Why these mails cannot be split off those that are there; None when they can.

    >>> split_refused({2}, {1, 2}) is None, split_refused({1, 2}, {1, 2}) == NOTHING_STAYS
    (True, True)
    """
    if not chosen:
        return NOTHING_CHOSEN
    return NOTHING_STAYS if set(chosen) >= set(there) else None


def merge_refused(one: Sequence[Copy], other: Sequence[Copy], actor: MemberId) -> str | None:
    """Why two conversations cannot be merged, given their copies in mailboxes; None when they can.

    >>> mine = Copy(name="Kim", readers=frozenset({MemberId(1)}), default=Visibility.METADATA)
    >>> merge_refused([mine], [mine], MemberId(1)) is None
    True
    >>> merge_refused([mine], [mine], MemberId(2)) == KEPT_PRIVATE
    True
    """
    copies = [*one, *other]
    if all(copy.readers == {actor} for copy in copies):
        return None
    open_to_all = all(
        found and shared_with_team(found).level is Visibility.FULL for found in (one, other)
    )
    return None if open_to_all else KEPT_PRIVATE
