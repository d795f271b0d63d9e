"""The one predicate of mail-in: what decides, and before what else."""

from dataclasses import replace
from typing import NamedTuple
from uuid import UUID

import pytest

from backend.domain.capture.blocklist import Entry, EntryKind, never_log
from backend.domain.capture.match_policy import MatchPolicy
from backend.domain.capture.rule import (
    SETTING_BEHIND,
    Asked,
    CaptureRules,
    Follow,
    Keep,
    MailboxFacts,
    MessageFacts,
    Quarantine,
    Rule,
    Skip,
    Unread,
    decide,
)
from backend.domain.ids import MessageId, PendingId
from backend.domain.mail.envelope import Author, Envelope
from backend.domain.policies import SETTINGS, Capture, MailboxKind
from backend.domain.reasons import Group, Reason
from tests.domain.mail import (
    ANA_AT,
    DIRECTORY,
    JON,
    JON_AT,
    KIM,
    KIM_AT,
    MIA_AT,
    OTHER_STRANGER,
    STRANGER,
    SUPPORT,
    TEAM,
    group_of,
    mail,
)

SEND_ID = PendingId(UUID(int=7))
PERSONAL = MailboxFacts(owner=KIM)
SHARED = MailboxFacts(kind=MailboxKind.SHARED, capture=Capture.ALL)
NEVER = never_log(
    [
        Entry(EntryKind.ADDRESS, MIA_AT),
        Entry(EntryKind.DOMAIN, "else.example"),
        Entry(EntryKind.SUBJECT, "confidential"),
    ]
)
FROM_CONTACT, TO_CONTACT = mail(MIA_AT, KIM_AT), mail(KIM_AT, JON_AT)
FROM_STRANGER, INTERNAL = mail(OTHER_STRANGER, KIM_AT), mail(KIM_AT, ANA_AT)
COPIED = mail(OTHER_STRANGER, KIM_AT, cc=JON_AT)
FORM = replace(mail(OTHER_STRANGER, KIM_AT), reply_to=(JON_AT,))
OWN_FORM = replace(mail(SUPPORT, KIM_AT), reply_to=(JON_AT,))


def facts(
    envelope: Envelope,
    *labels: str,
    subject: str = "Hello",
    asked: Asked = Asked.NOTHING,
    follow: Follow = Follow.NO,
    author: Author = Author.PERSON,
) -> MessageFacts:
    return MessageFacts(
        envelope=envelope,
        subject=subject,
        directory=DIRECTORY,
        labels=frozenset(labels),
        asked=asked,
        follow=follow,
        author=author,
    )


def rules(mailbox: MailboxFacts = PERSONAL, *, listed: bool = False) -> CaptureRules:
    return CaptureRules(TEAM, NEVER if listed else never_log([]), MatchPolicy(), mailbox)


def sent(message: MessageFacts) -> MessageFacts:
    return replace(message, send_id=SEND_ID)


def bounce(envelope: Envelope, *labels: str) -> MessageFacts:
    message = facts(envelope, *labels, author=Author.MACHINE)
    return replace(message, is_report=True, reports_on=MessageId(5))


def erased(message: MessageFacts, key: str) -> MessageFacts:
    return replace(message, erased=frozenset({key}))


class Case(NamedTuple):
    sentence: str
    ids: tuple[str, ...]
    message: MessageFacts
    given: CaptureRules
    answer: tuple[Reason, Rule, str | None]


def case(
    sentence: str,
    message: MessageFacts,
    answer: tuple[Reason, Rule, str | None],
    *ids: str,
    given: CaptureRules | None = None,
) -> Case:
    return Case(sentence, ids, message, given or rules(), answer)


