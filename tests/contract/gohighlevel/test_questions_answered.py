"""H, second part: the questions that the document answers."""

import pytest

from tests.contract.member import Member
from tests.contract.product import Product
from tests.support.company import ROBIN


@pytest.mark.contract("H-41")
def test_mail_from_before_the_connection_is_not_synced_where_nothing_is_imported(
    product: Product, ana: Member
) -> None:
    member, customer = product.newcomer(), product.customer()
    before = product.mail(customer, member.email)
    with ana.chooses("D-1", **{"import.mode": "none"}):
        assert "Nothing older is imported" in member.page("/settings/email")
        member.connects()
        assert not member.sees(before)


@pytest.mark.contract("H-42", "H-43")
def test_mail_of_a_thread_is_shown_in_it_and_other_mail_as_a_new_one(
    product: Product, robin: Member
) -> None:
    customer = product.customer()
    first = product.receives(customer)
    product.answers(customer, first)
    other = product.receives(customer)
    assert "2 messages" in robin.page(robin.conversation(first.subject))
    assert robin.conversation(other.subject) != robin.conversation(first.subject)


@pytest.mark.contract("H-46", "H-48")
def test_a_mail_stands_under_the_contact_whoever_it_was_written_to(
    product: Product, robin: Member
) -> None:
    writer, reader = product.customers(2)
    third, ours = "Joe <joe@else.example>", f"Robin Vale <{ROBIN}>"
    received = [
        product.receives(writer, third, cc=[ROBIN]),
        product.receives(writer, third, bcc=[ROBIN]),
        product.receives(ours, writer.address, cc=[ROBIN]),
        product.receives(writer, ROBIN, cc=[reader.address, third]),
    ]
    for mail in received:
        assert writer.name in robin.page(robin.conversation(mail.subject))
    assert reader.name in robin.page(robin.conversation(received[-1].subject))


@pytest.mark.contract("H-47")
def test_whoever_was_only_copied_never_becomes_a_contact(product: Product, robin: Member) -> None:
    product.receives(product.customer(), cc=["Nora Copied <nora@copied.example>"])
    product.receives(product.customer(), ROBIN, bcc=["Nora Copied <nora@copied.example>"])
    assert "No contacts match" in robin.page("/contacts?q=nora%40copied.example")


@pytest.mark.contract("H-49")
def test_of_several_recipients_the_first_contact_owns_the_conversation(
    product: Product, robin: Member
) -> None:
    first, second = product.customers(2)
    mail = robin.sends_by_hand(first, second, subject="To both of you")
    row = robin.page("/conversations?q=To+both").partition("Last message")[2]
    assert row.partition(first.account)[2].split(" 1 ")[0].strip() == first.name
    product.answers(second, mail)
    row = robin.page("/conversations?q=To+both").partition("Last message")[2]
    assert row.partition(first.account)[2].split(" 2 ")[0].strip() == first.name


@pytest.mark.contract("H-51", "H-52")
def test_mail_that_starts_in_one_workspace_stays_there_with_its_answers(
    product: Product, robin: Member
) -> None:
    founder, customer = product.founder("Acme"), product.customer()
    founder.connects()
    line = f"Name,Email\n{customer.name},{customer.address}\n"
    assert product.import_csv(line, as_whom=founder.email).exit_code == 0
    started = robin.sends_by_hand(customer, subject="Only with Lumen Works")
    product.answers(customer, started)
    other = product.receives(customer, founder.email)
    assert "2 messages" in robin.page(robin.conversation("Only with Lumen Works"))
    assert "No conversations match" in founder.page("/conversations?q=Only+with")
    assert founder.sees(other)
    assert not robin.sees(other)


@pytest.mark.contract("H-54")
def test_help_says_that_changed_sign_in_data_need_connecting_again(robin: Member) -> None:
    page = robin.page("/help/connecting")
    assert "A changed password or other sign-in data can end the connection" in page
    assert "Connect it again with the same account" in page


@pytest.mark.contract("H-55")
def test_a_mail_forwarded_from_gmail_counts_as_sent_and_is_filed(
    product: Product, robin: Member
) -> None:
    customer = product.customer()
    mail = robin.sends_by_hand(customer, subject="Fwd: The offer of our supplier")
    row = robin.page("/conversations?q=The+offer+of+our").partition("Last message")[2]
    assert "We wrote last" in row
    assert customer.account in row
    assert robin.sees(mail)


@pytest.mark.contract("H-57")
def test_help_asks_whether_it_helped_and_keeps_the_vote(robin: Member, kim: Member) -> None:
    assert "Did this help?" in robin.page("/help/sending")
    robin.sends("/help/sending/votes", helped="no")
    assert "You answered yes" in robin.sends("/help/sending/votes", helped="yes")
    assert "You answered yes" in robin.page("/help/sending")
    assert "You answered" not in kim.page("/help/sending")
