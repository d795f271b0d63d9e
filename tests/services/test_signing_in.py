"""Signing in with Google: who somebody is, and who is nobody here."""

import pytest

from backend.domain.people.identity import Identity
from backend.errors import AuthenticationFailed, ConsentRefused, NotAllowed
from backend.services import belonging, signing_in
from tests.support.company import ANA, KIM, ROBIN, Company, allow
from tests.support.decisions import remove_member

OUTSIDER = "olga@outside.example"


def sign_in(company: Company, email: str, return_to: str = "/pending") -> tuple[str, str]:
    answer = allow(signing_in.begin(company.deps, return_to=return_to), email)
    arrived = signing_in.finish(company.deps, **answer)
    assert arrived.belonging.only is not None
    actor = belonging.enter(company.deps, arrived.identity, arrived.belonging.only.workspace_id)
    return actor.email, arrived.return_to


def test_a_member_signs_in_and_goes_on_where_they_wanted(quiet_company: Company) -> None:
    company = quiet_company
    assert sign_in(company, ROBIN) == (ROBIN, "/pending")
    assert company.value("SELECT google_sub IS NOT NULL FROM team_members WHERE email = %s", ROBIN)
    assert sign_in(company, ROBIN, "//evil.example/") == (ROBIN, "/")


def test_a_stranger_is_told_whom_to_ask(quiet_company: Company) -> None:
    company = quiet_company
    company.simulator.post("/simulator/people", {"email": OUTSIDER, "name": "Olga"})
    with pytest.raises(NotAllowed, match="Ask an admin"):
        sign_in(company, OUTSIDER)


def test_after_the_first_time_the_identity_counts_and_not_the_address(
    quiet_company: Company,
) -> None:
    company = quiet_company
    sign_in(company, ROBIN)
    sub = company.value("SELECT google_sub FROM team_members WHERE email = %s", ROBIN)
    renamed = Identity(sub=sub, email="r@x.example")
    named_like_kim = Identity(sub=sub, email=KIM)
    for identity in (renamed, named_like_kim):
        assert belonging.enter(company.deps, identity, company.actor().workspace_id).email == ROBIN
    heir = Identity(sub="another", email=ROBIN)  # Google gave the address to somebody else
    with pytest.raises(NotAllowed):
        belonging.enter(company.deps, heir, company.actor().workspace_id)


def test_a_way_back_from_google_works_once(quiet_company: Company) -> None:
    company = quiet_company
    answer = allow(signing_in.begin(company.deps, return_to="/"), ROBIN)
    signing_in.finish(company.deps, **answer)
    with pytest.raises(AuthenticationFailed, match="used already"):
        signing_in.finish(company.deps, **answer)


def test_a_state_for_connecting_does_not_sign_in(quiet_company: Company) -> None:
    from backend.services import connecting  # noqa: PLC0415

    company = quiet_company
    answer = allow(connecting.begin(company.deps, company.actor(), return_to="/"), ROBIN)
    with pytest.raises(AuthenticationFailed):
        signing_in.finish(company.deps, **answer)


def test_cancelling_is_said_plainly(quiet_company: Company) -> None:
    company = quiet_company
    answer = allow(signing_in.begin(company.deps, return_to="/"), ROBIN, cancel=True)
    with pytest.raises(ConsentRefused):
        signing_in.finish(company.deps, **answer)


def test_a_member_who_left_is_nobody(quiet_company: Company) -> None:
    company = quiet_company
    actor = company.actor(ANA)
    remove_member(company, ANA)
    with pytest.raises(AuthenticationFailed, match="ended"):
        signing_in.actor_by_id(company.deps, actor.workspace_id, actor.member_id)
    with pytest.raises(NotAllowed):
        sign_in(company, ANA)
