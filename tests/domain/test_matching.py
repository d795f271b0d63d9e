"""Who decides that a mail is taken in."""

from dataclasses import replace

import pytest

from backend.domain.capture.directory import Directory
from backend.domain.capture.match_policy import MatchPolicy, match_policy
from backend.domain.capture.matching import Match, NoMatch, match
from backend.domain.ids import MemberId
from backend.domain.mail.envelope import Envelope
from backend.domain.policies import MatchField, Policies
from backend.domain.reasons import Reason
from tests.domain.mail import (
    ANA,
    ANA_AT,
    DIRECTORY,
    JON_AT,
    KIM,
    KIM_ALIAS,
    KIM_AT,
    MIA_AT,
    OTHER_STRANGER,
    STRANGER,
    SUPPORT,
    TEAM,
    mail,
)

SHIPPED = MatchPolicy()
COPIES_DECIDE = MatchPolicy(fields=frozenset(MatchField))
THIRD_PARTIES = MatchPolicy(third_party_sender=True)
ASSIGNED = MatchPolicy(require_assignment=True)


def decide(
    envelope: Envelope,
    policy: MatchPolicy = SHIPPED,
    *,
    reader: MemberId | None = KIM,
    directory: Directory = DIRECTORY,
) -> Match | NoMatch:
    return match(envelope, directory, team=TEAM, policy=policy, reader=reader)


def case(
    sentence: str,
    envelope: Envelope,
    reason: Reason,
    address: str | None,
    *ids: str,
    policy: MatchPolicy = SHIPPED,
    reader: MemberId | None = KIM,
) -> object:
    marks = [pytest.mark.contract(one) for one in ids]
    return pytest.param(envelope, policy, reader, reason, address, id=sentence, marks=marks)


TAKEN_IN = [
    case(
        "mail from a known contact is taken in",
        mail(MIA_AT, KIM_AT),
        Reason.MATCHED_SENDER,
        MIA_AT,
        "V-12",
        "V-15",
        "V-16",
        "S-10",
        "H-3",
        "H-13",
    ),
    case(
        "mail to a known contact is taken in",
        mail(KIM_AT, MIA_AT),
        Reason.MATCHED_RECIPIENT,
        MIA_AT,
        "V-15",
        "V-16",
        "S-10",
        "H-3",
    ),
    case(
        "mail sent from a listed alias is our own",
        mail(KIM_ALIAS, MIA_AT),
        Reason.MATCHED_RECIPIENT,
        MIA_AT,
        "S-13",
        "S-14",
        "S-15",
        "D-16",
    ),
    case(
        "a known contact among several recipients decides",
        mail(KIM_AT, STRANGER, JON_AT, MIA_AT),
        Reason.MATCHED_RECIPIENT,
        JON_AT,
        "H-46",
    ),
    case(
        "a contact writes to somebody else and copies one of us",
        mail(MIA_AT, STRANGER, cc=KIM_AT),
        Reason.MATCHED_SENDER,
        MIA_AT,
        "H-48",
    ),
    case(
        "a mail forwarded to a contact counts as sent to it",
        mail(KIM_AT, JON_AT),
        Reason.MATCHED_RECIPIENT,
        JON_AT,
        "H-55",
    ),
    case(
        "mail from a connected group address is ours",
        mail(SUPPORT, MIA_AT),
        Reason.MATCHED_RECIPIENT,
        MIA_AT,
        "V-41",
    ),
    case(
        "with Cc allowed to decide, a copied contact is enough",
        mail(KIM_AT, STRANGER, cc=MIA_AT),
        Reason.MATCHED_RECIPIENT,
        MIA_AT,
        "H-46",
        "D-3",
        policy=COPIES_DECIDE,
    ),
    case(
        "with Bcc allowed to decide, a contact in Bcc is enough",
        mail(KIM_AT, STRANGER, bcc=MIA_AT),
        Reason.MATCHED_RECIPIENT,
        MIA_AT,
        "H-46",
        "D-3",
        policy=COPIES_DECIDE,
    ),
    case(
        "with third parties allowed, a stranger's mail to both of us is taken in",
        mail(STRANGER, KIM_AT, MIA_AT),
        Reason.THIRD_PARTY_ALLOWED,
        MIA_AT,
        "S-21",
        "S-22",
        "D-3",
        policy=THIRD_PARTIES,
    ),
    case(
        "with third parties allowed, a contact's own mail is still named as such",
        mail(MIA_AT, KIM_AT),
        Reason.MATCHED_SENDER,
        MIA_AT,
        "D-3",
        policy=THIRD_PARTIES,
    ),
    case(
        "with assignment required, the assigned member's mail is taken in",
        mail(MIA_AT, KIM_AT),
        Reason.MATCHED_SENDER,
        MIA_AT,
        "H-14",
        "D-19",
        policy=ASSIGNED,
    ),
    case(
        "with assignment required, mail we send needs none",
        mail(KIM_AT, JON_AT),
        Reason.MATCHED_RECIPIENT,
        JON_AT,
        "H-12",
        "D-19",
        policy=ASSIGNED,
    ),
    case(
        "with assignment required, an assigned recipient decides for an unassigned sender",
        mail(JON_AT, KIM_AT, MIA_AT),
        Reason.MATCHED_RECIPIENT,
        MIA_AT,
        "D-19",
        policy=ASSIGNED,
    ),
    case(
        "with assignment required, a shared mailbox belongs to everybody",
        mail(JON_AT, SUPPORT),
        Reason.MATCHED_SENDER,
        JON_AT,
        "D-19",
        policy=ASSIGNED,
        reader=None,
    ),
]

