"""Who else is associated with a mail, and who owns the conversation."""

import pytest

from backend.domain.capture.directory import Directory, KnownAccount
from backend.domain.capture.match_policy import MatchPolicy
from backend.domain.capture.matching import Match, match
from backend.domain.capture.participants import AccountOn, ContactOn, MemberOn, People, people_on
from backend.domain.ids import AccountId, ContactId
from backend.domain.mail.envelope import Envelope
from backend.domain.policies import MatchField, MultiMatch, ThreadOwner
from backend.domain.reasons import Reason
from tests.domain.mail import (
    ADATUM,
    ALPHA,
    ANA,
    ANA_AT,
    BETA,
    DESK,
    DIRECTORY,
    JON,
    JON_AT,
    KIM,
    KIM_ALIAS,
    KIM_AT,
    MIA,
    MIA_AT,
    MIA_HOME,
    NEW_YEAR,
    STRANGER,
    TEAM,
    TWIN,
    contact,
    mail,
)

BY_DOMAIN = MatchPolicy(by_domain=True)
DOMAINS = Directory(
    DIRECTORY.contacts,
    {
        "alpha.example": [KnownAccount(ALPHA, NEW_YEAR)],
        "eu.alpha.example": [KnownAccount(BETA, NEW_YEAR)],
        "example": [KnownAccount(ADATUM, NEW_YEAR)],
    },
)


def found(envelope: Envelope, policy: MatchPolicy | None = None) -> People:
    return people_on(envelope, DIRECTORY, team=TEAM, policy=policy or MatchPolicy())


def contacts(people: People) -> list[ContactId]:
    return [on.contact_id for on in people.contacts]


def accounts(people: People) -> list[AccountId]:
    return [on.account_id for on in people.accounts]


@pytest.mark.contract("V-17")
@pytest.mark.contract("V-18")
@pytest.mark.contract("D-7")
@pytest.mark.contract("H-46")
def test_all_known_contacts_are_associated_in_whatever_field() -> None:
    people = found(mail(KIM_AT, MIA_AT, STRANGER, cc=JON_AT))
    assert people.contacts == (
        ContactOn(MIA, MatchField.TO, MIA_AT),
        ContactOn(JON, MatchField.CC, JON_AT),
    )
    assert contacts(found(mail(KIM_AT, MIA_AT, bcc=JON_AT))) == [MIA, JON]


@pytest.mark.contract("V-19")
def test_all_team_members_are_associated_once() -> None:
    people = found(mail(KIM_ALIAS, MIA_AT, cc=f"{KIM_AT} {ANA_AT}"))
    assert people.members == (
        MemberOn(KIM, MatchField.FROM, KIM_ALIAS),
        MemberOn(ANA, MatchField.CC, ANA_AT),
    )


@pytest.mark.contract("VC-104")
@pytest.mark.contract("D-6")
def test_a_mail_stands_under_every_account_of_any_participant_and_says_why() -> None:
    people = found(mail(KIM_AT, MIA_AT, cc=JON_AT))
    assert people.accounts == (
        AccountOn(ALPHA, MatchField.TO, MIA_AT),
        AccountOn(BETA, MatchField.TO, MIA_AT),
        AccountOn(ADATUM, MatchField.CC, JON_AT),
    )


@pytest.mark.parametrize(
    ("envelope", "touched"),
    [
        pytest.param(mail(KIM_AT, MIA_AT, cc=JON_AT), [ALPHA, BETA], id="a copy beside others"),
        pytest.param(mail(KIM_AT, MIA_AT, bcc=JON_AT), [ALPHA, BETA], id="a blind copy"),
        pytest.param(mail(JON_AT, KIM_AT, cc=MIA_AT), [ADATUM], id="who wrote it"),
        pytest.param(mail(KIM_AT, MIA_AT, JON_AT), [ALPHA, BETA, ADATUM], id="to both"),
        pytest.param(mail(KIM_AT, STRANGER, cc=JON_AT), [ADATUM], id="the only account"),
        pytest.param(mail(KIM_AT, STRANGER, cc=MIA_AT), [ALPHA, BETA], id="one person of two"),
    ],
)
def test_a_mail_is_an_interaction_with_the_accounts_it_was_written_to(
    envelope: Envelope, touched: list[AccountId]
) -> None:
    assert [on.account_id for on in found(envelope).touched] == touched


def test_two_addresses_of_one_contact_are_both_told_and_lead_to_one_account_each() -> None:
    people = found(mail(MIA_AT, KIM_AT, cc=f"{MIA_HOME} {MIA_HOME}"))
    assert people.contacts == (
        ContactOn(MIA, MatchField.FROM, MIA_AT),
        ContactOn(MIA, MatchField.CC, MIA_HOME),
    )
    assert accounts(people) == [ALPHA, BETA]


def test_an_address_of_ours_is_never_a_contact() -> None:
    directory = Directory({KIM_AT: [contact(MIA, ALPHA)]})
    people = people_on(mail(KIM_AT, STRANGER), directory, team=TEAM, policy=MatchPolicy())
    assert people.contacts == ()
    assert people.accounts == ()


