"""Policies, the Gmail switch, the team and what is never logged: by those who may."""

import re

import pytest

from backend.domain.policies import LATER, POLICIES
from tests.console.conftest import Visitor, visitor, words
from tests.support.company import ANA, ROBIN, Company

BEN = "ben@lumenworks.example"


def test_every_policy_has_its_row_by_its_title_and_what_is_not_built_comes_last(
    robin: Visitor,
) -> None:
    text = robin.page("/settings/policies")
    places = {row.id: text.find(f"{row.title} {row.question}") for row in POLICIES}
    assert len(places) == 34
    assert -1 not in places.values()
    assert not re.search(r"\bD-\d", text)
    assert sorted(places, key=places.__getitem__)[:3] == ["D-1", "D-4", "D-20"]
    later = {row.id for row in POLICIES if all(one.name in LATER for one in row.settings)}
    assert min(map(places.__getitem__, later)) > max(places[row] for row in places.keys() - later)


def test_a_policy_without_effect_is_said_to_come_later_and_is_no_switch(
    ana: Visitor, quiet_company: Company
) -> None:
    answer = ana.get("/settings/policies")
    assert "Tasks are not copied to Google yet." in words(answer)
    assert "Nobody can be erased yet." in words(answer)
    assert 'name="tasks.target"' not in answer.get_data(as_text=True)
    refused = ana.post("/settings/policies/D-30", **{"tasks.target": "calendar_events"})
    assert refused.status_code == 422
    assert quiet_company.rows("SELECT name FROM policies") == []


def test_an_admin_changes_a_policy_and_the_page_says_who_did(
    ana: Visitor, quiet_company: Company
) -> None:
    text = ana.follow(ana.post("/settings/policies/D-9", **{"send.over_limit": "fail"}))
    assert "Changed by Ana Lindt" in text
    stored = quiet_company.rows("SELECT name, value FROM policies")
    assert stored == [("send.over_limit", "fail")]
    ana.post("/settings/policies/D-9", **{"send.over_limit": "wait"})
    assert quiet_company.rows("SELECT name FROM policies") == []
    assert (
        quiet_company.value("SELECT count(*) FROM audit_log WHERE action = 'policy.changed'") == 2
    )


def test_a_value_out_of_range_is_said_at_its_row(ana: Visitor, quiet_company: Company) -> None:
    answer = ana.post("/settings/policies/D-10", **{"send.hourly": "500"})
    assert answer.status_code == 422
    assert "from 1 to 60" in words(answer)
    assert quiet_company.rows("SELECT name FROM policies") == []


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/settings/policies/D-9", {"send.over_limit": "fail"}),
        ("/settings/integrations/gmail", {"switch": "off"}),
        ("/settings/team", {"name": "X", "email": "x@lumenworks.example", "role": "admin"}),
        ("/settings/team/1/role", {"role": "admin"}),
        ("/settings/team/1/removal", {"mail": "hold"}),
        ("/settings/team/domains", {"domain": "other.example"}),
        ("/settings/team/domains/removal", {"domain": "lumenworks.example"}),
        ("/settings/never-log", {"kind": "domain", "value": "a.example", "scope": "workspace"}),
    ],
)
def test_a_member_is_told_which_role_may(robin: Visitor, path: str, form: dict[str, str]) -> None:
    answer = robin.post(path, **form)
    assert answer.status_code == 403
    assert "Only admins can" in words(answer)
    assert "Ask an admin of your workspace. Your admins: Ana Lindt." in words(answer)


def test_what_a_member_may_not_do_is_absent(robin: Visitor) -> None:
    assert "Invite somebody" not in robin.page("/settings/team")
    assert "Turn off" not in robin.page("/settings/integrations/gmail")
    assert "The whole workspace" not in robin.page("/settings/never-log")
    policies = robin.get("/settings/policies").get_data(as_text=True)
    assert 'type="submit">Save' not in policies


