"""Calls of Gmail as evidence that the side panel is installed, lets in and is let in."""

from dataclasses import replace

from werkzeug.serving import make_server

from backend.domain.setup.checks import Check, CheckState
from backend.domain.setup.evidence import ACCOUNT, Seen, Sighting, side_panel
from backend.queries.installation_checks import arrival_checks
from tests.addon.conftest import addon_app
from tests.addon.panel import Panel
from tests.support.company import ROBIN, Company
from tests.support.serving import at_work


def panel_check(company: Company) -> Check:
    return next(one for one in arrival_checks(company.deps) if one.name == "Side panel")


def test_a_refused_call_names_the_setting_and_an_opened_card_clears_it(
    company: Company, addon_url: str
) -> None:
    assert panel_check(company).state is CheckState.UNSEEN
    wrong = replace(company.settings, addon_audiences=("another.apps.example",))
    port = int(addon_url.rpartition(":")[2])
    app = addon_app(replace(company, settings=wrong), company.deps, addon_url)
    with at_work(make_server("127.0.0.1", port, app, threaded=True)):
        assert Panel(company, addon_url).home().done["answer"] is None
    refused = panel_check(company)
    assert refused.state is CheckState.BROKEN
    assert f"the client {company.settings.addon_audiences[0]}" in refused.sentence
    assert "correct RAPPORT_ADDON_AUDIENCES" in refused.advice
    app = addon_app(company, company.deps, addon_url)
    with at_work(make_server("127.0.0.1", port, app, threaded=True)):
        Panel(company, addon_url).home()
    assert panel_check(company).state is CheckState.WORKS
    used = "SELECT panel_used_at IS NOT NULL, cardinality(panel_scopes) FROM team_members"
    assert company.rows(f"{used} WHERE email = %s", ROBIN) == [(True, 5)]
    assert company.value(f"SELECT count(*) FROM ({used}) t WHERE cardinality IS NULL") == 2


def test_another_service_account_is_named_with_its_setting(company: Company) -> None:
    account = "service-7@gcp-sa-gsuiteaddons.iam.gserviceaccount.com"
    now = company.deps.now()
    seen = Sighting(kind=Seen.PANEL_REFUSED, seen_at=now, what=ACCOUNT, given=account)
    check = side_panel({Seen.PANEL_REFUSED: seen})
    assert account in check.sentence
    assert "RAPPORT_ADDON_SERVICE_ACCOUNT" in check.advice
