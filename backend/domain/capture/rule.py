"""Whether a message is kept, left out or set aside: the one predicate of all paths of mail-in.

It composes the other rules, which do not know each other, and their order is part of the rule: what
is not mail, what the law and people decided, what we sent, what must never be logged, and only then
who is on it. A pending message is settled by its send id independently of this decision, so that
even a skipped copy completes it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from backend.domain.capture.blocklist import NeverLog, blocked
from backend.domain.capture.directory import Directory
from backend.domain.capture.match_policy import MatchPolicy
from backend.domain.capture.matching import Match, NoMatch, match
from backend.domain.capture.participants import People
from backend.domain.ids import MemberId, MessageId, PendingId
from backend.domain.mail.envelope import Author, Envelope
from backend.domain.mail.kinds import MailKind
from backend.domain.mail.labels import not_mail, put_away
from backend.domain.people.team import Team
from backend.domain.policies import Capture, MailboxKind
from backend.domain.reasons import Reason


class Rule(StrEnum):
    """The rule that decided, as stored in the decision."""

    READING = "reading"
    LABELS = "labels"
    ERASURE = "erasure"
    PERSON = "person"
    SEND_ID = "send_id"
    NEVER_LOG = "never_log"
    INTERNAL = "internal"
    MATCHING = "matching"
    BOUNCE = "bounce"
    FOLLOWED = "followed"
    ELSEWHERE = "elsewhere"
    SHARED = "shared"


class Weight(StrEnum):
    """What a kept message counts as.

    Only an answer moves "last reply" and stops pending mail; a machine's mail neither answers nor
    creates contacts, though it is kept with the people it concerns (M8).
    """

    ANSWER = "answer"
    PLAIN = "plain"
    MACHINE = "machine"


@dataclass(frozen=True, slots=True, kw_only=True)
class Keep:
    """Store the message with these people."""

    reason: Reason
    rule: Rule
    address: str | None
    people: People
    weight: Weight


@dataclass(frozen=True, slots=True, kw_only=True)
class Skip:
    """Store nothing readable of it: codes and keyed hashes only, of the address as well."""

    reason: Reason
    rule: Rule
    address: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarantine:
    """Set it aside where people see it."""

    reason: Reason
    rule: Rule = Rule.READING


SETTING_BEHIND: Mapping[Reason, str] = {
    Reason.MATCHED_SENDER: "match.fields",
    Reason.MATCHED_RECIPIENT: "match.fields",
    Reason.MATCHED_REPLY_TO: "match.fields",
    Reason.ONLY_COPIED: "match.fields",
    Reason.ONLY_REPLY_TO: "match.fields",
    Reason.THIRD_PARTY_ALLOWED: "match.third_party_sender",
    Reason.THIRD_PARTY_SENDER: "match.third_party_sender",
    Reason.MATCHED_DOMAIN: "match.by_domain",
    Reason.NO_ACCOUNT_KNOWN: "match.by_domain",
    Reason.NOT_ASSIGNED: "match.require_assignment",
    Reason.SHARED_MAILBOX: "mailbox.capture",
    Reason.NOBODY_KNOWN: "mailbox.capture",
    Reason.OUTSIDE_IMPORT: "import.mode",
    Reason.ANSWERED_ELSEWHERE: "location.retain",
}
"""The setting whose other value might have decided otherwise, for "why is this here"."""


class Asked(StrEnum):
    """A person's request about this message; the latest counts."""

    NOTHING = "nothing"
    LOG = "log"
    LOG_ANYWAY = "log_anyway"
    SMART_BCC = "smart_bcc"
    TAKE_OUT = "take_out"


class Follow(StrEnum):
    """Which later messages of a followed thread are kept (M3)."""

    NO = "no"
    REPLIES = "replies"
    KNOWN_PEOPLE = "known_people"


@dataclass(frozen=True, slots=True)
class MailboxFacts:
    """The mailbox the message was found in. A shared one has no owner."""

    kind: MailboxKind = MailboxKind.PERSONAL
    capture: Capture = Capture.MATCHED
    owner: MemberId | None = None

    @property
    def takes_everything(self) -> bool:
        """Only a shared mailbox may take in all mail, whatever is set (D-2)."""
        return self.kind is MailboxKind.SHARED and self.capture is Capture.ALL


@dataclass(frozen=True, slots=True)
class CaptureRules:
    """What holds for a whole batch: the team, the never-log list, and the choices for matching."""

    team: Team
    never_log: NeverLog
    matching: MatchPolicy
    mailbox: MailboxFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageFacts:
    """One message that was read.

    `erased` are the keys on it that belong to erased people. `send_id` is set when the message
    carries the id of a mail this workspace sent. `is_report` says that it reports on mail that was
    sent, and `reports_on` which of our mails that was, when known. `answered_elsewhere`: we wrote
    it in a thread that another workspace answers from the same Gmail account (D-28).
    """

    envelope: Envelope
    subject: str
    directory: Directory
    labels: frozenset[str] = frozenset()
    author: Author = Author.PERSON
    erased: frozenset[str] = frozenset()
    send_id: PendingId | None = None
    is_report: bool = False
    reports_on: MessageId | PendingId | None = None
    answered_elsewhere: bool = False
    follow: Follow = Follow.NO
    asked: Asked = Asked.NOTHING


class Unread(StrEnum):
    """Why the message was never read: the only fact for the decision."""

    GONE = "gone"
    OUTSIDE_IMPORT = "outside_import"
    CANNOT_PARSE = "cannot_parse"
    TOO_LARGE = "too_large"


def author_of(kind: MailKind) -> Author:
    """A person for human mail only: an accepted invitation or an absence note is not an answer."""
    return Author.PERSON if kind is MailKind.HUMAN else Author.MACHINE


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
    """Apply the rules in turn; the first one with an answer decides, and matching always has one.

    >>> from backend.domain.capture.blocklist import never_log
    >>> from backend.domain.capture.rule import MailboxFacts
    >>> from backend.domain.mail.envelope import Envelope
    >>> from backend.domain.ids import MemberId
    >>> from backend.domain.capture.directory import Directory
    >>> from backend.domain.capture.match_policy import MatchPolicy
    >>> from backend.domain.people.team import Team
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
    """No later path restores what a person took out."""
    if case.message.asked is not Asked.TAKE_OUT:
        return None
    return Skip(reason=Reason.UNLOGGED, rule=Rule.PERSON)


def _sent_from_here(case: _Case) -> Keep | None:
    """A send id counts on mail from us only: a recipient could copy it into their own mail."""
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


def _answered_elsewhere(case: _Case) -> Skip | None:
    """Only what we write: the contact's mail is shown in every workspace (H-53)."""
    if not case.message.answered_elsewhere or case.rules.matching.keeps_answers_of_others:
        return None
    return Skip(reason=Reason.ANSWERED_ELSEWHERE, rule=Rule.ELSEWHERE)


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
    """It has no consequences: anyone can claim that an address does not exist."""
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
    _answered_elsewhere,
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
