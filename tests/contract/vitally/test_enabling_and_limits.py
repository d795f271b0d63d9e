"""V, second part: enabling, disabling, and the questions that the document answers."""

import re

import pytest

from tests.contract.member import Member
from tests.contract.product import Product
from tests.support.company import ROBIN

GMAIL = "/settings/integrations/gmail"
SETTINGS = "/settings/email"
COPY = "crm@other.example"


@pytest.mark.contract("V-23", "V-25", "V-26", "V-27")
def test_the_integration_is_turned_on_first_and_then_members_connect(
    product: Product, robin: Member, ana: Member
) -> None:
    member = product.newcomer()
    path = "/settings/data-management/integrations/gmail"
    assert ana.get(path).headers["Location"] == GMAIL
    assert "Turn" not in member.page(GMAIL)
    ana.sends(GMAIL, switch="off")
    assert "Gmail is not switched on for this workspace yet" in member.page(SETTINGS)
    assert "not switched on" in member.is_refused("/mailbox/connection")
    assert "turned on by Ana Lindt" in ana.sends(GMAIL, switch="on")
    assert "Connect my Gmail" in member.page(GMAIL)
    assert "Gmail is connected." in member.follow(member.connects())


@pytest.mark.contract("V-24")
@pytest.mark.parametrize(
    ("typed", "page"),
    [
        ("Settings → Data Management → Integrations → Gmail", "Integrations: Gmail"),
        ("gmail", "Integrations: Gmail"),
    ],
)
def test_the_page_is_found_by_quick_jump(robin: Member, typed: str, page: str) -> None:
    assert "Ctrl J" in robin.page("/")
    found = robin.client.get("/jump", query_string={"q": typed}).get_data(as_text=True)
    assert f"{page}</span></a>" in found


@pytest.mark.contract("V-28", "V-29", "V-30")
def test_email_settings_hold_the_connection_the_limit_and_the_own_copy(product: Product) -> None:
    member = product.newcomer()
    path = "/settings/personal/email-settings"
    assert member.get(path).headers["Location"] == SETTINGS
    assert "Connect Gmail" in member.page(SETTINGS)
    assert "Saved." in member.follow(member.settles_on(daily_limit="90", always_bcc=COPY))
    held = member.fields(SETTINGS, SETTINGS)
    assert (held["daily_limit"], held["always_bcc"]) == ("90", COPY)


@pytest.mark.contract("V-31", "V-32")
def test_the_own_copy_goes_with_every_mail_and_the_page_says_what_it_is_for(
    product: Product,
) -> None:
    member, customer = product.newcomer().at_work(), product.customer()
    page = member.page(SETTINGS)
    assert "forward a copy to another CRM" in page
    assert member.link(SETTINGS, "Help on copies").startswith("/help/sending")
    assert member.link(SETTINGS, "More on limits and copies").startswith("/help/sending")
    plain = member.writes(customer, subject="Without a copy")
    product.waits(minutes=2)
    member.settles_on(always_bcc=COPY)
    copied = member.writes(customer, subject="With a copy")
    product.waits(minutes=2)
    assert product.recipients(plain) == [customer.address]
    assert product.recipients(copied) == [customer.address, COPY]


@pytest.mark.contract("V-33")
def test_a_second_gmail_account_of_one_profile_is_refused(product: Product) -> None:
    member = product.newcomer().at_work()
    product.google_has("second@lumenworks.example", "Second")
    back = member.allows(member.post("/mailbox/connection"), "second@lumenworks.example")
    assert "different Google account" in member.follow(back)
    assert member.email in member.page(SETTINGS).partition("(2-way sync)")[2]


@pytest.mark.contract("V-34")
def test_an_admin_sees_who_has_an_account_and_no_mailbox(
    product: Product, robin: Member, ana: Member
) -> None:
    member = product.newcomer(name="Without Mailbox")
    missing = ana.page(GMAIL).partition("Not connected Mail that only they have")[2]
    assert member.email in missing
    assert ROBIN not in missing


@pytest.mark.contract("V-35", "V-36")
def test_after_disconnect_gmail_nothing_is_read_or_sent_until_it_is_connected_again(
    product: Product,
) -> None:
    member, customer = product.newcomer().at_work(), product.customer()
    waiting = member.writes(
        customer, subject="Waiting", when="delay", delay="1", delay_unit="hours"
    )
    ask = member.link(SETTINGS, "Disconnect Gmail")
    member.sends(ask)
    mail = product.receives(customer, member.email)
    product.waits(minutes=70)
    assert not member.sees(mail)
    assert member.left(waiting) == []
    member.connects()
    product.waits(minutes=16)
    assert member.sees(mail)


@pytest.mark.contract("V-37", "V-38", "V-39", "V-40")
def test_the_daily_limit_is_ones_own_250_at_first_and_1000_at_most(
    product: Product, ana: Member
) -> None:
    member = product.newcomer()
    member.at_work()
    form = member.fields(SETTINGS, SETTINGS)
    assert form["daily_limit"] == "250"
    assert "0 of 250 left your mailbox" in member.page("/conversations/pending")
    kept = {name: value for name, value in form.items() if not name.startswith("window-")}
    refused = member.is_refused(SETTINGS, **{**kept, "daily_limit": "1001"})
    assert "from 1 to 1000" in refused
    member.settles_on(daily_limit="1000")
    assert "0 of 1,000 left your mailbox" in member.page("/conversations/pending")
    assert "send.daily" not in re.findall(r'name="([^"]+)"', ana.html("/settings/policies"))
    assert ana.fields(SETTINGS, SETTINGS)["daily_limit"] == "250"
    assert "lost reputation takes weeks to repair" in member.page("/help/sending")
    assert "Both limits keep Gmail from distrusting the sender" in member.page(SETTINGS)


@pytest.mark.contract("V-41", "V-42", "D-17")
def test_a_group_address_that_is_a_mailbox_is_a_profile_of_its_own_with_one_of_three_roles(
    product: Product, ana: Member
) -> None:
    for role in ("member", "leader", "admin"):
        one = product.newcomer(role=role, name=f"Success {role}")
        assert one.email in ana.page("/settings/team")
    group = product.newcomer(name="Success").at_work()
    customer = product.customer()
    mail = product.receives(customer, group.email)
    group.replies(group.conversation(mail.subject), customer, text="From the group.")
    product.waits(minutes=2)
    (answer,) = group.sent(mail.subject)
    assert group.email in str(answer["From"])


@pytest.mark.contract("V-43", "V-44")
def test_an_alias_or_list_is_refused_because_it_has_no_credentials_of_its_own(
    product: Product, robin: Member, ana: Member
) -> None:
    ana.sends(ana.action(GMAIL, ROBIN, "/aliases"), address="sales@lumenworks.example")
    refused = product.newcomer().is_refused("/mailboxes", address="sales@lumenworks.example")
    assert "authenticated with credentials of its own" in refused
    told = robin.page("/help/connecting")
    assert "Why can't I connect a Google Group, an alias or a distribution list?" in told
    assert "A mailbox must sign in with credentials of its own" in told
