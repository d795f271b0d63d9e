"""`rapport doctor` finds what keeps people from getting through Google."""

from pathlib import Path

import pytest

from backend.domain.oauth.refusals import refusal_for
from backend.errors import ConsentRefused
from backend.google.oauth import SIGN_IN
from backend.services import connecting, oauth_flow, signing_in
from tests.cli.test_doctor import invoke
from tests.support.office import ROBIN, Office, allow, office_settings


def told(office: Office, data_dir: Path) -> str:
    settings = {
        **office_settings(office.database, str(office.settings.redis_url), office.simulator),
        "RAPPORT_MIGRATION_DATABASE_URL": office.database.owner_url,
    }
    return invoke("doctor", settings, data_dir).output


@pytest.mark.parametrize("code", ["server_error", "admin_policy_enforced"])
def test_a_refusal_is_found_until_somebody_gets_past_it(
    quiet_office: Office, tmp_path: Path, code: str
) -> None:
    office = quiet_office
    told_to = {"kind": "consent_refused", "match": {"path": "/o/oauth2"}}
    office.simulator.post(
        "/simulator/faults", {**told_to, "times": 1, "params": {"error": code, "returns": True}}
    )
    with pytest.raises(ConsentRefused):
        office.connect(ROBIN)
    output = told(office, tmp_path)
    assert f"wrong  Google's answer {code} to people who connect Gmail (1 time)" in output
    assert refusal_for(code).admin in output
    office.later(seconds=1).connect(ROBIN)
    output = told(office, tmp_path)
    assert code not in output
    assert "1 let in" in output


def test_who_never_returned_is_counted(quiet_office: Office, tmp_path: Path) -> None:
    office = quiet_office
    before = office.later(minutes=-30).deps
    connecting.begin(before, office.actor(ROBIN), return_to="/")
    signing_in.begin(before, return_to="/")
    output = told(office, tmp_path)
    assert "people who connect Gmail get through (7 days: 0 let in" in output
    assert output.count("1 did not return") == 2
    assert output.count("More people left for Google than came back.") == 2


def test_cancelling_is_told_and_is_no_trouble(quiet_office: Office, tmp_path: Path) -> None:
    office = quiet_office
    url = oauth_flow.leave(office.deps, oauth_flow.Journey(way=SIGN_IN, return_to="/"), None)
    with pytest.raises(ConsentRefused):
        signing_in.finish(office.deps, **allow(url, ROBIN, cancel=True))
    line = "ok     people who sign in get through (7 days: 0 let in, 1 pressed Cancel"
    assert line in told(office, tmp_path)