LEFT_OUT = [
    case(
        "mail with nobody known is left out",
        mail(STRANGER, KIM_AT),
        Reason.NOBODY_KNOWN,
        None,
        "V-12",
        "V-20",
        "S-10",
    ),
    case(
        "mail whose From cannot be read is left out",
        mail(None, KIM_AT),
        Reason.NOBODY_KNOWN,
        None,
    ),
    case(
        "a contact in Cc does not decide",
        mail(STRANGER, KIM_AT, cc=MIA_AT),
        Reason.ONLY_COPIED,
        MIA_AT,
        "V-16",
        "D-3",
    ),
    case(
        "a contact in Bcc does not decide",
        mail(KIM_AT, STRANGER, bcc=MIA_AT),
        Reason.ONLY_COPIED,
        MIA_AT,
        "V-16",
        "D-3",
    ),
    case(
        "mail among us is internal",
        mail(KIM_AT, ANA_AT, cc=SUPPORT),
        Reason.INTERNAL_ONLY,
        KIM_AT,
        "S-11",
    ),
    case(
        "mail to anybody at our own domain is internal",
        mail("new.hire@ours.example", "it@labs.ours.example"),
        Reason.INTERNAL_ONLY,
        "new.hire@ours.example",
        "S-12",
    ),
    case(
        "a mail to oneself is internal",
        mail(KIM_AT, KIM_ALIAS),
        Reason.INTERNAL_ONLY,
        KIM_AT,
        "S-11",
    ),
    case(
        "a stranger's mail to both of us is left out",
        mail(STRANGER, KIM_AT, MIA_AT),
        Reason.THIRD_PARTY_SENDER,
        STRANGER,
        "S-20",
        "D-3",
    ),
    case(
        "with third parties allowed, one of us must be a recipient",
        mail(STRANGER, MIA_AT, cc=OTHER_STRANGER),
        Reason.THIRD_PARTY_SENDER,
        STRANGER,
        "S-21",
        policy=THIRD_PARTIES,
    ),
    case(
        "with assignment required, a colleague's contact is left out",
        mail(JON_AT, KIM_AT),
        Reason.NOT_ASSIGNED,
        JON_AT,
        "H-14",
        "H-17",
        "D-19",
        policy=ASSIGNED,
    ),
]


@pytest.mark.parametrize(("envelope", "policy", "reader", "reason", "address"), TAKEN_IN)
def test_taken_in(
    envelope: Envelope,
    policy: MatchPolicy,
    reader: MemberId | None,
    reason: Reason,
    address: str,
) -> None:
    found = decide(envelope, policy, reader=reader)
    assert isinstance(found, Match)
    assert (found.reason, found.address) == (reason, address)


@pytest.mark.parametrize(("envelope", "policy", "reader", "reason", "address"), LEFT_OUT)
def test_left_out(
    envelope: Envelope,
    policy: MatchPolicy,
    reader: MemberId | None,
    reason: Reason,
    address: str | None,
) -> None:
    found = decide(envelope, policy, reader=reader)
    assert isinstance(found, NoMatch)
    assert (found.reason, found.address) == (reason, address)


@pytest.mark.contract("V-22")
@pytest.mark.contract("S-44")
@pytest.mark.contract("D-5")
def test_who_is_no_contact_yet_causes_nothing_and_later_does() -> None:
    envelope = mail(MIA_AT, KIM_AT)
    assert decide(envelope, directory=Directory()).reason is Reason.NOBODY_KNOWN
    assert decide(envelope).reason is Reason.MATCHED_SENDER


def test_a_wrong_address_on_the_contact_is_no_match() -> None:
    assert decide(mail("mia@alfa.example", KIM_AT)).reason is Reason.NOBODY_KNOWN


def test_a_missing_alias_makes_our_own_mail_a_third_partys() -> None:
    unlisted = replace(TEAM, members={}, domains=frozenset(), shared=frozenset({ANA_AT}))
    found = match(
        mail("kim.d@agency.example", MIA_AT),
        DIRECTORY,
        team=unlisted,
        policy=SHIPPED,
        reader=ANA,
    )
    assert found.reason is Reason.THIRD_PARTY_SENDER


@pytest.mark.contract("D-3")
@pytest.mark.contract("D-18")
@pytest.mark.contract("D-19")
@pytest.mark.contract("S-17")
def test_the_choices_are_those_of_the_workspace() -> None:
    chosen = Policies.from_overrides(
        {
            "match.fields": "from,to,cc",
            "match.third_party_sender": "on",
            "match.by_domain": "Mail domain",
            "match.require_assignment": "on",
        }
    )
    assert match_policy(Policies()) == SHIPPED
    assert match_policy(chosen) == MatchPolicy(
        fields=frozenset({MatchField.FROM, MatchField.TO, MatchField.CC}),
        third_party_sender=True,
        by_domain=True,
        require_assignment=True,
    )
