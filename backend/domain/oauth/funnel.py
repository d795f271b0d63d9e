"""The consent funnel: whether people come back from Google, and what stops them.

A person who leaves for Google and never returns may have closed the window, or sees a page on which
Google refuses. One is normal; more of them than return is a sign of trouble.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from backend.domain.ids import MemberId, WorkspaceId
from backend.domain.oauth.refusals import WRONG_CLIENT, Mender, refusal_for

ARRIVED, GONE = "arrived", "gone"
"""Outcomes beside Google's own codes."""

CLIENT_CHECK = "client"
"""The purpose under which the answers to our own question are counted: does Google accept our OAuth
client.
"""

PASSED_AFTER = timedelta(hours=1)
"""A transient refusal that nobody has met since is over."""


@dataclass(frozen=True, kw_only=True)
class WayEnd:
    """One end of a consent flow; the member is unknown at sign-in."""

    workspace_id: WorkspaceId | None
    member_id: MemberId | None
    purpose: str
    outcome: str


@dataclass(frozen=True)
class Ended:
    """How often a member's flows ended like this, and when last. Member 0 is unknown."""

    member_id: MemberId
    outcome: str
    seen: int
    last_at: datetime


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """A refusal without a later success."""

    code: str
    seen: int
    last_at: datetime
    happened: str
    advice: str

    def stands(self, now: datetime) -> bool:
        """Whether somebody should look: a transient refusal is over after an hour."""
        return not refusal_for(self.code).passes or now - self.last_at <= PASSED_AFTER


@dataclass(frozen=True, kw_only=True)
class WaysToGoogle:
    """The counts for a period. A person who came back was not always let in. `left` are members who
    have not come back.
    """

    arrived: int
    came_back: int
    gone: int
    cancelled: int
    troubles: tuple[Trouble, ...]
    left: frozenset[int]

    @property
    def is_suspicious(self) -> bool:
        """Whether more people abandoned the flow than came back."""
        return self.gone > self.came_back

    @property
    def works(self) -> bool:
        """Whether there is no sign of trouble."""
        return not self.troubles and not self.is_suspicious


def judge(ends: Iterable[Ended], *, accepted_at: datetime | None = None) -> WaysToGoogle:
    """Combine the counts: a refusal with a later success is no longer trouble, nor is one of our
    client that Google accepted later, at `accepted_at`.
    """
    listed = list(ends)
    arrived = [one for one in listed if one.outcome == ARRIVED]
    last_arrival = max((one.last_at for one in arrived), default=None)
    returned = {one.member_id: one.last_at for one in listed if one.outcome != GONE}
    gone = [one for one in listed if one.outcome == GONE]
    return WaysToGoogle(
        arrived=sum(one.seen for one in arrived),
        came_back=sum(one.seen for one in listed if one.outcome != GONE),
        gone=sum(one.seen for one in gone),
        cancelled=sum(one.seen for one in listed if one.outcome == "access_denied"),
        troubles=_troubles(listed, last_arrival, accepted_at),
        left=frozenset(
            one.member_id
            for one in gone
            if one.member_id and not _since(returned.get(one.member_id), one.last_at)
        ),
    )


def _troubles(
    listed: list[Ended], last_arrival: datetime | None, accepted_at: datetime | None
) -> tuple[Trouble, ...]:
    codes = {one.outcome for one in listed} - {ARRIVED, GONE}
    found = []
    for code in codes:
        refusal = refusal_for(code)
        same = [one for one in listed if one.outcome == code]
        last_at = max(one.last_at for one in same)
        if refusal.mender is Mender.PERSON or _since(last_arrival, last_at):
            continue
        if refusal is WRONG_CLIENT and _since(accepted_at, last_at):
            continue
        found.append(
            Trouble(
                code=code,
                seen=sum(one.seen for one in same),
                last_at=last_at,
                happened=refusal.happened,
                advice=refusal.admin,
            )
        )
    return tuple(sorted(found, key=lambda one: one.last_at, reverse=True))


def _since(later: datetime | None, earlier: datetime) -> bool:
    return later is not None and later > earlier
