"""Admin setup walked from an empty installation, while Google and DNS refuse step after step."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
import requests

from backend.console.sessions import COOKIE
from backend.deps import Deps
from backend.domain.oauth.scopes import GMAIL_SCOPES
from backend.services import founding
from backend.services.founding import Wanted
from backend.services.setup_checks import run_checks
from backend.wsgi import create_app
from tests.console.conftest import Visitor, at, member, visitor, words
from tests.support.bare import bare_installation
from tests.support.company import ANA, Company
from tests.support.databases import Database
from tests.support.dns import failing, records
from tests.support.processes import eventually
from tests.support.serving import serving
from tests.support.simulator import Simulator

DOMAIN = "lumenworks.example"
PUBLISHED = {
    (DOMAIN, "TXT"): ['"v=spf1 include:_spf.google.com ~all"', '"google-site-verification=x"'],
    (f"google._domainkey.{DOMAIN}", "TXT"): ['"v=DKIM1; k=rsa; p=MIIB"'],
    (f"_dmarc.{DOMAIN}", "TXT"): ['"v=DMARC1; p=none"'],
}


@pytest.fixture
def bare(database: Database, redis_url: str, running_google: Simulator) -> Iterator[Company]:
    """A workspace of which nothing is set up, and its admin."""
    with bare_installation(database, redis_url, running_google) as company:
        wanted = Wanted(name="Lumen Works", admin=ANA, domains=(DOMAIN,), time_zone="UTC")
        founding.found(company.deps, wanted)
        yield company


def fault(company: Company, kind: str, match: object = None, **more: object) -> None:
    wanted = {"kind": kind, "match": match, **more}
    company.simulator.post("/simulator/faults", wanted)


def lift(company: Company) -> None:
    """Google refuses nothing any more."""
    requests.delete(f"{company.simulator.root}/simulator/faults", timeout=20)


def checked(company: Company, admin: Visitor) -> str:
    """The page once a worker has run the checks."""
    assert at(admin.post("/setup/checks")) == "/setup"
    run_checks(company.deps, company.actor(ANA).workspace_id)
    return admin.page("/setup")


def state_of(page: str, name: str) -> str:
    """What is said before the name of a check: its state."""
    found = re.search(rf"(Works|Down|Needs a look|Not seen yet) {re.escape(name)} ", page)
    assert found is not None, (name, page)
    return found.group(1)


def done_of(page: str) -> int:
    found = re.search(r"(\d+) of \d+ steps work", page)
    assert found is not None
    return int(found.group(1))


def test_the_road_is_walked_while_google_refuses_step_by_step(bare: Company) -> None:
    admin = member(bare, ANA)
    page = admin.page("/setup")
    begun = done_of(page)
    for name in ("Public address", "Google's OAuth client", "Gmail API", "Side panel"):
        assert state_of(page, name) == "Not seen yet"
    refuse_client_and_records(bare, admin)
    admin.post("/settings/integrations/gmail", switch="on", then="first-steps")
    refusal = {"error": "admin_policy_enforced", "returns": True}
    fault(bare, "consent_refused", {"user": ANA}, params=refusal)
    admin.back_from_google(admin.get("/connect/google"), ANA)
    assert state_of(admin.page("/setup"), "All client IDs are trusted") == "Down"
    lift(bare)
    bare.connect(ANA)
    off = {"code": 403, "reason": "accessNotConfigured"}
    fault(bare, "status", {"method": "getProfile"}, params=off)
    page = checked(bare, admin)
    assert state_of(page, "All client IDs are trusted") == "Works"
    assert state_of(page, "Gmail API") == "Down"
    assert "The Gmail API is not switched on" in page
    page = checked(bare, admin)
    assert state_of(page, "Gmail API") == "Works"
    assert done_of(page) > begun + 5


def refuse_client_and_records(company: Company, admin: Visitor) -> None:
    """Google refuses the client and DNS has no records; then both are mended."""
    fault(company, "status", {"path": "/token"}, params={"code": 401, "reason": "invalid_client"})
    page = checked(company, admin)
    assert state_of(page, "Google's OAuth client") == "Down"
    assert "Compare RAPPORT_GOOGLE_CLIENT_ID" in page
    assert "Your own Gmail is not connected, so this was not tested." in page
    assert state_of(page, f"SPF of {DOMAIN}") == "Down"
    assert f'Publish a TXT record at {DOMAIN}: "v=spf1 include:_spf.google.com' in page
    with records(PUBLISHED):
        page = checked(company, admin)
    for name in (*(f"{one} of {DOMAIN}" for one in ("SPF", "DKIM", "DMARC")), "Google's OAuth"):
        assert state_of(page, name) == "Works"


def test_a_test_notification_is_seen_to_arrive_or_not(quiet_company: Company, ana: Visitor) -> None:
    company, trip = quiet_company, "Round trip of a notification"
    company.connect(ANA)
    fault(company, "status", {"method": "users.watch"}, params={"code": 400, "reason": "x"})
    assert state_of(checked(company, ana), "Push topic") == "Down"
    page = checked(company, ana)
    assert state_of(page, "Push topic") == "Works"
    assert state_of(page, trip) == "Not seen yet"
    late = company.later(seconds=70)
    page = as_of(late.deps, late, ana).page("/setup")
    assert state_of(page, trip) == "Down"
    assert "gcloud pubsub subscriptions describe" in page
    settings = replace(company.settings, push_audience="https://crm.example/hooks/gmail-push")
    with serving(create_app(company.deps, settings)) as root:
        hook = f"{root}/hooks/gmail-push"
        notified(company, ana, hook, "https://another.example/hook", "push.refused")
        page = ana.page("/setup")
        assert state_of(page, "Gmail push") == "Down"
        assert "audience https://another.example/hook" in page
        assert "correct RAPPORT_PUSH_AUDIENCE" in page
        assert "another.example" in ana.page("/health")
        notified(company, ana, hook, str(settings.push_audience), "push")
    page = ana.page("/setup")
    for name in ("Gmail push", trip, "Public address"):
        assert state_of(page, name) == "Works"
    assert re.search(r"arrived \d+\.\d seconds later", page)


def notified(company: Company, admin: Visitor, hook: str, audience: str, kind: str) -> None:
    """A test notification is sent with a token for this audience, and has arrived."""
    company.simulator.aim_push(hook, audience)
    checked(company, admin)
    query = "SELECT count(*) FROM evidence WHERE kind = %s"
    assert eventually(lambda: company.value(query, kind) == 1)
    company.simulator.aim_push(None)


def test_what_only_google_shows_is_confirmed_by_name_for_the_values_shown(
    quiet_company: Company, ana: Visitor
) -> None:
    page = ana.page("/setup")
    assert state_of(page, "The audience is Internal") == "Not seen yet"
    ana.post("/setup/confirmations/audience", value="Internal")
    page = ana.page("/setup")
    assert state_of(page, "The audience is Internal") == "Works"
    assert "Checked by Ana Lindt" in page
    ana.post("/setup/confirmations/redirects", value="https://old.example/signin/callback")
    page = ana.page("/setup")
    assert state_of(page, "Both redirect addresses are entered") == "Needs a look"
    assert "Its values have changed since Ana Lindt checked it" in page
    ana.post("/setup/confirmations/audience", again="yes")
    assert state_of(ana.page("/setup"), "The audience is Internal") == "Not seen yet"
    log = ana.page("/settings/audit-log")
    assert "Step at Google confirmed" in log
    assert "Step at Google to be checked again" in log
    assert ana.post("/setup/confirmations/nothing", value="x").status_code == 422


def test_the_steps_and_the_manifest_leave_with_their_values(
    quiet_company: Company, ana: Visitor, robin: Visitor
) -> None:
    manifest = ana.get("/setup/deployment.json")
    assert manifest.headers["Content-Disposition"].startswith("attachment")
    triggers = manifest.get_json()["addOns"]["common"]["homepageTrigger"]
    assert triggers["runFunction"] == f"{quiet_company.deps.public_url}/addon/home"
    wrong = ana.post("/setup/steps", to="nobody", nonce="a")
    assert wrong.status_code == 422
    assert "Write the address of the administrator" in words(wrong)
    assert ana.post("/setup/steps", to="it@lumenworks.example", nonce="a").status_code == 409
    quiet_company.connect(ANA)
    for _ in range(2):
        sent = ana.post("/setup/steps", to="it@lumenworks.example", nonce="b")
        assert at(sent) == "/setup"
    rows = quiet_company.rows("SELECT subject, body_text FROM pending_messages")
    assert [subject for subject, _ in rows] == ["Please allow Rapport in Google Workspace"]
    for value in (quiet_company.deps.google.oauth.client_id, *GMAIL_SCOPES):
        assert value in rows[0][1]
    for path in ("/setup", "/setup/deployment.json"):
        assert robin.get(path).status_code == 403
    for path in ("/setup/checks", "/setup/confirmations/audience", "/setup/steps"):
        assert robin.post(path, to="x@y.example").status_code == 403


def test_dns_without_an_answer_says_nothing_about_the_domain(bare: Company) -> None:
    admin = member(bare, ANA)
    admin.post("/setup/checks")
    assert "Checking, 0 of 1 tests done." in admin.page("/setup")
    fragment = admin.get("/setup", **{"HX-Request": "true"}).get_data(as_text=True)
    assert fragment.lstrip().startswith("<div")
    with failing():
        bare.work()
    page = admin.page("/setup")
    assert "Run checks" in page
    assert state_of(page, f"Mail records of {DOMAIN}") == "Not seen yet"


def as_of(deps: Deps, company: Company, one: Visitor) -> Visitor:
    """The same browser at an application with another clock."""
    moved = visitor(company, deps)
    cookie = one.client.get_cookie(COOKIE)
    assert cookie is not None
    moved.client.set_cookie(COOKIE, cookie.value)
    return moved
