"""Whether a message is kept, left out or set aside: the one predicate of all paths of mail-in.

It composes the other rules, which know nothing of each other, in an order that is itself the rule:
what is no mail, what the law and people said, what we did ourselves, what must never be logged, and
only then who is on it. Whether a pending message left is settled by its send id beside this
decision, so that even a skipped copy completes it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from backend.domain.blocklist import blocked
from backend.domain.capture_facts import Asked, CaptureRules, Follow, MessageFacts, Unread
from backend.domain.capture_outcome import Keep, Quarantine, Rule, Skip, Weight
from backend.domain.envelope import Author
from backend.domain.labels import not_mail, put_away
from backend.domain.matching import Match, NoMatch, match
from backend.domain.reasons import Reason

UNREAD: Mapping[Unread, Skip | Quarantine] = {
    Unread.GONE: Skip(reason=Reason.MESSAGE_GONE, rule=Rule.READING),
    Unread.OUTSIDE_IMPORT: Skip(reason=Reason.OUTSIDE_IMPORT, rule=Rule.READING),
    Unread.CANNOT_PARSE: Quarantine(reason=Reason.CANNOT_PARSE),
    Unread.TOO_LARGE: Quarantine(reason=Reason.TOO_LARGE),
}

ON_REQUEST: Mapping[Asked, Reason] = {
    Asked.LOG: Reason.LOGGED_BY_CLICK,
    Asked.LOG_ANYWAY: Reason.LOGGED_BY_CLICK,
    Asked.SMART_BCC: Reason.SMART_BCC,
}


def decide(message: MessageFacts | Unread, rules: CaptureRules) -> Keep | Skip | Quarantine:
    """Ask the rules in turn; the first that has an answer decides, and matching always has one.

    >>> from backend.domain.blocklist import never_log
    >>> from backend.domain.capture_facts import MailboxFacts
    >>> from backend.domain.envelope import Envelope
    >>> from backend.domain.ids import MemberId
    >>> from backend.domain.known import Directory
    >>> from backend.domain.match_policy import MatchPolicy
    >>> from backend.domain.team import Team
    >>> team = Team(members={"kim@ours.example": MemberId(7)})
    >>> rules = CaptureRules(team, never_log([]), MatchPolicy(), MailboxFacts())
    >>> mail = Envelope("lee@else.example", to=("kim@ours.example",))
    >>> facts = MessageFacts(envelope=mail, subject="Hello", directory=Directory())
    >>> decide(facts, rules).reason.value
    'nobody_known'
    >>> decide(Unread.GONE, rules).reason.value
    'message_gone'
    """
    if isinstance(message, Unread):
        return UNREAD[message]
    case = _Case(message, rules, _matched(message, rules))
    for rule in IN_ORDER:
        answer = rule(case)
        if answer is not None:
            return answer
    return _nobody(case)


@dataclass(frozen=True, slots=True)
class _Case:
    message: MessageFacts
    rules: CaptureRules
    found: Match | NoMatch

    def keep(self, reason: Reason, rule: Rule) -> Keep:
        return Keep(
            reason=reason,
            rule=rule,
            address=self.found.address,
            people=self.found.people,
            weight=_weight(self),
        )


def _matched(message: MessageFacts, rules: CaptureRules) -> Match | NoMatch:
    return match(
        message.envelope,
        message.directory,
        team=rules.team,
        policy=rules.matching,
        reader=rules.mailbox.owner,
    )


def _no_mail(case: _Case) -> Skip | None:
    reason = not_mail(case.message.labels)
    return None if reason is None else Skip(reason=reason, rule=Rule.LABELS)


def _erased(case: _Case) -> Skip | None:
    """One erased person is enough: what others wrote would bring the address back (N16)."""
    for _, key in case.message.envelope:
        if key in case.message.erased:
            return Skip(reason=Reason.ERASED_PERSON, rule=Rule.ERASURE, address=key)
    return None


def _taken_out(case: _Case) -> Skip | None:
    """No later path brings back what a person took out."""
    if case.message.asked is not Asked.TAKE_OUT:
        return None
    return Skip(reason=Reason.UNLOGGED, rule=Rule.PERSON)


def _sent_from_here(case: _Case) -> Keep | None:
    """A send id counts on mail from us only: whoever received one could put it on a mail of
    theirs.
    """
    sender = case.message.envelope.sender
    if case.message.send_id is None or sender is None or not case.rules.team.owns(sender):
        return None
    return case.keep(Reason.SENT_BY_RAPPORT, Rule.SEND_ID)


def _never_logged(case: _Case) -> Skip | None:
    if case.message.asked is Asked.LOG_ANYWAY:
        return None
    met = blocked(case.message.envelope, case.message.subject, case.rules.never_log)
    if met is None:
        return None
    return Skip(reason=met.reason, rule=Rule.NEVER_LOG, address=met.address)


def _bounce(case: _Case) -> Keep | None:
    """Before internal mail: the mail server that gives up may be our own."""
    if case.message.reports_on is None:
        return None
    return case.keep(Reason.BOUNCE_OF_OURS, Rule.BOUNCE)


def _internal(case: _Case) -> Skip | None:
    if case.found.reason is not Reason.INTERNAL_ONLY:
        return None
    return Skip(reason=Reason.INTERNAL_ONLY, rule=Rule.INTERNAL, address=case.found.address)


def _asked_for(case: _Case) -> Keep | None:
    reason = ON_REQUEST.get(case.message.asked)
    return None if reason is None else case.keep(reason, Rule.PERSON)


def _put_away(case: _Case) -> Skip | None:
    reason = put_away(case.message.labels)
    return None if reason is None else Skip(reason=reason, rule=Rule.LABELS)


def _match(case: _Case) -> Keep | None:
    if isinstance(case.found, NoMatch):
        return None
    return case.keep(case.found.reason, Rule.MATCHING)


def _followed(case: _Case) -> Keep | None:
    people, follow = case.found.people, case.message.follow
    known = bool(people.contacts or people.accounts)
    if follow is Follow.NO or (follow is Follow.KNOWN_PEOPLE and not known):
        return None
    return case.keep(Reason.FOLLOWED_THREAD, Rule.FOLLOWED)


def _shared(case: _Case) -> Keep | None:
    if not case.rules.mailbox.takes_everything:
        return None
    return case.keep(Reason.SHARED_MAILBOX, Rule.SHARED)


def _report_on_other_mail(case: _Case) -> Skip | None:
    """Nothing follows from it: anybody can write that somebody's address does not exist."""
    if not case.message.is_report:
        return None
    return Skip(reason=Reason.REPORT_ON_OTHER_MAIL, rule=Rule.BOUNCE)


def _nobody(case: _Case) -> Skip:
    return Skip(reason=case.found.reason, rule=Rule.MATCHING, address=case.found.address)


IN_ORDER: tuple[Callable[[_Case], Keep | Skip | None], ...] = (
    _no_mail,
    _erased,
    _taken_out,
    _sent_from_here,
    _never_logged,
    _bounce,
    _internal,
    _asked_for,
    _put_away,
    _match,
    _followed,
    _shared,
    _report_on_other_mail,
)


def _weight(case: _Case) -> Weight:
    if case.message.author is Author.MACHINE:
        return Weight.MACHINE
    return Weight.ANSWER if case.found.people.knows_sender else Weight.PLAIN
