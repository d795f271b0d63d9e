"""One batch of fetched messages, from facts to rows, inside the caller's transaction."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from backend.cpu import within
from backend.domain.capture.rule import Keep, Quarantine, Rule, Skip, Weight, decide
from backend.domain.mail.labels import is_outgoing
from backend.domain.mail.message import FetchedMessage
from backend.domain.mail.replies.text import own_text
from backend.domain.people.team import Team
from backend.domain.policies import MatchField
from backend.domain.threads.ties import ties_of
from backend.store.asking import fetch_values
from backend.store.capture import clicked
from backend.store.capture.decisions import Verdict, left_out_rows, rows_of
from backend.store.capture.facts import Facts, about, facts_of, questions
from backend.store.capture.place import Captured, Place
from backend.store.capture.reading import JUDGING, Read, read_one
from backend.store.capture.reported import awaits, follow_up, reported_id
from backend.store.capture.writing import write
from backend.store.filing import Filed, Filing, plan
from backend.store.filing.item import FilingPlace
from backend.store.filing.sent import complete_sent, departures, lock_sent
from backend.store.statements import Asked

Decided = Sequence[tuple[Read, Keep | Skip | Quarantine]]


class Batch:
    """Messages on their way in. Whoever has more to ask asks it along with `questions`."""

    def __init__(self, place: Place, fetched: Sequence[FetchedMessage]) -> None:
        self._place = place
        self._read = [read_one(place, one) for one in fetched]

    @property
    def questions(self) -> tuple[Asked, ...]:
        """What has to be known before anything is decided. The last answer holds it."""
        return questions(self._place, self._read)

    def facts(self, answer: Mapping[str, Any]) -> Facts:
        """What the last question found. Mail through lists of ours is told by it."""
        facts = facts_of(self._place, answer)
        self._read = [one.through_own_list(facts.rules.team) for one in self._read]
        return facts

    def decided(self, facts: Facts) -> Decided:
        """What the rule says of each message."""
        return [(one, decide(about(self._place, one, facts), facts.rules)) for one in self._read]

    def settle(self, session: Session, facts: Facts) -> list[Captured]:
        """Decide each message and write down what follows. Repeating it changes nothing."""
        place = self._place
        decided = self.decided(facts)
        items = [
            filing(one, decision, place, facts)
            for one, decision in decided
            if isinstance(decision, Keep)
        ]
        where = FilingPlace(
            workspace_id=place.workspace_id,
            mailbox_id=place.mailbox_id,
            now=place.now,
            team=facts.rules.team,
        )
        planned = plan(session, where, items)
        captured = outcomes(decided, {filed.gmail_id: filed for filed, _ in planned.pairs})
        rows = planned.rows
        verdicts = [
            verdict(one, seen, facts.rules.team)
            for one, seen in zip(self._read, captured, strict=True)
        ]
        rows["decisions"] = rows_of(place, verdicts)
        rows["left_out_people"] = left_out_rows(place, verdicts)
        rows["departures"] = departures(where, [one.fetched for one in self._read])
        rows["audit_log"] = clicked.rows(place, captured, facts.earlier)
        awaited = lock_sent(session, where, planned.pairs)
        write(session, rows)
        complete_sent(session, where, planned.pairs, awaited)
        return follow_up(session, place, facts, zip(self._read, captured, strict=True))


def capture(session: Session, place: Place, fetched: Sequence[FetchedMessage]) -> list[Captured]:
    """Gather the facts of a batch and settle it."""
    if not fetched:
        return []
    batch = Batch(place, fetched)
    *_, answer = fetch_values(session, *batch.questions)
    return batch.settle(session, batch.facts(answer))


def filing(read: Read, decision: Keep, place: Place, facts: Facts) -> Filing:
    """The message as it is filed."""
    parsed = read.fetched.parsed
    sender = parsed.sender.key if parsed.sender else ""
    return Filing(
        fetched=read.fetched,
        identity=read.identity,
        people=decision.people,
        ties=ties_of(parsed, read.envelope, decision.people.contacts, facts.rules.team),
        outgoing=is_outgoing(read.fetched.label_ids, sender_is_ours=facts.rules.team.owns(sender)),
        mail_kind=read.kind,
        human=decision.weight is not Weight.MACHINE,
        reply_text=within(JUDGING, lambda: own_text(parsed)),
        via="click" if place.clicked else "sync",
        logged_by=place.member if place.clicked else None,
        reports_on=reported_id(read, facts) if decision.rule is Rule.BOUNCE else None,
    )


def outcomes(decided: Decided, filed: Mapping[str, Filed]) -> list[Captured]:
    """What became of each message, in the order they came."""
    return [
        Captured(
            gmail_id=one.fetched.gmail_id,
            decision=decision,
            filed=filed.get(one.fetched.gmail_id),
            sent_at=one.fetched.internal_date,
        )
        for one, decision in decided
    ]


def verdict(read: Read, captured: Captured, team: Team) -> Verdict:
    """The decision with what its row needs to be found again. Whom only answers go to does not lead
    to it: their later contact would not bring it in, either.
    """
    on_it = [key for field, key in read.envelope if field is not MatchField.REPLY_TO]
    return Verdict(
        gmail_id=captured.gmail_id,
        decision=captured.decision,
        message_id=captured.filed.message_id if captured.filed else None,
        rfc_id=read.fetched.parsed.message_id,
        people=(*sorted({key for key in on_it if not team.owns(key)}), *awaits(read)),
        internal_at=captured.sent_at,
    )
