"""K, first part: who connects a Gmail address, how, and under which name it is seen."""

from html import unescape
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests

from tests.console.conftest import at
from tests.contract.member import Member, written
from tests.contract.product import Product
from tests.support.company import ANA, KIM, ROBIN

GMAIL = "/settings/integrations/gmail"
DISPLAY = "Lumen Success"


def listed(member: Member) -> str:
    """The connected addresses as the page lists them."""
    page = member.page(GMAIL)
    return page.partition("Mailboxes ")[2].partition("Not connected Mail that")[0]


@pytest.mark.contract("K-1", "K-2", "D-17")
def test_all_new_mail_of_a_shared_address_is_brought_in_and_answered_from_it(
    product: Product, ana: Member
) -> None:
    support = product.newcomer(name="Support")
    support.settles_on()
    support.connects()
    ana.sends(ana.action(GMAIL, support.email, "/kind"), takes_in="shared")
    support.sends("/mailbox/reach", capture="all")
    customer = product.customer()
    mails = [product.receives(one, support.email) for one in ("Joe <joe@new.example>", customer)]
    assert [support.sees(mail) for mail in mails] == [True, True]
    support.replies(support.conversation(mails[1].subject), customer, text="Thanks.")
    product.waits(minutes=2)
    (answer,) = support.sent(mails[1].subject)
    assert support.email in str(answer["From"])


@pytest.mark.contract("K-3")
def test_several_addresses_are_connected_and_each_is_authorised_by_itself(
    product: Product, robin: Member
) -> None:
    other = product.newcomer()
    assert "Click to start authentication" in other.page("/settings/email")
    other.connects()
    assert all(one.email in listed(other) for one in (robin, other))


@pytest.mark.contract("K-4")
def test_where_only_admins_open_gmails_settings_a_member_is_told_so(
    product: Product, ana: Member
) -> None:
    member = product.newcomer()
    with ana.chooses("D-20", **{"mailbox.connect.own": "admin"}):
        for path in ("/settings/email", GMAIL, "/mailboxes/new/gmail"):
            assert "Only admins can connect a mailbox of their own" in member.page(path), path
        assert "Only admins" in member.is_refused("/mailboxes", address=member.email)
        assert "Connect my Gmail" in ana.page(GMAIL)
    assert "Connect my Gmail" in member.page(GMAIL)


@pytest.mark.contract("K-5", "K-7", "K-8")
def test_the_way_leads_from_apps_over_what_to_know_to_sign_in_with_google(
    product: Product,
) -> None:
    member = product.newcomer()
    assert member.get("/apps/email").headers["Location"] == GMAIL
    service = member.link(GMAIL, "Add email address")
    assert "Gmail" in member.page(service)
    page = member.follow(member.get(f"{service}?service=gmail"))
    assert "You need an active Google Workspace account" in page
    assert "decided which mailbox to use" in page
    assert "Be signed in to Google as the address you add" in page
    assert "Sign in with Google" in page
    question = member.allows(member.post("/mailboxes", address=member.email))
    asked = member.follow(question)
    assert "Connect this mailbox?" in asked
    assert member.email in asked
    assert "Click to start authentication" in member.page("/settings/email")


@pytest.mark.contract("K-6", "D-16")
def test_an_alias_or_group_cannot_be_connected(product: Product, ana: Member) -> None:
    product.member(ROBIN).at_work()
    ana.sends(ana.action(GMAIL, ROBIN, "/aliases"), address="desk@lumenworks.example")
    member = product.newcomer()
    refused = member.is_refused("/mailboxes", address="desk@lumenworks.example")
    assert f"desk@lumenworks.example is an alias of {ROBIN}" in refused
    assert "authenticated with credentials of its own" in refused
    assert "Google Groups, aliases and distribution lists can't be connected" in member.page(GMAIL)


@pytest.mark.contract("K-9")
def test_googles_window_lists_the_accounts_and_asks_for_sending_and_receiving(
    product: Product,
) -> None:
    member = product.newcomer()
    consent = at(member.post("/mailboxes", address=member.email))
    chooser = requests.get(consent, timeout=20).text
    assert all(account in chooser for account in (ROBIN, KIM, ANA))
    chosen = {**dict(parse_qsl(urlsplit(consent).query)), "email": member.email}
    asked = unescape(requests.post(consent.partition("?")[0], data=chosen, timeout=20).text)
    assert "Send email on your behalf" in asked
    assert "View your email messages" in asked


