"""Whether one pending message leaves now, later, not without a person, or never.

The rule that composes the others: windows say when, the throttle says how fast, suppression says to
whom. Pure: a service gathers the facts, asks here, and carries the decision out.

At the last second only an unsubscribe, a suppression or an erasure discards; everything else that
changed holds the message for a person, because a mail that has left cannot be called back.

A service drains one mailbox so, and a forecast does the same ahead of time: it decides the first in
`queue_order` among the messages that are scheduled and ready (`ready_at`). When that is postponed
for a reason in MAILBOX_WIDE, nothing else of the mailbox leaves before then; the message keeps its
place, and the mailbox is looked at again at that moment, or when another message becomes ready.
Postponed for another reason, only this message is put off, and the next one is decided.
"""

from datetime import datetime

from backend.domain.reasons import Reason
from backend.domain.send_decision import Decision, Discard, Hold, Postpone
from backend.domain.send_facts import Change, SendFacts, SendRules, Urgency
from backend.domain.send_timing import timed
from backend.domain.suppression import blocked


def decide(facts: SendFacts, now: datetime, *, rules: SendRules) -> Decision:
    """What becomes of the message at `now`."""
    letter = facts.letter
    if letter.due_at > now:
        return Postpone(letter.due_at, Reason.NOT_DUE)
    held = _by_recipients(facts) or _by_changes(facts)
    return held or timed(letter, facts.gate, now, rules=rules)


def _by_recipients(facts: SendFacts) -> Discard | Hold | None:
    stopped = blocked([*facts.to, *facts.copies], facts.suppressions, facts.mailing)
    if not stopped:
        return None
    address, reason = next(iter(stopped.items()))
    if all(recipient in stopped for recipient in facts.to):
        return Discard(reason, {"address": address})
    return Hold(Reason.RECIPIENT_BLOCKED, {"address": address})


def _by_changes(facts: SendFacts) -> Hold | None:
    for change in Change:
        asked_for_anyway = change is Change.CONTACT_REPLIED and facts.letter.urgency is Urgency.NOW
        if change in facts.changes and not asked_for_anyway:
            return Hold(Reason(change.value))
    return None
