"""A message's log state: logged or not, by whom, and who may change it.

The side panel, the answer to a click and the console all use it.
"""

from dataclasses import dataclass
from datetime import datetime

from backend.domain.ids import MemberId
from backend.domain.people.actor import Actor
from backend.domain.people.roles import Permission, allowed
from backend.domain.summaries.mail import LogSummary

FORMER = "a former member"
VIA_CLICK = "click"
VIA_SYNC = "sync"
VIA_SMART_BCC = "smart_bcc"


@dataclass(frozen=True, kw_only=True)
class LogFacts:
    """A log entry with names. `holders` are the owners of mailboxes that have the message; shared
    mailboxes have none.
    """

    via: str
    logged_by: MemberId | None
    by_name: str | None
    logged_at: datetime
    removed_by_name: str | None
    removed_at: datetime | None
    holders: tuple[tuple[MemberId | None, str], ...] = ()


def log_summary(facts: LogFacts | None, actor: Actor) -> LogSummary:
    """The state for one reader. None: the message is not stored."""
    may_log = allowed(actor.role, Permission.MESSAGE_LOG, own=True)
    if facts is None:
        return LogSummary(logged=False, sentence="", may_log=may_log)
    if facts.removed_at is not None:
        said = taken_out_by(facts.removed_by_name)
        return LogSummary(logged=False, sentence=said, may_log=may_log)
    return LogSummary(
        logged=True,
        sentence=through_whom(facts, actor.member_id),
        at=facts.logged_at,
        by_name=facts.by_name,
        by_me=facts.logged_by == actor.member_id,
        via=facts.via,
        may_undo=may_undo(facts, actor),
    )


def taken_out_by(name: str | None) -> str:
    """Who took a message out of the timeline."""
    return f"Taken out by {name or FORMER}"


def may_undo(facts: LogFacts, actor: Actor) -> bool:
    """The logger may, and an admin. What sync logged is its mailbox owner's, if only one has it."""
    owners = {owner for owner, _ in facts.holders}
    own = (
        facts.logged_by == actor.member_id
        if facts.via == VIA_CLICK
        else owners == {actor.member_id}
    )
    return allowed(actor.role, Permission.MESSAGE_UNLOG, own=own)


def through_whom(facts: LogFacts, reader: MemberId) -> str:
    """By whose click, or through whose mailbox."""
    if facts.via == VIA_CLICK:
        return "By you" if facts.logged_by == reader else f"By {facts.by_name or FORMER}"
    if facts.via == VIA_SMART_BCC:
        return "By Smart BCC"
    if any(owner == reader for owner, _ in facts.holders):
        return "Through your mailbox sync"
    names = ", ".join(dict.fromkeys(name for _, name in facts.holders))
    return f"Already here through the mailbox of {names}" if names else "Through mailbox sync"