@pytest.mark.contract("K-10")
def test_not_pressing_allow_leaves_nothing_connected_and_says_so(product: Product) -> None:
    member = product.newcomer()
    told = member.follow(member.allows(member.post("/mailboxes", address=""), cancel=True))
    assert "did not press Allow" in told
    assert "Click to start authentication" in told


@pytest.mark.contract("K-11")
def test_one_gmail_account_is_authorised_in_one_workspace_only(
    product: Product, robin: Member
) -> None:
    outsider = product.founder("Sandbox")
    begun = outsider.post("/mailbox/connection")
    told = outsider.follow(outsider.allows(begun, robin.email))
    assert f"{robin.email} is already connected" in told
    assert "Click to start authentication" in told
    assert "Authenticated" in robin.page("/settings/email")


@pytest.mark.contract("K-12", "K-21")
def test_saving_with_a_display_name_completes_the_connection_and_lists_the_address(
    product: Product,
) -> None:
    member = product.newcomer()
    assert member.email not in listed(member)
    told = member.follow(member.connects(DISPLAY, path="/mailboxes", address=member.email))
    assert "Gmail is connected." in told
    assert f"{member.email} " in listed(member)
    assert f"shown as {DISPLAY}" in listed(member)


@pytest.mark.contract("K-13", "K-14")
def test_the_display_name_is_seen_where_a_reply_or_a_new_mail_is_written(
    product: Product, robin: Member
) -> None:
    mail = product.receives(product.customer())
    robin.sends("/mailbox/name", display_name=DISPLAY)
    assert f"From {DISPLAY}, {ROBIN}" in robin.page(robin.conversation(mail.subject))
    assert f"as {DISPLAY}, {ROBIN}" in robin.page("/conversations/new")


@pytest.mark.contract("K-16", "K-19")
def test_without_a_template_mail_has_no_branding_and_the_display_name(
    product: Product, robin: Member
) -> None:
    robin.sends("/mailbox/name", display_name=DISPLAY)
    pending = robin.writes(product.customer(), subject="Plain")
    product.waits(minutes=2)
    (mail,) = robin.left(pending)
    assert str(mail["From"]) == f"{DISPLAY} <{ROBIN}>"
    html = written(mail, "html")
    for branding in ("style=", "color", "<table", "<img", "class="):
        assert branding not in html


@pytest.mark.contract("K-18", "K-20")
def test_with_the_dynamic_alias_name_mail_carries_the_agents_name(
    product: Product, robin: Member, ana: Member
) -> None:
    robin.sends("/mailbox/name", display_name=DISPLAY)
    customer = product.customer()
    mail = product.receives(customer)
    with ana.chooses("D-25", **{"mailbox.from_name": "agent"}):
        robin.replies(robin.conversation(mail.subject), customer, text="From John")
        product.waits(minutes=2)
    (answer,) = robin.sent(mail.subject)
    assert str(answer["From"]) == f"Robin Vale <{ROBIN}>"


@pytest.mark.contract("K-22")
def test_connecting_downloads_no_existing_mail_where_the_workspace_wants_none(
    product: Product, ana: Member
) -> None:
    member, customer = product.newcomer(), product.customer()
    earlier = product.mail(customer, member.email)
    with ana.chooses("D-1", **{"import.mode": "none"}):
        assert "Nothing older is imported" in member.page("/settings/email")
        member.connects()
        assert not member.sees(earlier)
        assert member.sees(product.receives(customer, member.email))


@pytest.mark.contract("K-23")
def test_no_read_receipt_is_ever_asked_for(product: Product, robin: Member) -> None:
    pending = robin.writes(product.customer(), subject="Receipt")
    product.waits(minutes=2)
    (mail,) = robin.left(pending)
    asked = {"disposition-notification-to", "return-receipt-to", "x-confirm-reading-to"}
    assert asked.isdisjoint(name.lower() for name in mail)
