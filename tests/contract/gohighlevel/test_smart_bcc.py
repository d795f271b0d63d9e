"""H-27 to H-30: mail copied to an own address, from any mail program, by way of the mail
server beside the product.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from selectolax.lexbor import LexborHTMLParser

from tests.contract.member import Member
from tests.contract.product import Product
from tests.support.company import AUTHSERV_ID
from tests.support.lmtp import MailServer, connection, lmtp_server, written

PROOF = f"{AUTHSERV_ID}; dkim=pass header.d=lumenworks.example"


@dataclass
class Program:
    """The mail program of a member whose Gmail was never connected, behind a mail server."""

    product: Product
    member: Member
    server: MailServer

    def address(self) -> str:
        tree = LexborHTMLParser(self.member.html("/settings/email"))
        found = tree.css_first("section[aria-labelledby=smart-bcc] input")
        assert found is not None
        return str(found.attributes["value"])

    def sends(self, *to: str, subject: str, **headers: str) -> None:
        mail = written(
            self.member.email, *to, subject=subject, Authentication_Results=PROOF, **headers
        )
        assert self.server.deliver(mail, self.address()) == ["250 2.0.0 OK"]
        self.product.works()


@pytest.fixture
def program(product: Product) -> Iterator[Program]:
    with lmtp_server(product.company.deps) as port, connection(port) as server:
        yield Program(product, product.newcomer(), server)


@pytest.mark.contract("H-29")
def test_the_address_is_unique_and_shown_for_copying(product: Product, program: Program) -> None:
    page = program.member.html("/settings/email")
    assert "Copy" in page
    assert program.address() in page
    other = Program(product, product.newcomer(), program.server)
    assert other.address() != program.address()


@pytest.mark.contract("H-27", "H-28", "H-30", "H-47")
def test_a_mail_copied_from_any_program_is_logged_and_makes_its_contact(program: Program) -> None:
    new = "Nell New <nell@newcomers.example>"
    program.sends(new, subject="First words", Cc="Cy Copied <cy@copied.example>")
    assert "First words" in program.member.page("/conversations")
    people = program.member.page("/contacts?q=")
    assert "Nell New" in program.member.page("/contacts?q=nell")
    assert "cy@copied.example" not in people
    program.sends(new, subject="In Cc this time", Cc=program.address())
    assert "In Cc this time" in program.member.page("/conversations")


@pytest.mark.contract("D-4")
@pytest.mark.parametrize(
    ("choice", "copied", "clicked"),
    [
        ("smart_bcc+one_click", True, True),
        ("smart_bcc", True, False),
        ("one_click", False, True),
        ("never", False, False),
    ],
)
def test_unknown_people_become_contacts_by_the_ways_the_workspace_chose(
    product: Product,
    program: Program,
    robin: Member,
    ana: Member,
    choice: str,
    *,
    copied: bool,
    clicked: bool,
) -> None:
    name = choice.replace("+", "-").replace("_", "-")
    mail = product.receives(f"Una Clicked <una@{name}-clicked.example>")
    assert not robin.sees(mail)
    with ana.chooses("D-4", **{"contacts.create": choice}):
        program.sends(f"Uli Copied <uli@{name}-copied.example>", subject=f"Copied, {choice}")
        assert ("Uli Copied" in robin.page(f"/contacts?q=uli@{name}")) is copied
        card = robin.opens(mail)
        assert card.has_button("Add contact") is clicked


def test_an_address_in_cc_of_synced_mail_is_shown_to_nobody(
    product: Product, program: Program, robin: Member
) -> None:
    mail = product.receives(product.customer(), cc=[program.address(), "pat@else.example"])
    conversation = robin.conversation(mail.subject)
    for page in (conversation, f"{conversation}?reply=all"):
        shown = robin.html(page)
        assert "pat@else.example" in shown
        assert program.address() not in shown