@pytest.mark.contract("V-23", "V-26", "V-27")
def test_nobody_connects_before_an_admin_has_switched_gmail_on(
    ana: Visitor, robin: Visitor, quiet_company: Company
) -> None:
    ana.post("/settings/integrations/gmail", switch="off")
    answer = robin.post("/mailbox/connection")
    assert answer.status_code == 403
    assert "not switched on" in words(answer)
    assert "Gmail is not switched on for this workspace yet" in robin.page("/settings/email")
    text = ana.follow(ana.post("/settings/integrations/gmail", switch="on"))
    assert "turned on by Ana Lindt" in text
    assert robin.post("/mailbox/connection").status_code == 303


@pytest.mark.contract("V-34", "K-5", "V-44")
def test_the_page_shows_whose_mailbox_is_missing(ana: Visitor, quiet_company: Company) -> None:
    quiet_company.connected(ROBIN)
    text = ana.page("/settings/integrations/gmail")
    missing = text.partition("Not connected Mail that only they have")[2]
    assert "Kim Doyle" in missing
    assert "Robin Vale" not in missing
    assert "You need a Google Workspace account" in text
    assert "credentials of its own" in text


@pytest.mark.contract("S-13", "S-14")
def test_an_admin_confirms_a_further_address_of_a_mailbox(
    ana: Visitor, quiet_company: Company
) -> None:
    mailbox = quiet_company.connected(ROBIN)
    path = f"/mailboxes/{mailbox}/aliases"
    assert ana.post(path, address="robin.vale@lumenworks.example").status_code == 303
    assert ana.post(path, address="nonsense").status_code == 422
    stored = quiet_company.rows("SELECT key, source FROM mailbox_aliases WHERE source = 'admin'")
    assert stored == [("robin.vale@lumenworks.example", "admin")]
    other = quiet_company.connected(ANA)
    answer = ana.post(f"/mailboxes/{other}/aliases", address="robin.vale@lumenworks.example")
    assert answer.status_code == 409
    ana.post(f"{path}/removal", address="robin.vale@lumenworks.example")
    assert quiet_company.rows("SELECT key FROM mailbox_aliases WHERE source = 'admin'") == []


@pytest.mark.contract("V-26", "V-42")
def test_an_admin_invites_changes_roles_and_takes_access_away(
    ana: Visitor, quiet_company: Company
) -> None:
    company, form = quiet_company, {"name": "Ben Ito", "email": BEN, "role": "leader"}
    assert f"Ben Ito {BEN} Leader, invited by Ana Lindt" in ana.follow(
        ana.post("/settings/team", **form)
    )
    company.simulator.post("/simulator/people", {"email": BEN, "name": "Ben Ito", "role": "team"})
    ben = visitor(company).arrive(BEN)
    ben.press("/invitations/1/acceptance")
    number = quiet_company.value("SELECT id FROM team_members WHERE name = 'Ben Ito'")
    ana.post(f"/settings/team/{number}/role", role="member")
    ana.post(f"/settings/team/{number}/removal")
    row = quiet_company.rows(
        "SELECT role, deactivated_at IS NOT NULL FROM team_members WHERE id = %s", number
    )[0]
    assert row == ("member", True)
    again = ana.post("/settings/team", **form)
    assert again.status_code == 422
    assert "in the team already" in words(again)


def test_the_last_admin_stays_one(ana: Visitor, quiet_company: Company) -> None:
    number = quiet_company.value("SELECT id FROM team_members WHERE email_key = %s", ANA)
    for path, form in (("role", {"role": "member"}), ("removal", {})):
        answer = ana.post(f"/settings/team/{number}/{path}", **form)
        assert answer.status_code == 409
        assert "is the only admin" in words(answer)


@pytest.mark.contract("S-11", "S-12")
@pytest.mark.parametrize(
    ("domain", "status"),
    [("Partner.EXAMPLE", 303), ("gmail.com", 422), ("nodots", 422), ("", 422)],
)
def test_a_domain_becomes_internal_unless_it_belongs_to_everybody(
    ana: Visitor, quiet_company: Company, domain: str, status: int
) -> None:
    assert ana.post("/settings/team/domains", domain=domain).status_code == status
    stored = quiet_company.rows("SELECT domain FROM internal_domains WHERE domain LIKE 'partner%%'")
    assert bool(stored) is (status == 303)
