"""V, first part: what the integration does, the import, and listening."""

import re
from datetime import timedelta

import pytest

from tests.contract.member import Member
from tests.contract.product import Mail, Product
from tests.support.company import ANA, KIM, ROBIN
from tests.support.processes import eventually

STRANGER = "Joe Doe <joe@unknown.example>"


@pytest.mark.contract("V-1", "V-14", "D-33")
def test_gmails_own_notification_brings_a_mail_within_seconds(
    product: Product, robin: Member
) -> None:
    hook, audience = f"{product.url}/hooks/gmail-push", product.environment["RAPPORT_PUSH_AUDIENCE"]
    product.company.simulator.aim_push(hook, audience)
    mail = product.mail(product.customer())
    assert eventually(lambda: product.company.work() > 0)
    product.company.simulator.aim_push(None)
    assert robin.sees(mail)


@pytest.mark.contract("V-2", "V-3")
def test_a_conversation_is_started_here_and_answered_in_the_same_gmail_thread(
    product: Product, robin: Member
) -> None:
    customer = product.customer()
    pending = robin.writes(customer, subject="A fresh start")
    product.waits(minutes=2)
    (sent,) = robin.left(pending)
    assert ROBIN in str(sent["From"])
    mail = Mail("A fresh start", str(sent["Message-ID"]).strip("<>"), {ROBIN: ""})
    product.answers(customer, mail)
    robin.replies(robin.conversation(mail.subject), customer, text="Good.")
    product.waits(minutes=2)
    page = robin.page(robin.conversation(mail.subject))
    assert "3 messages" in page
    assert customer.name in page
    both = robin.gmail.get("messages", labelIds="SENT", maxResults="2")["messages"]
    assert len({one["threadId"] for one in both}) == 1


@pytest.mark.contract("V-6")
def test_a_conversation_shows_the_date_of_its_newest_message(
    product: Product, robin: Member
) -> None:
    customer, now = product.customer(), product.clock()
    first = product.receives(customer, date=(now - timedelta(days=300)).isoformat())
    newest = now - timedelta(days=200)
    product.answers(customer, first, date=newest.isoformat())
    row = robin.page(f"/conversations?q={first.subject}").partition("Last message")[2]
    assert f"{newest.day} {newest:%b}" in row


@pytest.mark.contract("V-7", "V-8", "V-12")
def test_connecting_causes_one_import_of_known_peoples_mail_and_a_listener(
    product: Product,
) -> None:
    member, customer = product.newcomer(), product.customer()
    known = product.mail(customer, member.email)
    unknown = product.mail(STRANGER, member.email)
    told = member.follow(member.connects())
    assert "The import has started." in told
    assert (member.sees(known), member.sees(unknown)) == (True, False)
    assert member.page("/imports").count("Started") == 1
    assert member.sees(product.receives(customer, member.email))


@pytest.mark.contract("V-4", "V-9", "V-10", "V-11")
def test_the_import_looks_at_so_many_of_the_latest_single_messages_known_or_not(
    product: Product, ana: Member
) -> None:
    member, customer = product.newcomer(), product.customer()
    assert "its 1,000 most recent messages are looked at" in member.page("/settings/email")
    policy = ana.fields("/settings/policies", "/settings/policies/D-1")
    assert (policy["import.mode"], policy["import.n"]) == ("last_n", "1000")
    older = product.mail(customer, member.email)
    thread = product.mail(customer, member.email)
    product.mail(
        customer, member.email, in_reply_to=[thread.message_id], subject=f"Re: {thread.subject}"
    )
    product.mail(STRANGER, member.email)
    with ana.chooses("D-1", **{"import.n": "3"}):
        member.connects()
    assert "3 of 3 messages looked at, 2 kept" in member.page("/imports")
    assert (member.sees(thread), member.sees(older)) == (True, False)
    page = member.page(member.conversation(thread.subject))
    assert "2 messages" in page
    assert f"{customer.name} with" in page
    assert customer.account in page.rpartition("Accounts")[2]


@pytest.mark.contract("V-13")
def test_a_member_is_told_where_the_import_stops_and_how_far_it_reached(
    product: Product,
) -> None:
    member, oldest = product.newcomer(), product.clock() - timedelta(days=40)
    product.mail(product.customer(), member.email, date=oldest.isoformat())
    member.connects()
    assert "stops at the 1,000 most recent messages, and every reply counts as one" in member.page(
        "/help/missing-mail"
    )
    page = member.page(re.findall(r'href="(/imports/\d+)"', member.html("/imports"))[0])
    assert "1 of 1 messages looked at" in page
    assert "every reply counts as one message" in page
    assert f"Reaches back to {oldest:%a} {oldest.day} {oldest:%b}" in page


@pytest.mark.contract("V-15", "V-16", "V-17", "V-18", "V-19")
def test_mail_of_both_directions_is_added_with_everybody_known_on_it(
    product: Product, robin: Member, kim: Member
) -> None:
    kim.at_work()
    one, other = product.customers(2)
    received = product.receives(one, ROBIN, KIM, cc=[other.address, ANA])
    written = robin.sends_by_hand(one, subject="From my own Gmail", Cc=f"{other.address}, {KIM}")
    product.notified(KIM)
    numbers = robin.options("/conversations", "member")
    for mail, team in (
        (received, "Ana Lindt, Kim Doyle, Robin Vale"),
        (written, "Kim Doyle, Robin Vale"),
    ):
        page = robin.page(robin.conversation(mail.subject))
        assert f"with {team} · 1 message" in page, mail
        assert all(name in page for name in (one.name, other.name)), mail
        for name in ("My mailbox", "Kim Doyle"):
            assert robin.sees(mail, member=numbers[name]), (mail, name)
        assert not robin.sees(mail, member=numbers["Ana Lindt"])


@pytest.mark.contract("V-20", "V-21", "V-22")
def test_mail_of_people_who_are_no_contacts_is_not_imported(
    product: Product, robin: Member
) -> None:
    assert product.import_csv("Account,Domain\nHollow,hollow.example\n").exit_code == 0
    for sender in (STRANGER, "Ann <ann@hollow.example>"):
        assert not robin.sees(product.receives(sender)), sender
    account = robin.page(robin.link("/accounts?q=Hollow", "Hollow"))
    assert "Subject" not in account.partition("History")[2]
