"""The audit log and the sessions of members, as an admin and a member see them."""

import csv
import io
import re
from pathlib import Path

from backend.domain.people.audit_words import WORDS
from tests.console.conftest import Visitor, member, words
from tests.support.company import ANA, KIM, ROBIN, Company
from tests.support.decisions import choose, give_role, never_log

WRITTEN = re.compile(r"audit\.note(?:_by_rule)?\([^()]*?\"([a-z_]+\.[a-z_]+)\"")


def test_lines_are_found_by_who_what_and_when(ana: Visitor, quiet_company: Company) -> None:
    never_log(quiet_company, "umbra.example")
    give_role(quiet_company, KIM, "member")
    never_log(quiet_company, "penumbra.example", by=ROBIN)
    robin = quiet_company.value("SELECT id FROM team_members WHERE email = %s", ROBIN)
    page = ana.page("/settings/audit-log")
    assert "Ana Lindt Role changed" in page
    assert "Robin Vale Never-log entry added" in page
    region = {"HX-Request": "true"}
    found = words(ana.get(f"/settings/audit-log?who={robin}", **region))
    assert "Robin Vale" in found
    assert "Ana Lindt" not in found
    found = words(ana.get("/settings/audit-log?what=team", **region))
    assert "Role changed" in found
    assert "Never-log" not in found
    assert "No line matches" in ana.page("/settings/audit-log?until=2020-01-01&since=nonsense")
    assert "Role changed" in ana.page("/settings/audit-log?since=2020-01-01")
    answer = ana.get(f"/settings/audit-log.csv?who={robin}").get_data(as_text=True)
    head, *rows = csv.reader(io.StringIO(answer.removeprefix("\ufeff")))
    assert head[:4] == ["When (UTC)", "Who", "What", "Action"]
    assert {row[1] for row in rows} == {"Robin Vale"}
    assert "never_log.added" in {row[3] for row in rows}


def test_it_is_paged_by_its_lines(ana: Visitor, quiet_company: Company) -> None:
    for number in range(26):
        choose(quiet_company, "match.late", ("on", "off")[number % 2])
        never_log(quiet_company, f"c{number}.example")
    page = ana.get("/settings/audit-log").get_data(as_text=True)
    following = re.search(r'href="([^"]*)" rel="next"', page)
    assert following
    older = ana.page(following.group(1).replace("&amp;", "&"))
    assert "Previous page" in older


def test_only_admins_read_it(robin: Visitor) -> None:
    assert robin.get("/settings/audit-log").status_code == 403
    assert robin.get("/settings/audit-log.csv").status_code == 403
    assert "Audit log" not in robin.page("/settings/team").split("Who may do what")[0]


def test_a_member_signs_out_other_browsers(robin: Visitor, quiet_company: Company) -> None:
    other, third = member(quiet_company, ROBIN), member(quiet_company, ROBIN)
    page = robin.get("/settings/sessions").get_data(as_text=True)
    assert "3 browsers" in page
    assert page.count("This browser") == 1
    keys = re.findall(r'name="key" value="([0-9a-f]+)"', page)
    assert "1 browser is signed out." in robin.follow(robin.post("/settings/sessions", key=keys[0]))
    assert [one.get("/").status_code for one in (other, third)].count(302) == 1
    robin.post("/settings/sessions", key="others")
    assert [one.get("/").status_code for one in (robin, other, third)] == [200, 302, 302]
    assert "0 browsers are signed out." in robin.follow(
        robin.post("/settings/sessions", key="0" * 24)
    )


def test_an_admin_signs_a_member_out_and_nobody_else_may(
    ana: Visitor, robin: Visitor, quiet_company: Company
) -> None:
    ids = dict(quiet_company.rows("SELECT email, id FROM team_members"))
    at = f"/settings/team/{ids[ROBIN]}/sessions"
    assert "Signed-in browsers of Robin Vale" in ana.page(at)
    assert robin.get(f"/settings/team/{ids[ANA]}/sessions").status_code == 403
    assert robin.post(f"/settings/team/{ids[ANA]}/sessions", key="others").status_code == 403
    assert ana.get("/settings/team/987654/sessions").status_code == 404
    ana.post(at, key="others")
    assert robin.get("/").status_code == 302
    assert "Signed out by hand" in ana.page("/settings/audit-log?what=team")


def test_every_action_that_is_written_down_has_words() -> None:
    written = {
        action
        for path in Path("backend").rglob("*.py")
        for action in WRITTEN.findall(path.read_text(encoding="utf-8"))
    }
    assert len(written) > 20
    assert written <= set(WORDS)
