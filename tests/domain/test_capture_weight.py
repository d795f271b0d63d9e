"""What a kept message counts as, and that every path gets the same answer."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.capture.blocklist import never_log
from backend.domain.capture.directory import Directory, KnownAccount
from backend.domain.capture.match_policy import MatchPolicy
from backend.domain.capture.rule import (
    Asked,
    CaptureRules,
    Follow,
    Keep,
    MailboxFacts,
    MessageFacts,
    Skip,
    Weight,
    author_of,
    decide,
)
from backend.domain.mail.envelope import Author, Envelope
from backend.domain.mail.kinds import MailKind
from backend.domain.reasons import Group, Reason
from tests.domain.mail import (
    ALPHA,
    DIRECTORY,
    JON_AT,
    KIM,
    KIM_AT,
    MIA_AT,
    NEW_YEAR,
    STRANGER,
    SUPPORT,
    TEAM,
    group_of,
    mail,
)

RULES = CaptureRules(TEAM, never_log([]), MatchPolicy(), MailboxFacts(owner=KIM))
KEYS = st.sampled_from([MIA_AT, JON_AT, KIM_AT, SUPPORT, STRANGER])
LABELS = st.frozensets(st.sampled_from(["INBOX", "SENT", "DRAFT", "CHAT", "SPAM", "TRASH"]))
MESSAGES = st.builds(
    MessageFacts,
    envelope=st.builds(
        Envelope,
        sender=st.none() | KEYS,
        to=st.lists(KEYS, max_size=3).map(tuple),
        cc=st.lists(KEYS, max_size=2).map(tuple),
    ),
    subject=st.just("Hello"),
    directory=st.just(DIRECTORY),
    labels=LABELS,
    author=st.sampled_from(Author),
    erased=st.frozensets(KEYS, max_size=1),
    asked=st.sampled_from(Asked),
    follow=st.sampled_from(Follow),
)


def weight(message: MessageFacts, rules: CaptureRules = RULES) -> Weight:
    answer = decide(message, rules)
    assert isinstance(answer, Keep)
    return answer.weight


def facts(envelope: Envelope, author: Author = Author.PERSON) -> MessageFacts:
    return MessageFacts(envelope=envelope, subject="Hello", directory=DIRECTORY, author=author)


@pytest.mark.contract("M8")
@pytest.mark.parametrize(
    ("message", "counts_as"),
    [
        pytest.param(facts(mail(MIA_AT, KIM_AT)), Weight.ANSWER, id="a contact wrote"),
        pytest.param(facts(mail(KIM_AT, MIA_AT)), Weight.PLAIN, id="we wrote"),
        pytest.param(
            facts(mail(MIA_AT, KIM_AT), Author.MACHINE),
            Weight.MACHINE,
            id="a contact's auto-reply is kept and is no answer",
        ),
        pytest.param(
            replace(facts(mail(STRANGER, KIM_AT)), follow=Follow.REPLIES),
            Weight.PLAIN,
            id="a stranger's reply is no answer of the contact",
        ),
    ],
)
def test_what_it_counts_as(message: MessageFacts, counts_as: Weight) -> None:
    assert weight(message) is counts_as


@pytest.mark.contract("M8")
@pytest.mark.parametrize("kind", MailKind)
def test_only_human_mail_is_a_persons(kind: MailKind) -> None:
    assert (author_of(kind) is Author.PERSON) == (kind is MailKind.HUMAN)


def test_by_domain_anybody_of_the_account_answers_for_it() -> None:
    known = Directory(accounts={"alpha.example": [KnownAccount(ALPHA, NEW_YEAR)]})
    message = replace(facts(mail("anybody@alpha.example", KIM_AT)), directory=known)
    rules = replace(RULES, matching=MatchPolicy(by_domain=True))
    assert weight(message, rules) is Weight.ANSWER


@pytest.mark.contract("N2")
@given(MESSAGES)
def test_every_message_has_exactly_one_explained_outcome(message: MessageFacts) -> None:
    answer = decide(message, RULES)
    assert answer == decide(message, RULES)
    group = group_of(answer.reason)
    assert group is (Group.KEPT if isinstance(answer, Keep) else Group.SKIPPED)


@pytest.mark.contract("N6")
@given(MESSAGES)
def test_without_a_persons_word_nothing_of_strangers_alone_is_kept(message: MessageFacts) -> None:
    quiet = replace(message, asked=Asked.NOTHING, follow=Follow.NO, directory=Directory())
    assert isinstance(decide(quiet, RULES), Skip)


@pytest.mark.contract("N16")
@given(MESSAGES)
def test_an_erased_person_never_comes_back(message: MessageFacts) -> None:
    if any(key in message.erased for _, key in message.envelope):
        answer = decide(message, RULES)
        assert isinstance(answer, Skip)
        assert answer.reason in {Reason.ERASED_PERSON, Reason.DRAFT, Reason.CHAT}
