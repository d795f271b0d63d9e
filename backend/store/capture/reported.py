"""What follows from reports on our own mail, and from mail of addresses that failed earlier."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from sqlalchemy.orm import Session

from backend.domain.capture.rule import Keep, Rule, Weight
from backend.store import late_matches
from backend.store.capture import bounces, stops
from backend.store.capture.bounces import Reported
from backend.store.capture.facts import Facts, reports_on, told_of
from backend.store.capture.place import Captured, Place
from backend.store.capture.reading import Read, report_key

Settled = list[tuple[Read, Captured]]


def follow_up(
    session: Session, place: Place, facts: Facts, settled: Iterable[tuple[Read, Captured]]
) -> list[Captured]:
    """Write down what the reports of a batch say, free addresses that wrote, and have reports read
    again whose mail came just now. The batch as it was, with what that changed.
    """
    settled = list(settled)
    changed = bounces.note(session, place, facts.rules.team, list(reported(settled, facts)))
    alive = {one.envelope.sender or "" for one, seen in settled if is_answer(seen)}
    changed |= stops.judge(session, place, alive & facts.failing)
    if facts.awaited or awaits_itself(settled):
        keys = reports_on([one for one, seen in settled if seen.filed is not None])
        hashes = [place.keyed_hash.of(place.workspace_id, key) for key in keys]
        late_matches.fetch_again(session, hashes, place.now)
    return [replace(seen, stops_changed=changed) for _, seen in settled]


def reported(settled: Settled, facts: Facts) -> Iterator[Reported]:
    """The reports that were kept because of the mail they are about."""
    for one, seen in settled:
        by_rule = isinstance(seen.decision, Keep) and seen.decision.rule is Rule.BOUNCE
        if one.report is None or seen.filed is None or not by_rule:
            continue
        about = told_of(one, facts)
        if about is not None:
            yield Reported(
                report=one.report, about=about, filed_as=seen.filed.message_id, at=seen.sent_at
            )


def reported_id(read: Read, facts: Facts) -> str | None:
    """The Message-ID of that mail, which leads to its conversation."""
    report = read.report
    if report is None:
        return None
    known = facts.reported_sends.get(report.send_id) if report.send_id else None
    return known or report.message_id


def awaits(read: Read) -> Iterator[str]:
    """By what a report is found again, should the mail it is about come later."""
    if read.report is not None and read.report.message_id:
        yield report_key(read.report.message_id)


def is_answer(seen: Captured) -> bool:
    """Whether a person wrote it who is known."""
    return isinstance(seen.decision, Keep) and seen.decision.weight is Weight.ANSWER


def awaits_itself(settled: Settled) -> bool:
    """Whether a report was left out beside the very mail it is about."""
    left = {one.fetched.parsed.message_id for one, seen in settled if one.left and seen.filed}
    return any(
        one.report is not None and one.report.message_id in left
        for one, seen in settled
        if seen.filed is None
    )
