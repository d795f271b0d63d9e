"""`rapport doctor` finds what keeps people from getting through Google."""

from pathlib import Path

import pytest
import requests

from backend.domain.oauth.refusals import refusal_for
from backend.errors import ConsentRefused
from backend.google.oauth import SIGN_IN
from backend.queries.health import health
from backend.services import connecting, oauth_flow, signing_in
from tests.cli.test_doctor import invoke
from tests.support.company import ANA, DANA, ROBIN, Company, allow, company_settings


def told(company: Company, data_dir: Path) -> str:
    settings = {
        **company_settings(company.database, str(company.settings.redis_url), company.simulator),
        "RAPPORT_MIGRATION_DATABASE_URL": company.database.owner_url,
    }
    return invoke("doctor", settings, data_dir).output


@pytest.mark.parametrize("code", ["server_error", "admin_policy_enforced"])
def test_a_refusal_is_found_until_somebody_gets_past_it(
    quiet_company: Company, tmp_path: Path, code: str
) -> None:
    company = quiet_company
    told_to = {"kind": "consent_refused", "match": {"path": "/o/oauth2"}}
    company.simulator.post(
        "/simulator/faults", {**told_to, "times": 1, "params": {"error": code, "returns": True}}
    )
    with pytest.raises(ConsentRefused):
        company.connect(ROBIN)
    output = told(company, tmp_path)
    assert f"wrong  Google's answer {code} to people who connect Gmail (1 time)" in output
    assert refusal_for(code).admin in output
    company.later(seconds=1).connect(ROBIN)
    output = told(company, tmp_path)
    assert code not in output
    assert "1 let in" in output


def test_who_never_returned_is_counted(quiet_company: Company, tmp_path: Path) -> None:
    company = quiet_company
    before = company.later(minutes=-30).deps
    connecting.begin(before, company.actor(ROBIN), return_to="/")
    signing_in.begin(before, return_to="/")
    output = told(company, tmp_path)
    assert "people who connect Gmail get through (7 days: 0 let in" in output
    assert output.count("1 did not return") == 2
    assert output.count("More people left for Google than came back.") == 2


def test_cancelling_is_told_and_is_no_trouble(quiet_company: Company, tmp_path: Path) -> None:
    company = quiet_company
    url = oauth_flow.leave(company.deps, oauth_flow.Journey(way=SIGN_IN, return_to="/"), None)
    with pytest.raises(ConsentRefused):
        signing_in.finish(company.deps, **allow(url, ROBIN, cancel=True))
    line = "ok     people who sign in get through (7 days: 0 let in, 1 pressed Cancel"
    assert line in told(company, tmp_path)


def client_on_health(company: Company) -> str:
    parts = health(company.deps, company.actor(ANA)).parts
    shown = [one for one in parts if one.name == "Google's OAuth client" and not one.works]
    return " ".join(f"{one.sentence} {one.advice}" for one in shown)


def test_health_and_doctor_tell_the_same_of_a_client_that_google_refuses(
    quiet_company: Company, tmp_path: Path
) -> None:
    company, refusal = quiet_company, refusal_for("invalid_client")
    box = company.connected(ROBIN)
    assert client_on_health(company) == ""
    params = {"code": 401, "reason": "invalid_client"}
    fault = {"kind": "status", "match": "/token", "params": params, "times": None}
    company.simulator.post("/simulator/faults", fault)
    company.deps.google.cache.forget(box)
    company.receives(ROBIN, **{"from": DANA})
    company.later(minutes=16).sweep()  # the next token is refused, and a worker asks at once
    assert client_on_health(company) == f"Google answers invalid_client. {refusal.admin}"
    assert client_on_health(company) in told(company, tmp_path)
    requests.delete(f"{company.simulator.root}/simulator/faults", timeout=20)
    later = company.later(minutes=18)
    later.sweep()  # it is asked again by itself
    assert client_on_health(later) == ""
