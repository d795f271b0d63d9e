"""K, an address that several people answer: its name, its template, and whose name is seen."""

import pytest
from selectolax.lexbor import LexborHTMLParser

from tests.contract.member import Member, written
from tests.contract.product import Customer, Product
from tests.support.company import ANA, KIM

SHARED = "/settings/shared-mailboxes"
TEMPLATES = "/settings/email-templates"
SUPPORT = "care@lumenworks.example"
FRAME = """<style>.head { color: #0b5f59 } p { margin: 0 }</style>
<div class="head" onclick="x()">Lumen Works<script>alert(1)</script></div>
{{content}}<p>Kanalweg 1, Berlin</p>"""


@pytest.fixture(scope="module")
def support(product: Product) -> str:
    """A shared mailbox that an admin has connected and that Ana and Kim may use: its page."""
    product.google_has(SUPPORT, "Care")
    ana = product.member(ANA)
    asked = ana.back_from_google(ana.post(SHARED, address=SUPPORT), SUPPORT)
    question = ana.follow(asked)
    assert "It becomes a shared mailbox" in question
    assert SUPPORT in question
    where = asked.headers["Location"]
    told = ana.sends(where, display_name="Lumen Care")
    assert "Gmail is connected" in told
    product.works()
    page = ana.link(SHARED, "Lumen Care")
    labels = LexborHTMLParser(ana.html(page)).css("label:has(input[name=users])")
    (kim,) = (one.css("input")[0] for one in labels if "Kim Doyle" in one.text())
    form = ana.fields(page, page)
    ana.sends(page, **{**form, "users": [*form["users"], kim.attributes["value"]]})
    return page


@pytest.fixture
def kim(product: Product, kim: Member) -> Member:
    """A leader whose own Gmail is connected, too."""
    return kim.at_work()


def sets_up(product: Product, page: str, **changed: str) -> None:
    """The admin saves the page of the shared mailbox with these changes."""
    ana = product.member(ANA)
    ana.sends(page, **{**ana.fields(page, page), **changed})


def asks(product: Product) -> tuple[Customer, str]:
    """A customer writes to the shared address: the customer, and the subject."""
    customer = product.customer()
    return customer, product.receives(customer, SUPPORT).subject


def answers(product: Product, member: Member, **form: str) -> str:
    """A customer's mail is answered as the page offers it; the subject."""
    customer, subject = asks(product)
    conversation = member.conversation(subject)
    offered = member.fields(conversation, f"{conversation}/replies")["sender"]
    member.replies(conversation, customer, text="Sure.", **{"sender": offered, **form})
    product.waits(minutes=2)
    return subject


@pytest.mark.contract("D-17", "K-13", "K-14")
def test_a_shared_address_is_chosen_by_its_name_by_those_who_may_use_it(
    product: Product, support: str, kim: Member, robin: Member
) -> None:
    customer, subject = asks(product)
    conversation = kim.conversation(subject)
    for page in (conversation, "/conversations/new"):
        assert f"Lumen Care <{SUPPORT}>" in kim.options(page, "sender")
        assert robin.options(page, "sender") == {}
    chosen = kim.fields(conversation, f"{conversation}/replies")["sender"]
    assert chosen == support.rpartition("/")[2]
    refused = robin.is_refused(
        "/conversations", to=customer.address, subject="x", body_text="y", sender=chosen
    )
    assert "Choose an address you may write from" in refused
    subject = answers(product, kim)
    (mail,) = product.visitor(SUPPORT).sent(subject)
    assert str(mail["From"]) == f"Lumen Care <{SUPPORT}>"
    assert mail["In-Reply-To"] is not None


@pytest.mark.contract("K-15", "K-17")
def test_every_mail_from_the_address_is_framed_in_its_template(
    product: Product, support: str, kim: Member, ana: Member
) -> None:
    refused = ana.is_refused(TEMPLATES, name="Frame", source="<p>No slot</p>")
    assert "Write {{content}} once" in refused
    ana.sends(TEMPLATES, name="Frame", source=FRAME)
    shown = ana.html(ana.link(TEMPLATES, "Frame") + "/preview")
    assert "Kanalweg 1" in shown
    assert "script" not in shown.partition("<body>")[2]
    sets_up(product, support, template_id=ana.options(support, "template_id")["Frame"])
    subject = answers(product, kim)
    (mail,) = product.visitor(SUPPORT).sent(subject)
    html = written(mail, "html")
    assert '<div class="head"' not in html
    assert 'style="color:#0b5f59">Lumen Works</div>' in html
    assert "<script" not in html
    assert "onclick" not in html
    assert html.index("Lumen Works") < html.index("Sure.") < html.index("Kanalweg 1")
    plain = written(mail)
    assert plain.index("Lumen Works") < plain.index("Sure.") < plain.index("Kanalweg 1")
    assert "<" not in plain
    told = ana.is_refused(f"{ana.link(TEMPLATES, 'Frame')}/removal")
    assert f"frames the mail of {SUPPORT}" in told
    sets_up(product, support, template_id="")
    ana.sends(f"{ana.link(TEMPLATES, 'Frame')}/removal")
    assert "None yet" in ana.page(TEMPLATES)


@pytest.mark.contract("K-18", "K-20", "D-25")
def test_recipients_see_the_agents_name_or_the_agents_own_address_as_was_chosen(
    product: Product, support: str, kim: Member
) -> None:
    sets_up(product, support, from_name="agent", display_name="Lumen Help")
    subject = answers(product, kim)
    (mail,) = product.visitor(SUPPORT).sent(subject)
    assert str(mail["From"]) == f"Kim Doyle <{SUPPORT}>"
    sets_up(product, support, from_name="agent_address")
    assert f"It leaves from {KIM}; answers go to {SUPPORT}" in kim.page("/conversations/new")
    subject = answers(product, kim)
    (mail,) = kim.sent(subject)
    assert str(mail["From"]) == f"Kim Doyle <{KIM}>"
    assert str(mail["Reply-To"]) == SUPPORT
    sets_up(product, support, from_name="")


@pytest.mark.contract("D-2")
def test_a_members_own_mailbox_is_never_made_a_shared_one_by_somebody_else(
    product: Product, ana: Member, robin: Member
) -> None:
    back = ana.back_from_google(ana.post(SHARED, address=robin.email), robin.email)
    assert f"{robin.email} belongs to a team member" in ana.follow(back)
    assert robin.email not in ana.page(SHARED)
    assert "Only admins can connect and set up shared mailboxes" in robin.page(SHARED)
