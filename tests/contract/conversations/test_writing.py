"""VC, first part: the form, the signature, traits of a conversation's people, unsubscribes."""

import re
from collections.abc import Iterator
from email.message import EmailMessage

import pytest
from selectolax.lexbor import LexborHTMLParser

from tests.console.conftest import at, words
from tests.contract.member import Member, written
from tests.contract.product import Customer, Product
from tests.support.company import ROBIN

PENDING = "/conversations/pending"
UNSUBSCRIBES = "/settings/unsubscribes"
WAY = "Settings+→+Activity+→+Conversation+Settings+→+Unsubscribes"
LATER = {"when": "delay", "delay": "2", "delay_unit": "hours"}
ALLOWED = {"unsubscribes": "yes"}
LINK = re.compile(r"http[^\s\"]+(/u/[\w-]+)")


@pytest.fixture
def unsubscribing(ana: Member) -> Iterator[None]:
    """The workspace offers to unsubscribe, in its own words."""
    words_of_it = {"prefix": "Rather not hear from me again?", "link_text": "Click here"}
    ana.sends(UNSUBSCRIBES, on="on", **words_of_it)
    yield
    ana.sends(UNSUBSCRIBES, **words_of_it)


def way_out(mail: EmailMessage) -> str:
    """Where the link of a mail leads."""
    found = LINK.search(written(mail))
    assert found is not None, written(mail)
    return found.group(1)


def leaves(product: Product, mail: EmailMessage) -> str:
    """A recipient opens the link of the message and presses the button there, without signing
    in.
    """
    page, outside = way_out(mail), product.app.test_client()
    assert "You are unsubscribed" not in words(outside.get(page))
    answer = outside.post(page)
    assert answer.status_code == 200
    return words(answer)


def contact(member: Member, customer: Customer) -> str:
    """How the list of contacts shows somebody who has unsubscribed; nothing for anybody else."""
    page = member.page(f"/contacts?q={customer.address}&subscription=unsubscribed")
    return page.partition("Last email reply")[2].partition(customer.address)[2]


def ticked(member: Member, path: str, name: str, label: str) -> str:
    """What the box before this row of a list stands for."""
    box = LexborHTMLParser(member.html(path)).css_first(f'[name="{name}"][aria-label="{label}"]')
    assert box is not None, (path, label)
    return str(box.attributes["value"])


def queued(product: Product, member: Member, form: str, **written_by_hand: str) -> list[list[str]]:
    """To whom the mails go that a filled form makes, each once it has left."""
    letter = {**member.fields(form, "/conversations"), "body_text": "Hi", **written_by_hand}
    at(member.post("/conversations", **letter))
    page = member.html(f"{PENDING}?q={written_by_hand['subject']}")
    numbers = sorted(set(re.findall(r"/pending/([0-9a-f-]{36})/edit", page)))
    for _ in numbers:
        product.waits(minutes=2)
    return sorted(sorted(product.recipients(one)) for one in numbers)


@pytest.mark.contract("VC-4", "VC-17", "VC-22", "VC-23", "D-32")
def test_a_conversation_is_started_with_all_people_of_ticked_accounts_each_or_account_by_account(
    product: Product, robin: Member
) -> None:
    groups = [product.customers(3), product.customers(3)]
    people = [one for group in groups for one in group]
    named = [group[0].account for group in groups]
    numbers = [ticked(robin, f"/accounts?q={one}", "accounts", one) for one in named]
    assert "Write to their people" in robin.page("/accounts")
    form = "/conversations/new?" + "&".join(f"accounts={one}" for one in numbers)
    held = robin.fields(form, "/conversations")
    assert all(str(one) in held["to"] for one in people)
    assert held["spread"] == ["each"]
    assert "One email to each account, with all of its people in To" in robin.page(form)
    found = queued(product, robin, form, subject="Each", to=f"{groups[0][0]}, {groups[0][1]}")
    assert found == [[one.address] for one in groups[0][:2]]
    found = queued(product, robin, form, subject="Grouped", spread="account")
    assert found == sorted(sorted(one.address for one in group) for group in groups)


@pytest.mark.contract("VC-5", "VC-23")
def test_a_conversation_is_started_with_each_of_the_contacts_ticked_in_their_list(
    product: Product, robin: Member
) -> None:
    one, other = product.customers(2)
    numbers = [
        ticked(robin, f"/contacts?q={who.address}", "contact", who.name) for who in (one, other)
    ]
    assert "Write to them" in robin.page("/contacts")
    form = at(robin.post("/contacts/letters", contact=numbers))
    assert "to each account" not in robin.page(form)
    assert queued(product, robin, form, subject="Ticked") == [[one.address], [other.address]]


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


@pytest.mark.usefixtures("unsubscribing")
@pytest.mark.contract("VC-75", "VC-76", "VC-77")
def test_an_admin_switches_unsubscribing_on_and_gives_it_prefix_and_link_text(
    product: Product, robin: Member, ana: Member
) -> None:
    assert ana.link(f"/jump?q={WAY}", "Unsubscribes") == UNSUBSCRIBES
    assert "Only admins" in robin.is_refused(UNSUBSCRIBES, on="on", prefix="", link_text="Out")
    assert "switched on by Ana Lindt" in robin.page(UNSUBSCRIBES)
    refused = ana.is_refused(UNSUBSCRIBES, on="on", prefix="Enough?", link_text=" ")
    assert "Write the text of the link." in refused
    customer = product.customer()
    ana.sends(UNSUBSCRIBES, prefix="Enough?", link_text="Leave")
    assert "Allow unsubscribes" not in robin.page("/conversations/new")
    bare = robin.writes(customer, subject="While it is off", **ALLOWED)
    product.waits(minutes=2)
    (mail,) = robin.left(bare)
    assert "/u/" not in written(mail)


