"""Where a person belongs: invitations taken or left, several workspaces, proven domains."""

from dataclasses import dataclass

import pytest

from backend.errors import NotAllowed, NotFound
from backend.services import belonging, signing_in
from tests.console.conftest import OUTSIDER, Visitor, at, signed_in, visitor, words
from tests.support.company import ANA, PUBLIC_URL, ROBIN, Company, allow

BEN = "ben@lumenworks.example"
OLGA = OUTSIDER


def person(company: Company, email: str, role: str = "team") -> str:
    name = email.partition("@")[0].capitalize()
    company.simulator.post("/simulator/people", {"email": email, "name": name, "role": role})
    return email


@dataclass(frozen=True)
class Two:
    """Lumen Works with Ana as its admin, and Elsewhere with Olga."""

    company: Company
    ana: Visitor
    olga: Visitor


@pytest.fixture
def two(quiet_company: Company, outsider: Visitor) -> Two:
    return Two(quiet_company, signed_in(quiet_company, ANA), outsider)


def members(company: Company, workspace: str) -> list[str]:
    rows = company.rows(
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
    person(two.company, BEN)
    invite(two.olga, BEN)
    invite(two.ana, BEN, role="leader")
    ben = visitor(two.company).arrive(BEN)
    page = ben.page("/workspaces")
    assert "Elsewhere Invited by Olga as member" in page
    assert "Lumen Works Invited by Ana Lindt as leader" in page
    assert ben.get("/").status_code == 302
    assert members(two.company, "Elsewhere") == []
    ours = two.company.value("SELECT id FROM invitations WHERE role = 'leader'")
    theirs = two.company.value("SELECT id FROM invitations WHERE role = 'member'")
    for _ in range(2):  # a double click is a click
        assert at(ben.press(f"/invitations/{theirs}/refusal")) == "/workspaces"
        assert at(ben.press(f"/invitations/{ours}/acceptance")) == "/"
    renewal = f"/settings/team/invitations/{ours}/renewal"
    assert "has accepted already" in two.ana.follow(two.ana.post(renewal))
    assert ben.page("/settings/team").count("Ben") >= 1
    assert members(two.company, "Elsewhere") == []
    assert BEN in members(two.company, "Lumen Works")
    assert "Declined" in two.olga.page("/settings/team")


def test_a_member_is_not_moved_by_somebody_elses_invitation(two: Two) -> None:
    visitor(two.company).sign_in(ROBIN)
    invite(two.olga, ROBIN, role="admin")
    robin = visitor(two.company).arrive(ROBIN, "/accounts")
    assert "Elsewhere Invited by Olga" in robin.page("/workspaces")
    home = two.company.value("SELECT id FROM workspaces ORDER BY id LIMIT 1")
    assert at(robin.press(f"/workspaces/{home}/entry")) == "/accounts"
    assert members(two.company, "Elsewhere") == []


def test_somebody_in_two_workspaces_switches_and_the_panel_goes_where_gmail_is(two: Two) -> None:
    company = two.company
    invite(two.olga, ROBIN)
    robin = visitor(company).arrive(ROBIN)
    number = company.value("SELECT id FROM invitations")
    robin.press(f"/invitations/{number}/acceptance")
    assert "Elsewhere" in robin.page("/settings/team")
    sub = company.value("SELECT max(google_sub) FROM team_members WHERE email = %s", ROBIN)
    here, there = (company.rows("SELECT id FROM workspaces ORDER BY id")[i][0] for i in (0, 1))

    def panel() -> int:
        return signing_in.actor_at_panel(company.deps, sub=sub, email=ROBIN)[0].workspace_id

    assert panel() == there
    assert "because you opened it last" in robin.page("/workspaces")
    robin.press(f"/workspaces/{here}/entry")
    assert "Lumen Works" in robin.page("/settings/team")
    assert panel() == here
    company.connected(ROBIN)
    robin.press(f"/workspaces/{there}/entry")
    assert panel() == here
    assert "because your Gmail is connected there" in robin.page("/workspaces")
    assert robin.press(f"/workspaces/{here + 900}/entry").status_code == 403


def test_an_invitation_opens_only_for_its_address_and_only_while_it_waits(two: Two) -> None:
    person(two.company, BEN)
    invite(two.ana, BEN)
    number = two.company.value("SELECT id FROM invitations")
    assert two.olga.press(f"/invitations/{number}/acceptance").status_code == 404
    ben = visitor(two.company).arrive(BEN)
    revocation = f"/settings/team/invitations/{number}/revocation"
    assert f"{BEN} is not invited any more" in two.ana.follow(two.ana.post(revocation))
    assert "was withdrawn already" in two.ana.follow(two.ana.post(revocation))
    answer = ben.press(f"/invitations/{number}/acceptance")
    assert answer.status_code == 404
    assert "This offer is over" in words(answer)
    assert "belongs to no workspace" in ben.page("/workspaces")
    assert BEN not in members(two.company, "Lumen Works")


def test_an_expired_invitation_is_renewed_by_an_admin(two: Two) -> None:
    person(two.company, BEN)
    invite(two.ana, BEN)
    later = two.company.later(days=31)
    number = two.company.value("SELECT id FROM invitations")
    back = allow(at(visitor(two.company).get("/signin/google")), BEN)
    arrived = signing_in.finish(two.company.deps, **back)
    with pytest.raises(NotFound):
        belonging.accept(later.deps, arrived.identity, number)
    assert "good for 30 days" in two.ana.follow(
        two.ana.post(f"/settings/team/invitations/{number}/renewal")
    )
    assert belonging.accept(two.company.deps, arrived.identity, number).email == BEN


@pytest.mark.parametrize(
    ("people", "told"),
    [
        ("nobody", "This is not an email address: nobody"),
        ("a@b.example\nevil@@b.example", "This is not an email address: evil"),
        (", ,", "Write at least one"),
        (ROBIN, "is in the team already"),
        ("x@y.example\n" + "\n".join(f"p{n}@y.example" for n in range(300)), "At most 200"),
    ],
)
def test_a_list_with_a_mistake_invites_nobody(two: Two, people: str, told: str) -> None:
    answer = two.ana.post("/settings/team", email=people, role="member")
    assert answer.status_code == 422
    assert told in words(answer)
    assert two.company.value("SELECT count(*) FROM invitations") == 0


def test_a_list_invites_each_once_and_twice_is_said(two: Two) -> None:
    invite(two.ana, "Kit Ray <kit@lumenworks.example>", "kit@lumenworks.example", BEN)
    page = two.ana.page("/settings/team")
    assert "Kit Ray kit@lumenworks.example Member, invited by Ana Lindt" in page
    assert two.company.value("SELECT count(*) FROM invitations") == 2
    again = two.ana.post("/settings/team", email=BEN, role="member")
    assert "is invited already" in two.ana.follow(again)
    mixed = two.ana.post("/settings/team", email=f"{BEN}, new@lumenworks.example", role="member")
    assert "is invited already" in words(mixed)
    assert mixed.status_code == 422


def test_a_domain_gives_a_right_only_once_google_proves_it(two: Two) -> None:
    company = two.company
    two.olga.post("/settings/team/domains", domain="lumenworks.example")
    assert "lumenworks.example Not proven" in two.olga.page("/settings/team")
    form = {"domain": "lumenworks.example", "open": "yes"}
    refused = two.olga.post("/settings/team/domains/opening", **form)
    assert refused.status_code == 422
    person(company, BEN)
    private = person(company, "bea@lumenworks.example", "outside")
    back = allow(at(visitor(company).get("/signin/google")), BEN)
    with pytest.raises(NotAllowed):
        signing_in.finish(company.deps, **back)
    two.ana.post("/settings/team/domains/opening", **form)
    ben = visitor(company).arrive(BEN)
    assert "Lumen Works Everybody of lumenworks.example may join" in ben.page("/workspaces")
    assert BEN not in members(company, "Lumen Works")
    home = company.value("SELECT id FROM workspaces ORDER BY id LIMIT 1")
    ben.press(f"/workspaces/{home}/membership")
    assert BEN in members(company, "Lumen Works")
    back = allow(at(visitor(company).get("/signin/google")), private)
    with pytest.raises(NotAllowed):
        signing_in.finish(company.deps, **back)


def test_whoever_lost_access_does_not_come_back_by_an_open_domain(two: Two) -> None:
    company = two.company
    two.ana.post("/settings/team/domains/opening", domain="lumenworks.example", open="yes")
    visitor(company).sign_in(ROBIN)
    number = company.value("SELECT id FROM team_members WHERE email = %s", ROBIN)
    two.ana.post(f"/settings/team/{number}/removal")
    robin = visitor(company).arrive(ROBIN)
    home = company.value("SELECT id FROM workspaces ORDER BY id LIMIT 1")
    answer = robin.press(f"/workspaces/{home}/membership")
    assert answer.status_code == 403
    assert "was taken away" in words(answer)


def test_the_cookie_changes_when_somebody_arrives_before_they_choose(two: Two) -> None:
    person(two.company, BEN)
    invite(two.ana, BEN)
    ben = visitor(two.company)
    ben.get("/signin/google")
    before = ben.client.get_cookie("rapport_session")
    ben.arrive(BEN)
    after = ben.client.get_cookie("rapport_session")
    assert before is not None
    assert after is not None
    assert before.value != after.value


def test_choosing_on_the_way_to_connect_stays_in_gmails_window(two: Two) -> None:
    """Gmail sees its window close only while no page on the way isolates itself."""
    visitor(two.company).sign_in(ROBIN)
    invite(two.olga, ROBIN)
    robin = visitor(two.company).arrive(ROBIN, "/connect")
    home = two.company.value("SELECT id FROM workspaces ORDER BY id LIMIT 1")
    for answer in (robin.get("/workspaces"), robin.press(f"/workspaces/{home}/entry")):
        assert answer.headers["Cross-Origin-Opener-Policy"] == "unsafe-none"
    assert at(answer) == "/connect"


def test_an_address_that_comes_with_another_account_waits_for_an_admin(two: Two) -> None:
    company = two.company
    visitor(company).sign_in(ROBIN)
    number = company.value("SELECT id FROM team_members WHERE email = %s", ROBIN)
    company.simulator.post("/simulator/people", {"email": ROBIN, "new_account": True})

    def refused() -> str:
        browser = visitor(company)
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
    offer = company.value("SELECT id FROM invitations")
    visitor(company).arrive(ROBIN).press(f"/invitations/{offer}/acceptance")
    assert company.rows(
        "SELECT deactivated_at IS NULL, address_ended_at IS NULL FROM team_members"
        " WHERE email = %s ORDER BY id",
        ROBIN,
    ) == [(False, False), (True, True)]


def test_a_member_whose_account_was_made_anew_comes_back_once_an_admin_says_so(two: Two) -> None:
    company = two.company
    visitor(company).sign_in(ROBIN)
    number = company.value("SELECT id FROM team_members WHERE email = %s", ROBIN)
    company.simulator.post("/simulator/people", {"email": ROBIN, "new_account": True})
    with pytest.raises(NotAllowed):
        signing_in.finish(company.deps, **allow(at(visitor(company).get("/signin/google")), ROBIN))
    decision = f"/settings/team/{number}/account"
    assert "signs in with the new" in two.ana.follow(two.ana.post(decision, same="yes"))
    assert "was decided already" in two.ana.follow(two.ana.post(decision, same="yes"))
    assert visitor(company).sign_in(ROBIN).get("/").status_code == 200


def test_an_invitation_is_mailed_from_the_admins_own_gmail_or_copied(two: Two) -> None:
    company = two.company
    person(company, BEN)
    invite(two.ana, BEN)
    number = company.value("SELECT id FROM invitations")
    mailed = f"/settings/team/invitations/{number}/mail"
    assert two.ana.post(mailed).status_code == 409
    assert "Send from my Gmail" not in two.ana.page("/settings/team")
    company.connected(ANA)
    page = two.ana.page("/settings/team")
    assert "Send from my Gmail" in page
    assert f"accept: {PUBLIC_URL}/signin" in page
    for _ in range(2):
        assert two.ana.post(mailed).status_code == 303
    [(to, subject, body)] = company.rows('SELECT "to", subject, body_text FROM pending_messages')
    assert ([one["key"] for one in to], subject) == ([BEN], "Join Lumen Works on Rapport")
    assert f"{PUBLIC_URL}/signin" in body
    assert two.olga.post(mailed).status_code == 404