def table(cases: list[Case]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(
        ("message", "given", "answer"),
        [
            pytest.param(
                one.message,
                one.given,
                one.answer,
                id=one.sentence,
                marks=[pytest.mark.contract(contract_id) for contract_id in one.ids],
            )
            for one in cases
        ],
    )


KEPT = [
    case("a match", facts(FROM_CONTACT), (Reason.MATCHED_SENDER, Rule.MATCHING, MIA_AT)),
    case(
        "mail sent by hand to a contact",
        facts(TO_CONTACT, "SENT"),
        (Reason.MATCHED_RECIPIENT, Rule.MATCHING, JON_AT),
    ),
    case(
        "mail sent from here",
        sent(facts(TO_CONTACT, "SENT")),
        (Reason.SENT_BY_RAPPORT, Rule.SEND_ID, JON_AT),
        "H-12",
    ),
    case(
        "mail sent from here, though trashed since",
        sent(facts(TO_CONTACT, "SENT", "TRASH")),
        (Reason.SENT_BY_RAPPORT, Rule.SEND_ID, JON_AT),
    ),
    case(
        "mail sent from here, though its recipient is on the list now",
        sent(facts(mail(KIM_AT, MIA_AT), "SENT")),
        (Reason.SENT_BY_RAPPORT, Rule.SEND_ID, MIA_AT),
        given=rules(listed=True),
    ),
    case(
        "a stranger's mail that somebody logged",
        facts(FROM_STRANGER, asked=Asked.LOG),
        (Reason.LOGGED_BY_CLICK, Rule.PERSON, None),
        "H-4",
    ),
    case(
        "spam that somebody logged",
        facts(COPIED, "SPAM", asked=Asked.LOG),
        (Reason.LOGGED_BY_CLICK, Rule.PERSON, JON_AT),
    ),
    case(
        "one mail of the never-log list that somebody logged all the same",
        facts(FROM_CONTACT, asked=Asked.LOG_ANYWAY),
        (Reason.LOGGED_BY_CLICK, Rule.PERSON, MIA_AT),
        "M1",
        given=rules(listed=True),
    ),
    case(
        "mail copied to the smart BCC address",
        facts(FROM_STRANGER, asked=Asked.SMART_BCC),
        (Reason.SMART_BCC, Rule.PERSON, None),
    ),
    case(
        "a bounce of our mail",
        bounce(mail("mailer-daemon@googlemail.com", KIM_AT)),
        (Reason.BOUNCE_OF_OURS, Rule.BOUNCE, None),
    ),
    case(
        "a bounce by our own mail server",
        bounce(mail("mailer-daemon@ours.example", KIM_AT), "SPAM"),
        (Reason.BOUNCE_OF_OURS, Rule.BOUNCE, "mailer-daemon@ours.example"),
    ),
    case(
        "a stranger's reply in a followed thread",
        facts(FROM_STRANGER, follow=Follow.REPLIES),
        (Reason.FOLLOWED_THREAD, Rule.FOLLOWED, None),
        "M3",
        "H-20",
    ),
    case(
        "a mail in a followed thread with somebody known on it",
        facts(COPIED, follow=Follow.KNOWN_PEOPLE),
        (Reason.FOLLOWED_THREAD, Rule.FOLLOWED, JON_AT),
        "M3",
    ),
    case(
        "anything in a shared mailbox that takes everything",
        facts(mail(STRANGER, SUPPORT)),
        (Reason.SHARED_MAILBOX, Rule.SHARED, None),
        "D-2",
        "K-1",
        given=rules(SHARED),
    ),
    case(
        "a contact's mail there still says so",
        facts(mail(MIA_AT, SUPPORT)),
        (Reason.MATCHED_SENDER, Rule.MATCHING, MIA_AT),
        "D-2",
        "V-41",
        given=rules(SHARED),
    ),
]


@pytest.mark.contract("N2")
@table(KEPT)
def test_kept(
    message: MessageFacts, given: CaptureRules, answer: tuple[Reason, Rule, str | None]
) -> None:
    decided = decide(message, given)
    assert isinstance(decided, Keep)
    assert (decided.reason, decided.rule, decided.address) == answer
    assert group_of(decided.reason) is Group.KEPT


LEFT_OUT = [
    case(
        "a draft, even when somebody clicks Log",
        facts(FROM_CONTACT, "DRAFT", asked=Asked.LOG),
        (Reason.DRAFT, Rule.LABELS, None),
    ),
    case("a chat", facts(FROM_CONTACT, "CHAT"), (Reason.CHAT, Rule.LABELS, None)),
    case("spam", facts(FROM_CONTACT, "SPAM"), (Reason.SPAM, Rule.LABELS, None)),
    case("trash", facts(FROM_CONTACT, "TRASH"), (Reason.TRASHED, Rule.LABELS, None)),
    case(
        "mail with an erased person, even sent from here",
        erased(sent(facts(TO_CONTACT, "SENT")), JON_AT),
        (Reason.ERASED_PERSON, Rule.ERASURE, JON_AT),
        "N16",
    ),
    case(
        "mail that an erased person is only copied on",
        erased(facts(mail(MIA_AT, KIM_AT, cc=JON_AT)), JON_AT),
        (Reason.ERASED_PERSON, Rule.ERASURE, JON_AT),
        "N16",
    ),
    case(
        "what we write in a thread that another workspace answers",
        replace(facts(TO_CONTACT, "SENT"), answered_elsewhere=True),
        (Reason.ANSWERED_ELSEWHERE, Rule.ELSEWHERE, None),
        "H-53",
    ),
    case(
        "what somebody took out stays out",
        facts(FROM_CONTACT, asked=Asked.TAKE_OUT),
        (Reason.UNLOGGED, Rule.PERSON, None),
        "N1",
    ),
    case(
        "an address of the never-log list, even clicked",
        facts(FROM_CONTACT, asked=Asked.LOG),
        (Reason.NEVER_LOG_ADDRESS, Rule.NEVER_LOG, MIA_AT),
        "M1",
        given=rules(listed=True),
    ),
    case(
        "a domain of the never-log list, even in a shared mailbox",
        facts(mail(STRANGER, SUPPORT)),
        (Reason.NEVER_LOG_DOMAIN, Rule.NEVER_LOG, STRANGER),
        "M1",
        given=rules(SHARED, listed=True),
    ),
    case(
        "a subject of the never-log list",
        facts(TO_CONTACT, subject="Confidential: plans"),
        (Reason.NEVER_LOG_SUBJECT, Rule.NEVER_LOG, None),
        "M1",
        given=rules(listed=True),
    ),
    case(
        "internal mail, whatever else speaks for it",
        facts(INTERNAL, asked=Asked.LOG, follow=Follow.REPLIES),
        (Reason.INTERNAL_ONLY, Rule.INTERNAL, KIM_AT),
        "S-11",
        "S-12",
        given=rules(SHARED),
    ),
    case(
        "nobody known",
        facts(FROM_STRANGER),
        (Reason.NOBODY_KNOWN, Rule.MATCHING, None),
        "V-20",
        "D-2",
    ),
    case(
        "a report on mail that is not known to be ours",
        replace(facts(mail("mailer-daemon@evil.example", KIM_AT)), is_report=True),
        (Reason.REPORT_ON_OTHER_MAIL, Rule.BOUNCE, None),
    ),
    case(
        "a contact only copied", facts(COPIED), (Reason.ONLY_COPIED, Rule.MATCHING, JON_AT), "D-3"
    ),
    case(
        "a contact form that names a contact in Reply-To",
        facts(FORM),
        (Reason.ONLY_REPLY_TO, Rule.MATCHING, JON_AT),
        "D-3",
    ),
    case(
        "the same sent by our own website, which is no internal mail",
        facts(OWN_FORM),
        (Reason.ONLY_REPLY_TO, Rule.MATCHING, JON_AT),
    ),
    case(
        "a stranger's mail that carries a send id of ours",
        sent(facts(mail(STRANGER, KIM_AT, JON_AT))),
        (Reason.THIRD_PARTY_SENDER, Rule.MATCHING, STRANGER),
    ),
    case(
        "a send id on a mail whose sender cannot be read",
        sent(facts(mail(None, KIM_AT))),
        (Reason.NOBODY_KNOWN, Rule.MATCHING, None),
    ),
    case(
        "a stranger's reply, where only known people follow",
        facts(FROM_STRANGER, follow=Follow.KNOWN_PEOPLE),
        (Reason.NOBODY_KNOWN, Rule.MATCHING, None),
        "M3",
    ),
    case(
        "a personal mailbox never takes everything",
        facts(FROM_STRANGER),
        (Reason.NOBODY_KNOWN, Rule.MATCHING, None),
        "D-2",
        given=rules(MailboxFacts(capture=Capture.ALL, owner=KIM)),
    ),
    case(
        "nor a shared one that was not told to",
        facts(FROM_STRANGER),
        (Reason.NOBODY_KNOWN, Rule.MATCHING, None),
        "D-2",
        given=rules(replace(SHARED, capture=Capture.MATCHED)),
    ),
]


@pytest.mark.contract("N2")
@table(LEFT_OUT)
def test_left_out(
    message: MessageFacts, given: CaptureRules, answer: tuple[Reason, Rule, str | None]
) -> None:
    reason, rule, address = answer
    assert decide(message, given) == Skip(reason=reason, rule=rule, address=address)
    assert group_of(reason) is Group.SKIPPED


@pytest.mark.contract("N2")
@pytest.mark.parametrize("unread", Unread)
def test_what_was_never_read_has_its_reason_too(unread: Unread) -> None:
    answer = decide(unread, rules())
    assert isinstance(answer, Skip | Quarantine)
    group = Group.QUARANTINED if isinstance(answer, Quarantine) else Group.SKIPPED
    assert group_of(answer.reason) is group
    assert answer.rule is Rule.READING


@pytest.mark.contract("N2")
def test_every_reason_to_keep_skip_or_quarantine_is_shown_by_a_case() -> None:
    shown = {one.answer[0] for one in [*KEPT, *LEFT_OUT]} | {
        decide(unread, rules()).reason for unread in Unread
    }
    wanted = {
        reason
        for reason in Reason
        if group_of(reason) in {Group.KEPT, Group.SKIPPED, Group.QUARANTINED}
    }
    by_matching_policy = {
        Reason.MATCHED_DOMAIN,
        Reason.MATCHED_REPLY_TO,
        Reason.NO_ACCOUNT_KNOWN,
        Reason.THIRD_PARTY_ALLOWED,
        Reason.NOT_ASSIGNED,
    }
    assert shown == wanted - by_matching_policy


def test_the_setting_behind_a_reason_exists() -> None:
    assert set(SETTING_BEHIND.values()) <= SETTINGS.keys()


def test_people_come_along_whatever_the_reason() -> None:
    answer = decide(facts(COPIED, asked=Asked.LOG), rules())
    assert isinstance(answer, Keep)
    assert [on.contact_id for on in answer.people.contacts] == [JON]
