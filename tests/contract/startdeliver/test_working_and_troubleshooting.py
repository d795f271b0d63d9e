"""S, second part: working with interactions, troubleshooting, and letting the app in."""

from datetime import timedelta

import pytest

from tests.contract.member import Member
from tests.contract.product import Mail, Product
from tests.support.company import ROBIN


def answered(product: Product, robin: Member) -> tuple[str, Mail]:
    """An account with a conversation in which the customer wrote, and an answer to it."""
    customer = product.customer()
    mail = product.receives(customer)
    product.answers(customer, mail)
    return customer.account, mail


def rows(page: str) -> str:
    """The rows of a list as words."""
    return page.partition("Last email reply")[2].partition("Times in")[0]


@pytest.mark.contract("S-31", "S-32", "S-33")
def test_the_history_of_a_customer_shows_a_conversation_once_and_can_show_mail_alone(
    product: Product, robin: Member
) -> None:
    name, mail = answered(product, robin)
    robin.opens(mail).press("Save note", {"note": f"Called about {mail.subject} seats"})
    account = robin.link(f"/accounts?q={name}", name)
    everything = robin.page(account)
    assert "History Everything Interactions Notes" in everything
    assert f"Called about {mail.subject} seats" in everything
    interactions = robin.page(f"{account}?kind=email")
    assert "Called about" not in interactions
    assert interactions.partition("History")[2].count(mail.subject) == 1
    assert "2 messages" in robin.page(robin.conversation(mail.subject))


@pytest.mark.contract("S-34", "S-35", "S-36", "S-37")
def test_lists_have_the_last_interaction_and_reply_to_filter_and_sort_by(
    product: Product, robin: Member
) -> None:
    now = product.clock()
    early, late = product.customer(), product.customer()
    silent = product.customer()
    for customer, days in ((early, 40), (late, 3)):
        at = now - timedelta(days=days)
        ours = product.receives(
            f"Robin Vale <{ROBIN}>", customer.address, ROBIN, date=at.isoformat()
        )
        product.answers(customer, ours, date=(at + timedelta(hours=1)).isoformat())
    for field, sort in (("heard", "interaction"), ("replied", "reply")):
        for path, names in (
            ("/accounts?q=Customer&", (late.account, early.account, silent.account)),
            ("/contacts?q=Pat&", (late.name, early.name, silent.name)),
        ):
            page = robin.page(f"{path}sort={sort}")
            assert "Last interaction" in page
            assert "Last email reply" in page
            order = rows(page)
            assert order.index(f"{names[0]} ") < order.index(f"{names[1]} ")
            for value, shown in (
                ("7", [True, False, False]),
                ("over-30", [False, True, True]),
                ("never", [False, False, True]),
            ):
                found = rows(robin.page(f"{path}{field}={value}"))
                assert [f"{one} " in found for one in names] == shown, (path, field, value)


@pytest.mark.contract("S-34")
def test_a_copy_of_a_mail_between_others_is_no_interaction_with_an_account(
    product: Product, robin: Member
) -> None:
    writer, copied = product.customer(), product.customer()

    def never() -> list[bool]:
        found = rows(robin.page("/accounts?q=Customer&heard=never"))
        return [f"{one.account} " in found for one in (writer, copied)]

    group = product.receives(writer, ROBIN, cc=[copied.address])
    account = robin.link(f"/accounts?q={copied.account}", copied.account)
    assert group.subject in robin.page(account)
    assert never() == [False, True]
    both = product.receives(writer, ROBIN, copied.address)
    assert never() == [False, False]
    robin.sends(robin.link(robin.conversation(both.subject), "Take out"))
    assert never() == [False, True]


@pytest.mark.contract("S-42")
def test_after_a_changed_password_the_page_asks_to_authenticate_again_and_that_restores_it(
    product: Product,
) -> None:
    member, customer = product.newcomer(), product.customer()
    member.connects()
    revoked = {"kind": "token_revoke", "match": {"user": member.email}}
    product.company.simulator.post("/simulator/faults", revoked)
    product.waits(minutes=16)
    product.waits(minutes=3)
    asked = member.page("/settings/email")
    assert "Changing a Google password can end the connection" in asked
    assert "Click to start authentication" in asked
    meanwhile = product.mail(customer, member.email)
    member.connects()
    product.waits(minutes=16)
    assert member.sees(meanwhile)


@pytest.mark.contract("S-44", "S-45", "S-46", "S-47", "S-48")
def test_help_names_why_a_mail_is_missing_and_what_to_do(product: Product, robin: Member) -> None:
    two = "Name,Email,Account\nAnn Both,desk@both.example,Both\nBob Both,desk@both.example,Both\n"
    assert product.import_csv(two).exit_code == 0
    shared = product.receives("The desk <desk@both.example>")
    found = robin.page(robin.conversation(shared.subject))
    assert ("Ann Both" in found) != ("Bob Both" in found)
    page = robin.page("/help/missing-mail")
    assert "was a contact, with that very address, when it was sent or received" in page
    assert "A wrong address on the contact is the usual cause" in page
    assert "may be filed under only one of them" in page
    assert "matching by domain is the better choice" in page
    assert "a missing alias is added by an admin" in page


@pytest.mark.contract("S-44")
def test_mail_of_somebody_who_became_a_contact_later_stays_out_by_that_rule(
    product: Product, robin: Member, ana: Member
) -> None:
    with ana.chooses("D-5", **{"match.late": "off"}):
        early = product.receives("Ida Holm <ida@holm.example>")
        done = product.import_csv("Name,Email,Account\nIda Holm,ida@holm.example,Holm\n")
        assert done.exit_code == 0
        late = product.receives("Ida Holm <ida@holm.example>")
        product.waits(minutes=16)
    assert not robin.sees(early)
    assert robin.sees(late)


@pytest.mark.contract("S-51", "S-52", "S-53")
def test_the_guide_leads_through_google_admin_with_the_ids_ready_to_copy(
    product: Product, ana: Member
) -> None:
    text = ana.page("/setup")
    assert "Security → Access and data control → API controls" in text
    assert "Manage third-party app access" in text
    assert "Configure new app → OAuth app name or client ID" in text
    assert "the name Rapport or for the client ID" in text
    assert "Set it to Trusted" in text
    page = ana.html("/setup")
    for label in ("Gmail client ID", "Calendar client ID"):
        assert label in page
    assert page.count(f'value="{product.environment["RAPPORT_GOOGLE_CLIENT_ID"]}" readonly') == 2
