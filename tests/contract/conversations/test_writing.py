"""VC, first part: the form, the signature, traits of a conversation's people, unsubscribes."""

import pytest

from tests.contract.member import Member, written
from tests.contract.product import Product
from tests.support.office import ROBIN


@pytest.mark.contract("VC-6")
def test_nobody_can_be_written_to_who_is_no_contact(product: Product, robin: Member) -> None:
    letter = {"to": "joe@unknown.example", "subject": "Hello Joe", "body_text": "Are you there?"}
    refused = robin.is_refused("/conversations", **letter)
    assert "joe@unknown.example is not a contact" in refused
    assert "Are you there?" in refused
    assert "Hello Joe" not in robin.page("/conversations/pending").partition("Goes out")[2]


@pytest.mark.contract("VC-14", "VC-15", "VC-19", "VC-20", "VC-24")
def test_a_mail_leaves_as_it_was_written_with_cc_bcc_and_its_own_reply_to(
    product: Product, robin: Member
) -> None:
    customer = product.customer()
    pending = robin.writes(
        customer,
        subject="To the letter",
        body_text="Hi,\n\nwords as I wrote them.",
        cc="Front Desk <front@partner.example>",
        bcc="archive@lumenworks.example",
        reply_to="team@frontapp.example",
    )
    product.waits(minutes=2)
    (mail,) = robin.left(pending)
    assert mail["Subject"] == "To the letter"
    assert "words as I wrote them." in written(mail)
    assert "front@partner.example" in str(mail["Cc"])
    assert mail["Reply-To"] == "team@frontapp.example"
    assert "archive@lumenworks.example" in product.recipients(pending)


@pytest.mark.contract("VC-36", "VC-37", "VC-38")
def test_the_signature_of_whoever_sends_stands_below_whoever_wrote_or_edited(
    product: Product, kim: Member
) -> None:
    member = product.newcomer().at_work()
    assert member.link("/jump?q=Settings+Profile", "Email settings") == "/settings/email"
    member.settles_on(signature="Kind regards\nThe sender")
    pending = member.writes(product.customer(), subject="Signed", body_text="First words")
    held = kim.fields(f"{pending}/edit", pending)
    assert "The signature of Member" in kim.page(f"{pending}/edit")
    kim.sends(pending, **{**held, "body_text": "Words of a leader"})
    product.waits(minutes=5)
    (mail,) = member.left(pending)
    text = written(mail)
    assert text.index("Words of a leader") < text.index("Kind regards")
    assert text.rstrip().endswith("The sender")


@pytest.mark.contract("VC-33", "VC-39", "VC-40")
@pytest.mark.parametrize(
    ("when", "hours"),
    [
        pytest.param({"when": "delay", "delay": "3", "delay_unit": "hours"}, 3, id="a delay"),
        pytest.param({"when": "date"}, 5, id="a date"),
    ],
)
def test_a_mail_for_later_is_pending_and_not_sent_before(
    product: Product, robin: Member, when: dict[str, str], hours: int
) -> None:
    form = robin.page("/conversations/new")
    assert "On a date" in form
    assert "After a delay" in form
    due = product.ahead(hours=hours) if when["when"] == "date" else ""
    pending = robin.writes(product.customer(), subject="For later", due_at=due, **when)
    assert "For later" in robin.page("/conversations/pending")
    product.waits(minutes=60 * hours - 5)
    assert robin.left(pending) == []
    product.waits(minutes=10)
    assert len(robin.left(pending)) == 1


@pytest.mark.contract("VC-85", "VC-86", "VC-87")
def test_contacts_are_unsubscribed_in_bulk_and_listed_sorted_and_filtered_by_it(
    product: Product, robin: Member
) -> None:
    one, other, third = product.customers(3)
    query = f"/contacts?q=Pat+Poe+{one.name.split()[2].partition('-')[0]}-"
    numbers = [robin.link(query, who.name).rpartition("/")[2] for who in (one, other)]
    form = {"contact": numbers, "to": "unsubscribed", "back": "/contacts"}
    assert "2 contacts are unsubscribed." in robin.sends("/contacts/subscriptions", **form)
    listed = robin.page(query)
    assert "Unsubscribed" in listed
    gone = robin.page(f"{query}&subscription=unsubscribed")
    assert [who.address in gone for who in (one, other, third)] == [True, True, False]
    kept = robin.page(f"{query}&subscription=subscribed")
    assert [who.address in kept for who in (one, other, third)] == [False, False, True]
    first = robin.page(f"{query}&sort=unsubscribed")
    assert first.index(one.address) < first.index(third.address)
    robin.sends("/contacts/subscriptions", contact=numbers[:1], to="subscribed")
    assert one.address not in robin.page(f"{query}&subscription=unsubscribed")


@pytest.mark.contract("VC-104")
def test_a_conversation_stands_under_every_account_of_its_people_and_says_why(
    product: Product, robin: Member
) -> None:
    one, other = product.customer(), product.customer()
    mail = product.receives(one, ROBIN, cc=[other.address])
    for customer in (one, other):
        account = robin.link(f"/accounts?q={customer.account}", customer.account)
        assert mail.subject in robin.page(account)
    page = robin.page(robin.conversation(mail.subject))
    assert f"Listed here because {one.address} is in From" in page
    assert f"Listed here because {other.address} is in Cc" in page
