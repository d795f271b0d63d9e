"""S, first part: setting up, and what is synced."""

import re
from datetime import timedelta

import pytest

from tests.console.conftest import at, words
from tests.contract.member import Member
from tests.contract.product import Product
from tests.support.company import ROBIN

GMAIL = "/settings/integrations/gmail"
SETTINGS = "/settings/email"
STRANGER = "Joe Doe <joe@unknown.example>"


@pytest.mark.contract("S-2")
def test_before_a_workspace_admin_allows_the_app_that_is_the_reason_given(
    product: Product,
) -> None:
    member = product.newcomer()
    refusal = {"error": "admin_policy_enforced", "returns": True}
    fault = {"kind": "consent_refused", "match": {"user": member.email}, "params": refusal}
    product.company.simulator.post("/simulator/faults", fault)
    told = member.follow(member.allows(member.post("/mailbox/connection")))
    assert "administrator has not allowed Rapport yet" in told
    assert "Click to start authentication" in told


@pytest.mark.contract("S-3")
def test_only_an_admin_of_google_workspace_takes_that_step(robin: Member, ana: Member) -> None:
    assert "A super admin of Google Workspace does this once" in ana.page("/setup")
    answer = robin.get("/setup")
    assert answer.status_code == 403
    assert "Your admins: Ana Lindt" in words(answer)


@pytest.mark.contract("S-4")
def test_every_member_grants_access_to_their_own_inbox(product: Product, robin: Member) -> None:
    member = product.newcomer()
    assert "Click to start authentication" in member.page(SETTINGS)
    member.connects()
    assert member.email in member.page(SETTINGS).partition("(2-way sync)")[2]
    member.sends("/mailbox/disconnection")
    assert "Click to start authentication" in member.page(SETTINGS)
    assert "Authenticated" in robin.page(SETTINGS)


@pytest.mark.contract("S-6", "S-7")
def test_the_way_from_settings_over_allow_to_save_and_only_saving_connects(
    product: Product,
) -> None:
    member = product.newcomer()
    assert "Click to start authentication" in member.page(SETTINGS)
    back = member.allows(member.post("/mailbox/connection"))
    assert "Save and connect" in member.follow(back)
    assert "Authenticated" not in member.page(SETTINGS)
    told = member.follow(member.post(at(back), display_name="Me"))
    assert "Authenticated" in told


@pytest.mark.contract("S-8", "D-33")
def test_while_the_initial_sync_runs_the_page_says_that_it_may_take_a_day(
    product: Product,
) -> None:
    member = product.newcomer()
    product.mail(product.customer(), member.email)
    member.post(at(member.allows(member.post("/mailbox/connection"))), display_name="Me")
    assert "May take up to 24 hours" in member.page("/imports")
    product.works()
    assert "May take up to 24 hours" not in member.page("/imports")


@pytest.mark.contract("S-9")
def test_an_initial_sync_by_days_covers_six_months(product: Product, ana: Member) -> None:
    member, customer, now = product.newcomer(), product.customer(), product.clock()
    old, young = (
        product.mail(customer, member.email, date=(now - timedelta(days=days)).isoformat())
        for days in (190, 175)
    )
    with ana.chooses("D-1", **{"import.mode": "last_days"}):
        assert "its mail of the last 183 days is looked at" in member.page(SETTINGS)
        member.connects()
    assert member.sees(young)
    assert not member.sees(old)


@pytest.mark.contract("S-10")
def test_only_mail_with_an_address_of_a_contact_is_synced(product: Product, robin: Member) -> None:
    customer = product.customer()
    assert robin.sees(product.receives(customer))
    neighbour = f"Joe <joe@{customer.domain}>"
    for sender in (STRANGER, neighbour):
        assert not robin.sees(product.receives(sender)), sender


@pytest.mark.contract("S-11", "S-12")
def test_internal_mail_stays_out_though_nobody_entered_the_domain(product: Product) -> None:
    founder = product.founder("Acme")
    founder.connects()
    assert "acme.example" in founder.page("/settings/team").partition("Internal domains")[2]
    internal = product.receives("Lee New <lee@acme.example>", founder.email)
    assert not founder.sees(internal)
    assert "Internal email" in founder.opens(internal).text()


@pytest.mark.contract("S-13", "S-14", "S-15", "D-16")
def test_mail_of_a_listed_alias_counts_as_the_members_own(
    product: Product, robin: Member, ana: Member
) -> None:
    alias, customer = "robin.vale@lumenworks.example", product.customer()
    ana.sends(ana.action(GMAIL, ROBIN, "/aliases"), address=alias)
    assert alias in robin.page(SETTINGS).partition("Aliases")[2]
    told = product.receives(f"Robin <{alias}>", customer.address, ROBIN)
    heard = product.receives(customer, alias, ROBIN)
    for mail, who in ((told, "We wrote last"), (heard, "They wrote last")):
        assert who in robin.page(f"/conversations?q={mail.subject}"), who
    assert "Robin Vale" in robin.page(robin.conversation(told.subject))


@pytest.mark.contract("S-16", "S-17", "S-18", "S-19", "D-18")
def test_mail_goes_to_the_customer_whose_field_holds_the_domain_once_that_is_chosen(
    product: Product, robin: Member, ana: Member
) -> None:
    with_domain, without = product.customer(), product.customer()
    assert "only admins" in robin.is_refused("/settings/account-traits", name="Web").lower()
    ana.sends("/settings/account-traits", name="Web domain")
    listed = f"Account,Web domain\n{with_domain.account},filed-{with_domain.account[9:]}.example\n"
    assert product.import_csv(listed).exit_code == 0
    stranger = f"Joe <joe@filed-{with_domain.account[9:]}.example>"
    assert not robin.sees(product.receives(stranger))
    with ana.chooses("D-18", **{"match.by_domain": "Web domain"}):
        filed = product.receives(stranger)
        unfiled = product.receives(f"Eva <eva@{without.domain}>")
    assert robin.sees(filed)
    assert with_domain.account in robin.page(robin.conversation(filed.subject))
    assert not robin.sees(unfiled)


@pytest.mark.contract("S-20", "S-21", "S-22")
def test_mail_of_a_third_party_is_synced_only_once_that_is_switched_on(
    product: Product, robin: Member, ana: Member
) -> None:
    customer = product.customer()
    to = (ROBIN, customer.address)
    assert not robin.sees(product.receives(STRANGER, *to))
    assert robin.sees(product.receives(customer))
    assert robin.sees(product.receives(f"Robin Vale <{ROBIN}>", customer.address, ROBIN))
    with ana.chooses("D-3", **{"match.third_party_sender": "on"}):
        assert robin.sees(product.receives(STRANGER, *to))


@pytest.mark.contract("S-40", "S-41", "S-43")
def test_the_page_says_whether_it_is_authenticated_offers_to_revoke_and_tells_the_last_sync(
    product: Product,
) -> None:
    member = product.newcomer()
    assert "Last sync: not yet" in member.page(SETTINGS)
    member.connects()
    page = member.html(SETTINGS)
    assert re.search(r"Authenticated \(<a [^>]+>revoke</a>\)", page)
    assert "Click to start authentication" not in page
    assert re.search(r"Last sync: (just now|today|\d)", member.page(SETTINGS), re.IGNORECASE)
    revoke = member.link(SETTINGS, "revoke")
    assert "What was synced before stays here" in member.page(revoke)
    assert product.apps(member.email)
    assert "Click to start authentication" in member.sends(revoke)
    assert product.apps(member.email) == {}
