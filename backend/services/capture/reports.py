"""The consequences of reports on our own mail, and of mail from addresses that failed earlier."""

from collections.abc import Iterator, Sequence

from sqlalchemy.orm import Session

from backend.domain.capture.rule import Keep, Rule
from backend.domain.incoming import CaptureFacts, Incoming, Where, reported_message
from backend.services.capture import bounces, stops
from backend.services.capture.bounces import Reported
from backend.store import late_matches
from backend.store.capture_facts import awaited_under


def follow_up(
    session: Session, where: Where, facts: CaptureFacts, mails: Sequence[Incoming]
) -> None:
    """Record what the reports of a batch say, lift suppressions of addresses that wrote, and
    requeue reports whose message has only now arrived. Marks the messages when suppressions
    changed.
    """
    changed = bounces.note(session, where, facts.rules.team, list(reported(mails, facts)))
    alive = {one.envelope.sender or "" for one in mails if one.is_answer}
    changed |= stops.judge(session, where, alive & facts.failing)
    if facts.awaited or awaits_itself(mails):
        hashes = awaited_under(where, [one for one in mails if one.filed])
        late_matches.fetch_again(session, hashes, where.now)
    for one in mails:
        one.stops_changed = changed


def reported(mails: Sequence[Incoming], facts: CaptureFacts) -> Iterator[Reported]:
    """The reports that were kept because of the message they are about."""
    for one in mails:
        by_rule = isinstance(one.decision, Keep) and one.decision.rule is Rule.BOUNCE
        if one.report is None or not (one.filed and by_rule):
            continue
        about = reported_message(one, facts)
        if about is not None:
            yield Reported(report=one.report, about=about, filed_as=one.message_id, at=one.sent_at)


def awaits_itself(mails: Sequence[Incoming]) -> bool:
    """Whether a report was left out in the same batch as the message it is about."""
    left = {one.fetched.parsed.message_id for one in mails if one.left and one.filed}
    return any(
        one.report is not None and one.report.message_id in left for one in mails if not one.filed
    )
