"""VC, fourth part: unsubscribes."""

import re
from collections.abc import Iterator
from email.message import EmailMessage

import pytest

from tests.console.conftest import words
from tests.contract.member import Member, written
from tests.contract.product import Customer, Product

PAGE = "/settings/unsubscribes"
WAY = "Settings+→+Activity+→+Conversation+Settings+→+Unsubscribes"
LATER = {"when": "delay", "delay": "2", "delay_unit": "hours"}
ALLOWED = {"unsubscribes": "yes"}
LINK = re.compile(r"http[^\s\"]+(/u/[\w-]+)")


@pytest.fixture(autouse=True)
def switched_on(ana: Member) -> Iterator[None]:
    """The workspace offers to unsubscribe, in its own words."""
    words_of_it = {"prefix": "Rather not hear from me again?", "link_text": "Click here"}
    ana.sends(PAGE, on="on", **words_of_it)
    yield
    ana.sends(PAGE, **words_of_it)


def way_out(mail: EmailMessage) -> str:
    """Where the link of a mail leads."""
    found = LINK.search(written(mail))
    assert found is not None, written(mail)
    return found.group(1)


def leaves(product: Product, mail: EmailMessage) -> str:
    """Whoever has the mail opens its link and presses the button there, with no sign-in at all."""
    page, outside = way_out(mail), product.app.test_client()
    assert "You are unsubscribed" not in words(outside.get(page))
    answer = outside.post(page)
    assert answer.status_code == 200
    return words(answer)


def contact(member: Member, customer: Customer) -> str:
    """How the list of contacts shows somebody who has unsubscribed; nothing for anybody else."""
    page = member.page(f"/contacts?q={customer.address}&subscription=unsubscribed")
    return page.partition("Last email reply")[2].partition(customer.address)[2]


@pytest.mark.contract("VC-75", "VC-76", "VC-77")
def test_an_admin_switches_unsubscribing_on_and_gives_it_prefix_and_link_text(
    product: Product, robin: Member, ana: Member
) -> None:
    assert ana.link(f"/jump?q={WAY}", "Unsubscribes") == PAGE
    assert "Only admins" in robin.is_refused(PAGE, on="on", prefix="", link_text="Out")
    assert "switched on by Ana Lindt" in robin.page(PAGE)
    refused = ana.is_refused(PAGE, on="on", prefix="Enough?", link_text=" ")
    assert "Write the text of the link." in refused
    customer = product.customer()
    ana.sends(PAGE, prefix="Enough?", link_text="Leave")
    assert "Allow unsubscribes" not in robin.page("/conversations/new")
    bare = robin.writes(customer, subject="While it is off", **ALLOWED)
    product.waits(minutes=2)
    (mail,) = robin.left(bare)
    assert "/u/" not in written(mail)


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
