"""Where a person belongs: invitations taken or left, several workspaces, proven domains."""

from dataclasses import dataclass

import pytest

from backend.errors import NotAllowed, NotFound
from backend.services import belonging, signing_in
from tests.console.conftest import OUTSIDER, Visitor, at, visitor, words
from tests.support.office import ANA, PUBLIC_URL, ROBIN, Office, allow

BEN = "ben@lumenworks.example"
OLGA = OUTSIDER


def person(office: Office, email: str, role: str = "team") -> str:
    name = email.partition("@")[0].capitalize()
    office.simulator.post("/simulator/people", {"email": email, "name": name, "role": role})
    return email


@dataclass(frozen=True)
class Two:
    """Lumen Works with Ana as its admin, and Elsewhere with Olga."""

    office: Office
    ana: Visitor
    olga: Visitor


@pytest.fixture
def two(quiet_office: Office, outsider: Visitor) -> Two:
    return Two(quiet_office, visitor(quiet_office).sign_in(ANA), outsider)


def members(office: Office, workspace: str) -> list[str]:
    rows = office.rows(
        "SELECT m.email FROM team_members m JOIN workspaces w ON w.id = m.workspace_id"
        " WHERE w.name = %s AND m.email NOT IN (%s) ORDER BY 1",
        workspace,
        OLGA,
    )
    return [email for (email,) in rows]


def invite(admin: Visitor, *people: str, role: str = "member") -> None:
    answer = admin.post("/settings/team", email="\n".join(people), role=role)
    assert answer.status_code == 303, words(answer)


def test_whoever_invited_first_does_not_own_the_identity(two: Two) -> None:
    person(two.office, BEN)
    invite(two.olga, BEN)
    invite(two.ana, BEN, role="leader")
    ben = visitor(two.office).arrive(BEN)
    page = ben.page("/workspaces")
    assert "Elsewhere Invited by Olga as member" in page
    assert "Lumen Works Invited by Ana Lindt as leader" in page
    assert ben.get("/").status_code == 302
    assert members(two.office, "Elsewhere") == []
    ours = two.office.value("SELECT id FROM invitations WHERE role = 'leader'")
    theirs = two.office.value("SELECT id FROM invitations WHERE role = 'member'")
    assert at(ben.press(f"/invitations/{theirs}/refusal")) == "/workspaces"
    assert at(ben.press(f"/invitations/{ours}/acceptance")) == "/"
    assert ben.page("/settings/team").count("Ben") >= 1
    assert members(two.office, "Elsewhere") == []
    assert BEN in members(two.office, "Lumen Works")
    assert "Declined" in two.olga.page("/settings/team")


def test_a_member_is_not_moved_by_somebody_elses_invitation(two: Two) -> None:
    visitor(two.office).sign_in(ROBIN)
    invite(two.olga, ROBIN, role="admin")
    robin = visitor(two.office).arrive(ROBIN, "/accounts")
    assert "Elsewhere Invited by Olga" in robin.page("/workspaces")
    home = two.office.value("SELECT id FROM workspaces ORDER BY id LIMIT 1")
    assert at(robin.press(f"/workspaces/{home}/entry")) == "/accounts"
    assert members(two.office, "Elsewhere") == []


def test_somebody_in_two_workspaces_switches_and_the_panel_goes_where_gmail_is(two: Two) -> None:
    office = two.office
    invite(two.olga, ROBIN)
    robin = visitor(office).arrive(ROBIN)
    number = office.value("SELECT id FROM invitations")
    robin.press(f"/invitations/{number}/acceptance")
    assert "Elsewhere" in robin.page("/settings/team")
    sub = office.value("SELECT max(google_sub) FROM team_members WHERE email = %s", ROBIN)
    here, there = (office.rows("SELECT id FROM workspaces ORDER BY id")[i][0] for i in (0, 1))

    def panel() -> int:
        return signing_in.actor_at_panel(office.deps, sub=sub, email=ROBIN)[0].workspace_id

    assert panel() == there
    assert "because you opened it last" in robin.page("/workspaces")
    robin.press(f"/workspaces/{here}/entry")
    assert "Lumen Works" in robin.page("/settings/team")
    assert panel() == here
    office.connected(ROBIN)
    robin.press(f"/workspaces/{there}/entry")
    assert panel() == here
    assert "because your Gmail is connected there" in robin.page("/workspaces")
    assert robin.press(f"/workspaces/{here + 900}/entry").status_code == 403


