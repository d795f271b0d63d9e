"""Forms with several fields: all or nothing is kept, and what was typed stays in the fields."""

import re

from tests.console.conftest import Visitor, words
from tests.support.company import Company
from tests.support.decisions import settle_on


def test_of_two_values_none_is_kept_when_one_is_wrong(ana: Visitor, quiet_company: Company) -> None:
    answer = ana.post("/settings/policies/D-1", **{"import.n": "500", "import.days": "many days"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert quiet_company.rows("SELECT name FROM policies") == []
    assert 'value="500"' in page
    assert 'value="many days"' in page


def test_taking_every_tick_away_is_refused_and_not_passed_over(
    ana: Visitor, quiet_company: Company
) -> None:
    page = ana.get("/settings/policies").get_data(as_text=True)
    ticked = set(re.findall(r'type="checkbox" name="([a-z_.]+)"', page))
    assert ticked == {"match.fields"}
    answer = ana.post("/settings/policies/D-3")
    assert answer.status_code == 422
    assert "always hold" in words(answer)
    assert quiet_company.rows("SELECT name FROM policies") == []


def test_a_wrong_domain_is_told_at_its_own_field_only(ana: Visitor) -> None:
    answer = ana.post("/settings/team/domains", domain="not a domain")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert page.count("not a domain") == 1
    assert "Nothing has changed yet" not in page
    assert 'aria-describedby="f-domain-wrong"' in page


def test_roles_are_told_in_words_of_what_exists(robin: Visitor) -> None:
    page = robin.page("/settings/team")
    assert "Turn Gmail on for the workspace Admins Admins" in page
    assert "Change pending mail Everybody Leaders and admins" in page
    assert "Work as another" not in page


def test_a_signature_is_typed_and_shown_as_text(robin: Visitor, quiet_company: Company) -> None:
    settle_on(quiet_company, signature_html="<p>Robin &amp; Co<br>Sales</p>")
    assert ">\nRobin &amp; Co\nSales</textarea>" in robin.get("/settings/email").get_data(
        as_text=True
    )


def test_a_zone_of_the_browser_is_taken_over_and_nothing_else_changes(
    robin: Visitor, quiet_company: Company
) -> None:
    kept = "SELECT daily_limit, signature_html FROM team_members ORDER BY id"
    before = quiet_company.rows(kept)
    assert "Times are shown in UTC" in robin.page("/")
    robin.post("/settings/time-zone", time_zone="Asia/Tokyo")
    assert "Times are shown in UTC" not in robin.page("/")
    assert "Times in Asia/Tokyo" in robin.page("/accounts")
    assert quiet_company.rows(kept) == before
    assert robin.post("/settings/time-zone", time_zone="Mars/Olympus").status_code == 422