@pytest.mark.usefixtures("unsubscribing")
@pytest.mark.contract("VC-30", "VC-32", "VC-37", "VC-78", "VC-79", "VC-81", "VC-83", "D-26")
def test_a_conversation_ends_with_the_link_below_the_signature_unless_it_is_unticked(
    product: Product,
) -> None:
    member = product.newcomer().at_work()
    member.settles_on(signature="Kind regards\nThe sender")
    form = member.fields("/conversations/new", "/conversations")
    assert form["unsubscribes"] == ["yes"]
    customer = product.customer()
    with_link = member.writes(customer, subject="With a link", **ALLOWED)
    without = member.writes(customer, subject="Urgent", **LATER)
    shown = member.html(f"{with_link}/body")
    assert re.search(
        r'Rather not hear from me again\? <a [^>]*href="[^"]+/u/[^>]+>Click here', shown
    )
    held = member.fields(f"{without}/edit", without)
    assert "unsubscribes" not in held
    product.waits(minutes=2)
    product.waits(hours=3)
    ((linked,), (bare,)) = (member.left(one) for one in (with_link, without))
    for kind, last in (("plain", way_out(linked)), ("html", ">Click here</a></div>")):
        text = written(linked, kind)
        places = [
            text.index(piece)
            for piece in ("on Monday?", "The sender", "Rather not hear from me again? ", last)
        ]
        assert places == sorted(places)
        assert text.partition(last)[2].strip() in {"", "</body></html>"}
    html = written(linked, "html")
    assert f'again? <a href="{product.url}{way_out(linked)}">Click here</a>' in html
    assert "/u/" not in written(bare)
    assert "/u/" not in written(bare, "html")


@pytest.mark.usefixtures("unsubscribing")
@pytest.mark.contract("VC-31", "VC-80")
def test_whoever_unsubscribes_by_the_link_is_written_to_no_more_also_by_what_waits(
    product: Product, robin: Member
) -> None:
    customer = product.customer()
    first = robin.writes(customer, subject="The first", **ALLOWED)
    waits = robin.writes(customer, subject="Waits", **ALLOWED, **LATER)
    product.waits(minutes=2)
    (mail,) = robin.left(first)
    assert contact(robin, customer) == ""
    assert f"{customer.address} gets no more of these emails" in leaves(product, mail)
    assert "Unsubscribed by the link in it" in robin.page(first)
    assert contact(robin, customer)
    stopped = f"/settings/stopped-addresses?q={customer.address}"
    assert robin.link(stopped, "an email") == first
    letter = {"to": customer.address, "subject": "Again", "body_text": "Hi", **ALLOWED}
    refused = robin.is_refused("/conversations", **letter)
    assert f"{customer.address} can't be written to: the person unsubscribed" in refused
    product.waits(hours=3)
    assert robin.left(waits) == []
    assert f"Not sent because {customer.address} has unsubscribed." in robin.page(waits)


@pytest.mark.usefixtures("unsubscribing")
@pytest.mark.contract("VC-82", "VC-84")
def test_with_it_unticked_a_caution_is_shown_and_everybody_gets_the_mail(
    product: Product, robin: Member
) -> None:
    customer, other = product.customers(2)
    number = robin.link(f"/contacts?q={customer.address}", customer.name).rpartition("/")[2]
    robin.sends("/contacts/subscriptions", contact=number, to="unsubscribed")
    asked = {"to": f"{customer.address}, {other.address}"}
    path = "/conversations/recipients?offers=1"
    assert "good practice" not in words(robin.post(path, **asked, **ALLOWED))
    cautioned = words(robin.post(path, **asked))
    assert "Leaving this on is good practice." in cautioned
    assert f"{customer.address} unsubscribed on " in cautioned
    urgent = robin.writes(customer, other, subject="Your card has expired")
    product.waits(minutes=2)
    assert product.recipients(urgent) == [customer.address, other.address]


@pytest.mark.usefixtures("unsubscribing")
@pytest.mark.contract("VC-31")
def test_of_several_people_on_a_mail_each_says_which_address_is_theirs(
    product: Product, robin: Member
) -> None:
    customer, other = product.customers(2)
    both = robin.writes(customer, other, subject="To both", **ALLOWED)
    preview = LINK.search(robin.html(f"{both}/body"))
    assert preview is not None
    assert "has not been sent" in words(robin.get(preview.group(1)))
    product.waits(minutes=2)
    (mail,) = robin.left(both)
    page, outside = way_out(mail), product.app.test_client()
    asked = words(outside.get(page))
    assert "Your address" in asked
    assert customer.address not in asked
    for typed in ("", "somebody@else.example"):
        assert outside.post(page, data={"address": typed}).status_code == 422
    assert outside.post(page, data={"address": other.address}).status_code == 200
    assert (contact(robin, customer) == "", contact(robin, other) == "") == (True, False)
    for wrong in (page[:-1], f"{page[:-8]}AAAAAAAA", "/u/x"):
        answer = outside.post(wrong)
        assert answer.status_code == 404
        assert "nothing was changed" in words(answer)


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