def test_an_invitation_opens_only_for_its_address_and_only_while_it_waits(two: Two) -> None:
    person(two.office, BEN)
    invite(two.ana, BEN)
    number = two.office.value("SELECT id FROM invitations")
    assert two.olga.press(f"/invitations/{number}/acceptance").status_code == 404
    ben = visitor(two.office).arrive(BEN)
    two.ana.post(f"/settings/team/invitations/{number}/revocation")
    answer = ben.press(f"/invitations/{number}/acceptance")
    assert answer.status_code == 404
    assert "This offer is over" in words(answer)
    assert "belongs to no workspace" in ben.page("/workspaces")
    assert BEN not in members(two.office, "Lumen Works")


def test_an_expired_invitation_is_renewed_by_an_admin(two: Two) -> None:
    person(two.office, BEN)
    invite(two.ana, BEN)
    later = two.office.later(days=31)
    number = two.office.value("SELECT id FROM invitations")
    back = allow(at(visitor(two.office).get("/signin/google")), BEN)
    arrived = signing_in.finish(two.office.deps, **back)
    with pytest.raises(NotFound):
        belonging.accept(later.deps, arrived.identity, number)
    assert "good for 30 days" in two.ana.follow(
        two.ana.post(f"/settings/team/invitations/{number}/renewal")
    )
    assert belonging.accept(two.office.deps, arrived.identity, number).email == BEN


@pytest.mark.parametrize(
    ("people", "told"),
    [
        ("nobody", "This is not an e-mail address: nobody"),
        ("a@b.example\nevil@@b.example", "This is not an e-mail address: evil"),
        (", ,", "Write at least one"),
        (ROBIN, "is in the team already"),
        ("x@y.example\n" + "\n".join(f"p{n}@y.example" for n in range(300)), "At most 200"),
    ],
)
def test_a_list_with_a_mistake_invites_nobody(two: Two, people: str, told: str) -> None:
    answer = two.ana.post("/settings/team", email=people, role="member")
    assert answer.status_code == 422
    assert told in words(answer)
    assert two.office.value("SELECT count(*) FROM invitations") == 0


def test_a_list_invites_each_once_and_twice_is_said(two: Two) -> None:
    invite(two.ana, "Kit Ray <kit@lumenworks.example>", "kit@lumenworks.example", BEN)
    page = two.ana.page("/settings/team")
    assert "Kit Ray kit@lumenworks.example Member, invited by Ana Lindt" in page
    assert two.office.value("SELECT count(*) FROM invitations") == 2
    again = two.ana.post("/settings/team", email=BEN, role="member")
    assert "is invited already" in words(again)


def test_a_domain_gives_a_right_only_once_google_proves_it(two: Two) -> None:
    office = two.office
    two.olga.post("/settings/team/domains", domain="lumenworks.example")
    assert "lumenworks.example Not proven" in two.olga.page("/settings/team")
    form = {"domain": "lumenworks.example", "open": "yes"}
    refused = two.olga.post("/settings/team/domains/opening", **form)
    assert refused.status_code == 422
    person(office, BEN)
    private = person(office, "bea@lumenworks.example", "outside")
    back = allow(at(visitor(office).get("/signin/google")), BEN)
    with pytest.raises(NotAllowed):
        signing_in.finish(office.deps, **back)
    two.ana.post("/settings/team/domains/opening", **form)
    ben = visitor(office).arrive(BEN)
    assert "Lumen Works Everybody of lumenworks.example may join" in ben.page("/workspaces")
    assert BEN not in members(office, "Lumen Works")
    home = office.value("SELECT id FROM workspaces ORDER BY id LIMIT 1")
    ben.press(f"/workspaces/{home}/membership")
    assert BEN in members(office, "Lumen Works")
    back = allow(at(visitor(office).get("/signin/google")), private)
    with pytest.raises(NotAllowed):
        signing_in.finish(office.deps, **back)


def test_whoever_lost_access_does_not_come_back_by_an_open_domain(two: Two) -> None:
    office = two.office
    two.ana.post("/settings/team/domains/opening", domain="lumenworks.example", open="yes")
    visitor(office).sign_in(ROBIN)
    number = office.value("SELECT id FROM team_members WHERE email = %s", ROBIN)
    two.ana.post(f"/settings/team/{number}/removal")
    robin = visitor(office).arrive(ROBIN)
    home = office.value("SELECT id FROM workspaces ORDER BY id LIMIT 1")
    answer = robin.press(f"/workspaces/{home}/membership")
    assert answer.status_code == 403
    assert "was taken away" in words(answer)


