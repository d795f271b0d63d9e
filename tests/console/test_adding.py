"""Adding an email address and deleting it, from the page where an admin sees all of them."""

from html import unescape
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests

from backend.domain.oauth.scopes import CONSENT_TEXTS
from tests.console.conftest import Visitor, at, member, visitor, words
from tests.support.company import ANA, DANA, KIM, ROBIN, Company, allow
from tests.support.decisions import remove_member

FLAG = f"{ROBIN} Robin Vale · Last sync"


def listed(visitor: Visitor) -> str:
    """The mailboxes as the page lists them."""
    page = visitor.page("/settings/integrations/gmail")
    return page.partition("Mailboxes ")[2].partition("Not connected Mail that")[0]


@pytest.mark.contract("K-8", "K-5", "K-7")
def test_the_way_from_apps_to_sign_in_with_google(robin: Visitor) -> None:
    assert robin.get("/apps/email").headers["Location"] == "/settings/integrations/gmail"
    assert "Add email address" in robin.page("/settings/integrations/gmail")
    assert "Gmail" in robin.page("/mailboxes/new")
    text = robin.follow(robin.get("/mailboxes/new?service=gmail"))
    assert "You need an active Google Workspace account" in text
    assert "decided which mailbox to use" in text
    assert "Be signed in to Google as the address you add" in text
    assert "Sign in with Google" in text
    question = robin.back_from_google(robin.post("/mailboxes", address=ROBIN), ROBIN)
    assert "Connect this mailbox?" in robin.follow(question)


@pytest.mark.contract("K-9", "H-9")
def test_google_lists_the_accounts_and_asks_to_allow_sending_and_receiving(
    robin: Visitor, quiet_company: Company
) -> None:
    consent = at(robin.post("/mailboxes", address=ROBIN))
    assert consent.startswith(quiet_company.simulator.root)
    chooser = requests.get(consent, timeout=20).text
    for account in (ROBIN, KIM, ANA):
        assert account in chooser
    fields = dict(parse_qsl(urlsplit(consent).query))
    chosen = {**fields, "email": ROBIN}
    asked = requests.post(consent.partition("?")[0], data=chosen, timeout=20).text
    for permission in CONSENT_TEXTS.values():
        assert permission in unescape(asked)


@pytest.mark.contract("K-6", "V-43", "V-44")
def test_an_alias_is_refused_where_it_was_typed(robin: Visitor, quiet_company: Company) -> None:
    box = quiet_company.connected(KIM)
    ana = member(quiet_company, ANA)
    ana.post(f"/mailboxes/{box}/aliases", address="success@lumenworks.example")
    answer = robin.post("/mailboxes", address="success@lumenworks.example")
    assert answer.status_code == 422
    text = words(answer)
    assert f"success@lumenworks.example is an alias of {KIM}" in text
    assert "authenticated with credentials of its own" in text
    assert 'value="success@lumenworks.example"' in answer.get_data(as_text=True)


@pytest.mark.contract("K-30", "K-32", "K-35")
def test_an_address_is_deleted_and_flagged_and_keeps_its_mail(
    connected: Visitor, ana: Visitor, quiet_company: Company
) -> None:
    quiet_company.receives(**{"from": DANA, "subject": "Renewal"})
    quiet_company.later(minutes=20).sweep()
    box = quiet_company.value("SELECT id FROM mailboxes")
    assert "Disconnected" not in listed(ana)
    kim = member(quiet_company, KIM)
    assert "Delete" not in listed(kim)
    assert kim.post(f"/mailboxes/{box}/removal").status_code == 403
    assert f"Delete {ROBIN}?" in ana.page(f"/mailboxes/{box}/removal")
    text = ana.follow(ana.post(f"/mailboxes/{box}/removal"))
    assert f"{ROBIN} is disconnected. What was synced before stays here." in text
    assert "Disconnected" in listed(ana).partition(FLAG)[2]
    assert "Delete" not in listed(ana)
    assert "Disconnected." in connected.page("/settings/email")
    assert "Renewal" in connected.page("/conversations")


@pytest.mark.contract("K-31", "K-34", "K-35")
def test_access_that_google_withdrew_is_flagged_too(
    connected: Visitor, quiet_company: Company
) -> None:
    revoked = {"kind": "token_revoke", "match": {"user": ROBIN}}
    quiet_company.simulator.post("/simulator/faults", revoked)
    for minutes in (16, 18):
        quiet_company.later(minutes=minutes).sweep()
    assert "Disconnected" in listed(connected).partition(FLAG)[2]
    assert "Connect Gmail again" in connected.page("/settings/email")


@pytest.mark.contract("D-20", "K-4")
def test_where_only_admins_connect_the_pages_say_so(robin: Visitor, ana: Visitor) -> None:
    ana.post("/settings/policies/D-20", **{"mailbox.connect.own": "admin"})
    for path in ("/settings/email", "/settings/integrations/gmail", "/mailboxes/new/gmail"):
        text = robin.page(path)
        assert "Only admins can connect a mailbox of their own" in text, path
        assert "Sign in with Google" not in text
        assert "Connect my Gmail" not in text
    assert robin.post("/mailboxes", address=ROBIN).status_code == 403
    assert "Connect my Gmail" in ana.page("/settings/integrations/gmail")


@pytest.mark.contract("H-6", "H-7")
def test_the_profile_with_its_two_way_sync_is_only_for_members_of_the_workspace(
    robin: Visitor, quiet_company: Company
) -> None:
    assert "Email settings" in robin.page("/jump?q=My+Profile+General+2-way+sync")
    profile = robin.get("/settings/profile")
    assert (profile.status_code, profile.headers["Location"]) == (301, "/settings/email")
    page = robin.page("/settings/email")
    assert "Connect Gmail" in page.partition("Email (2-way sync)")[2]
    stranger = visitor(quiet_company)
    back = allow(at(stranger.get("/signin/google")), "noor@elsewhere.example")
    answer = stranger.client.get("/signin/callback", query_string=back)
    assert "not a member of any Rapport workspace" in words(answer)
    remove_member(quiet_company, ROBIN)
    for outsider in (stranger, robin):
        answer = outsider.get("/settings/email")
        assert answer.headers["Location"] == "/signin?next=/settings/email"


@pytest.mark.contract("H-22")
def test_update_email_moves_to_another_address(connected: Visitor, quiet_company: Company) -> None:
    new = "robin.vale@lumenworks.example"
    person = {"email": new, "name": "Robin Vale", "role": "team"}
    quiet_company.simulator.post("/simulator/people", person)
    assert "Update email" in connected.page("/settings/email")
    assert f"You move from {ROBIN}" in connected.page("/mailbox/address")
    wrong = connected.post("/mailbox/address", address=ROBIN)
    assert wrong.status_code == 422
    assert f"{ROBIN} is your mailbox already" in words(wrong)
    question = connected.back_from_google(connected.post("/mailbox/address", address=new), new)
    assert f"It replaces {ROBIN}" in connected.follow(question)
    connected.post(at(question), display_name="Robin Vale")
    assert new in connected.page("/settings/email").partition("(2-way sync)")[2]
    boxes = listed(connected)
    assert new in boxes
    assert f"{ROBIN} " not in boxes


def test_whoever_has_no_mailbox_is_led_to_adding_one(robin: Visitor) -> None:
    assert "no mailbox here yet" in robin.page("/mailbox/address")