@pytest.mark.contract("D-6")
@pytest.mark.parametrize(
    ("multi", "shown_under", "owner"),
    [
        pytest.param(
            MultiMatch.ALL,
            [TWIN, MIA, JON],
            TWIN,
            id="a shared address leads to all its contacts",
        ),
        pytest.param(
            MultiMatch.FIRST_CREATED,
            [MIA],
            MIA,
            id="or to the contact created first",
            marks=[pytest.mark.contract("S-46"), pytest.mark.contract("H-56")],
        ),
        pytest.param(MultiMatch.NEWEST, [TWIN], TWIN, id="or to the newest one"),
    ],
)
def test_one_address_of_several_contacts(
    multi: MultiMatch, shown_under: list[ContactId], owner: ContactId
) -> None:
    people = found(mail(DESK, KIM_AT), MatchPolicy(multi=multi))
    assert contacts(people) == shown_under
    assert people.owner == owner


def test_contacts_created_at_once_are_told_apart_by_their_id() -> None:
    directory = Directory({DESK: [contact(JON), contact(MIA)]})
    policy = MatchPolicy(multi=MultiMatch.FIRST_CREATED)
    people = people_on(mail(DESK, KIM_AT), directory, team=TEAM, policy=policy)
    assert contacts(people) == [MIA]


@pytest.mark.contract("D-7")
@pytest.mark.contract("H-49")
@pytest.mark.parametrize(
    ("envelope", "owner"),
    [
        pytest.param(mail(KIM_AT, STRANGER, JON_AT, MIA_AT), JON, id="the first known in To owns"),
        pytest.param(mail(MIA_AT, KIM_AT, JON_AT), MIA, id="a known sender owns"),
        pytest.param(mail(STRANGER, KIM_AT, cc=JON_AT), JON, id="else the first known in Cc"),
        pytest.param(mail(STRANGER, KIM_AT), None, id="else nobody"),
    ],
)
def test_who_owns_the_conversation(envelope: Envelope, owner: ContactId | None) -> None:
    assert found(envelope).owner == owner


@pytest.mark.contract("D-7")
def test_nobody_owns_it_when_the_workspace_wants_none() -> None:
    people = found(mail(MIA_AT, KIM_AT), MatchPolicy(owner=ThreadOwner.NONE))
    assert people.owner is None
    assert contacts(people) == [MIA]


@pytest.mark.contract("S-16")
@pytest.mark.contract("D-18")
def test_by_domain_a_mail_belongs_to_the_account_instead_of_a_contact() -> None:
    decided = match(
        mail("anybody@alpha.example", KIM_AT), DOMAINS, team=TEAM, policy=BY_DOMAIN, reader=KIM
    )
    assert isinstance(decided, Match)
    assert decided.reason is Reason.MATCHED_DOMAIN
    assert decided.people == People(
        accounts=(AccountOn(ALPHA, MatchField.FROM, "anybody@alpha.example"),),
        members=(MemberOn(KIM, MatchField.TO, KIM_AT),),
    )


def test_by_domain_a_shared_address_leads_to_one_account() -> None:
    people = people_on(mail(DESK, KIM_AT), DOMAINS, team=TEAM, policy=BY_DOMAIN)
    assert accounts(people) == [ALPHA]


@pytest.mark.contract("D-18")
@pytest.mark.contract("V-21")
@pytest.mark.contract("S-17")
@pytest.mark.contract("S-19")
@pytest.mark.parametrize(
    ("address", "policy", "reached"),
    [
        pytest.param("x@alpha.example", MatchPolicy(), [], id="off: an account without contacts"),
        pytest.param("x@mail.alpha.example", BY_DOMAIN, [ALPHA], id="on: a subdomain"),
        pytest.param("x@de.eu.alpha.example", BY_DOMAIN, [BETA], id="on: the nearest domain wins"),
        pytest.param("x@notalpha.example", BY_DOMAIN, [], id="on: part of a name is no domain"),
        pytest.param("x@alpha.example.evil.io", BY_DOMAIN, [], id="on: nor is its beginning"),
        pytest.param(JON_AT, BY_DOMAIN, [], id="on: an account without the domain gets nothing"),
    ],
)
def test_accounts_by_domain(address: str, policy: MatchPolicy, reached: list[AccountId]) -> None:
    people = people_on(mail(address, KIM_AT), DOMAINS, team=TEAM, policy=policy)
    assert accounts(people) == reached


@pytest.mark.contract("D-18")
@pytest.mark.contract("D-19")
def test_by_domain_nobody_is_assigned_so_assignment_is_not_asked_for() -> None:
    policy = MatchPolicy(by_domain=True, require_assignment=True)
    decided = match(mail(MIA_AT, ANA_AT), DOMAINS, team=TEAM, policy=policy, reader=ANA)
    assert decided.reason is Reason.MATCHED_DOMAIN


@pytest.mark.contract("D-6")
def test_of_two_accounts_with_one_domain_the_first_created_can_be_chosen() -> None:
    behind = [KnownAccount(BETA, NEW_YEAR), KnownAccount(ALPHA, NEW_YEAR)]
    directory = Directory(accounts={"alpha.example": behind})
    policy = MatchPolicy(by_domain=True, multi=MultiMatch.FIRST_CREATED)
    people = people_on(mail(MIA_AT, KIM_AT), directory, team=TEAM, policy=policy)
    assert accounts(people) == [ALPHA]