def test_the_cookie_changes_when_somebody_arrives_before_they_choose(two: Two) -> None:
    person(two.office, BEN)
    invite(two.ana, BEN)
    ben = visitor(two.office)
    ben.get("/signin/google")
    before = ben.client.get_cookie("rapport_session")
    ben.arrive(BEN)
    after = ben.client.get_cookie("rapport_session")
    assert before is not None
    assert after is not None
    assert before.value != after.value


def test_choosing_on_the_way_to_connect_stays_in_gmails_window(two: Two) -> None:
    """Gmail sees its window close only while no page on the way isolates itself."""
    visitor(two.office).sign_in(ROBIN)
    invite(two.olga, ROBIN)
    robin = visitor(two.office).arrive(ROBIN, "/connect")
    home = two.office.value("SELECT id FROM workspaces ORDER BY id LIMIT 1")
    for answer in (robin.get("/workspaces"), robin.press(f"/workspaces/{home}/entry")):
        assert answer.headers["Cross-Origin-Opener-Policy"] == "unsafe-none"
    assert at(answer) == "/connect"


def test_an_address_that_comes_with_another_account_waits_for_an_admin(two: Two) -> None:
    office = two.office
    visitor(office).sign_in(ROBIN)
    number = office.value("SELECT id FROM team_members WHERE email = %s", ROBIN)
    office.simulator.post("/simulator/people", {"email": ROBIN, "new_account": True})

    def refused() -> str:
        browser = visitor(office)
        back = allow(at(browser.get("/signin/google")), ROBIN)
        answer = browser.client.get("/signin/callback", query_string=back)
        assert answer.status_code == 403
        return words(answer)

    assert "who came with another Google account" in refused()
    page = two.ana.page("/settings/team")
    assert "Another Google account came with this address" in page
    decision = f"/settings/team/{number}/account"
    assert two.ana.post(decision, same="no").status_code == 409
    two.ana.post(f"/settings/team/{number}/removal")
    two.ana.post(decision, same="no")
    assert "is not a member" in refused()
    assert two.ana.post(f"/settings/team/{number}/return").status_code == 409
    invite(two.ana, ROBIN)
    offer = office.value("SELECT id FROM invitations")
    visitor(office).arrive(ROBIN).press(f"/invitations/{offer}/acceptance")
    assert office.rows(
        "SELECT deactivated_at IS NULL, address_ended_at IS NULL FROM team_members"
        " WHERE email = %s ORDER BY id",
        ROBIN,
    ) == [(False, False), (True, True)]


def test_a_member_whose_account_was_made_anew_comes_back_once_an_admin_says_so(two: Two) -> None:
    office = two.office
    visitor(office).sign_in(ROBIN)
    number = office.value("SELECT id FROM team_members WHERE email = %s", ROBIN)
    office.simulator.post("/simulator/people", {"email": ROBIN, "new_account": True})
    with pytest.raises(NotAllowed):
        signing_in.finish(office.deps, **allow(at(visitor(office).get("/signin/google")), ROBIN))
    assert two.ana.post(f"/settings/team/{number}/account", same="yes").status_code == 303
    assert visitor(office).sign_in(ROBIN).get("/").status_code == 200


def test_an_invitation_is_mailed_from_the_admins_own_gmail_or_copied(two: Two) -> None:
    office = two.office
    person(office, BEN)
    invite(two.ana, BEN)
    number = office.value("SELECT id FROM invitations")
    mailed = f"/settings/team/invitations/{number}/mail"
    assert two.ana.post(mailed).status_code == 409
    assert "Send from my Gmail" not in two.ana.page("/settings/team")
    office.connected(ANA)
    page = two.ana.page("/settings/team")
    assert "Send from my Gmail" in page
    assert f"accept: {PUBLIC_URL}/signin" in page
    for _ in range(2):
        assert two.ana.post(mailed).status_code == 303
    [(to, subject, body)] = office.rows('SELECT "to", subject, body_text FROM pending_messages')
    assert ([one["key"] for one in to], subject) == ([BEN], "Join Lumen Works on Rapport")
    assert f"{PUBLIC_URL}/signin" in body
    assert two.olga.post(mailed).status_code == 404
