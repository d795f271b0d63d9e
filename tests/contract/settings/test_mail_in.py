"""D, first part: settings of incoming mail. Others are tested beside the behaviour they switch."""

from datetime import timedelta

import pytest

from tests.contract.member import Member
from tests.contract.product import Customer, Mail, Product
from tests.support.company import KIM, ROBIN

STRANGER = "Joe Doe <joe@unknown.example>"
TRAIT = "Shared domain"


@pytest.mark.contract("D-1")
@pytest.mark.parametrize(
    ("choice", "promise", "shown"),
    [
        ({"import.mode": "none"}, "Nothing older is imported", [False, False]),
        ({"import.n": "1"}, "its 1 most recent message", [False, True]),
        ({"import.mode": "last_days", "import.days": "60"}, "the last 60 days", [True, True]),
    ],
)
def test_the_import_reaches_as_far_back_as_the_workspace_chose(
    product: Product, ana: Member, choice: dict[str, str], promise: str, shown: list[bool]
) -> None:
    member, customer = product.newcomer(), product.customer()
    old = (product.clock() - timedelta(days=40)).isoformat()
    mails = [product.mail(customer, member.email, **more) for more in ({"date": old}, {})]
    with ana.chooses("D-1", **choice):
        assert promise in member.page("/settings/email")
        member.connects()
    assert [member.sees(mail) for mail in mails] == shown


@pytest.mark.contract("D-2")
def test_only_a_shared_mailbox_takes_in_all_mail_and_only_once_that_is_chosen(
    product: Product, ana: Member
) -> None:
    support = product.newcomer().at_work()
    refused = support.is_refused("/mailbox/reach", capture="all")
    assert "an admin marked as shared" in refused
    assert not support.sees(product.receives(STRANGER, support.email))
    ana.sends(ana.action("/settings/integrations/gmail", support.email, "/kind"), takes_in="shared")
    assert not support.sees(product.receives(STRANGER, support.email))
    support.sends("/mailbox/reach", capture="all")
    assert support.sees(product.receives(STRANGER, support.email))
    support.sends("/mailbox/reach", capture="matched")
    assert not support.sees(product.receives(STRANGER, support.email))


@pytest.mark.contract("D-3")
def test_a_contact_in_cc_takes_a_mail_in_where_cc_counts(
    product: Product, robin: Member, ana: Member
) -> None:
    customer = product.customer()

    def is_taken_in() -> bool:
        mail = product.receives(f"Kim Doyle <{KIM}>", ROBIN, cc=[customer.address])
        return robin.sees(mail)

    assert not is_taken_in()
    with ana.chooses("D-3", **{"match.fields": ["from", "to", "cc"]}):
        assert is_taken_in()


@pytest.mark.contract("D-5")
def test_earlier_mail_of_a_new_contact_is_left_out_offered_or_brought_in(
    product: Product, robin: Member, ana: Member
) -> None:
    def becomes_a_contact(name: str) -> tuple[str, Mail]:
        """The page of somebody who wrote before they were a contact, and that mail."""
        address = f"{name.lower()}@late.example"
        mail = product.receives(f"{name} Lake <{address}>")
        done = product.import_csv(f"Name,Email,Account\n{name} Lake,{address},Lake\n")
        assert done.exit_code == 0
        product.works()
        return robin.link(f"/contacts?q={address}", name), mail

    page, mail = becomes_a_contact("Ask")
    assert not robin.sees(mail)
    assert "Log earlier mail (1 found)" in robin.page(page)
    robin.sends(f"{page}/earlier-mail")
    product.works()
    assert robin.sees(mail)
    with ana.chooses("D-5", **{"match.late": "off"}):
        page, mail = becomes_a_contact("Off")
        assert "Log earlier mail" not in robin.page(page)
        assert not robin.sees(mail)
    with ana.chooses("D-5", **{"match.late": "on"}):
        _, mail = becomes_a_contact("On")
        assert robin.sees(mail)


@pytest.mark.contract("D-6")
def test_where_several_accounts_fit_a_mail_stands_under_all_the_first_or_the_newest(
    product: Product, robin: Member, ana: Member
) -> None:
    first, newest = product.customer(), product.customer()
    ana.sends("/settings/account-traits", name=TRAIT)
    lines = [f"{one.account},joint.example" for one in (first, newest)]
    assert product.import_csv("\n".join([f"Account,{TRAIT}", *lines, ""])).exit_code == 0

    def stands_under() -> list[Customer]:
        mail = product.receives("Joe <joe@joint.example>")
        page = robin.page(robin.conversation(mail.subject)).partition("Listed here")
        listed = page[0].rpartition("Accounts")[2] + page[2]
        return [one for one in (first, newest) if f"{one.account} " in listed]

    with ana.chooses("D-18", **{"match.by_domain": TRAIT}):
        assert stands_under() == [first, newest]
        with ana.chooses("D-6", **{"match.multi": "first_created"}):
            assert stands_under() == [first]
        with ana.chooses("D-6", **{"match.multi": "newest"}):
            assert stands_under() == [newest]
    line = f"Name,Email,Account\n{first.name},{first.address},{newest.account}\n"
    assert product.import_csv(line).exit_code == 0
    mail = product.receives(first)
    for account in (first.account, newest.account):
        assert mail.subject in robin.page(robin.link(f"/accounts?q={account}", account))


@pytest.mark.contract("D-7")
def test_of_several_recipients_the_first_owns_the_conversation_or_nobody_does(
    product: Product, robin: Member, ana: Member
) -> None:
    first, second = product.customers(2)

    def owner(subject: str) -> str:
        robin.sends_by_hand(first, second, subject=subject)
        row = robin.page(f"/conversations?q={subject}").partition("Last message")[2]
        assert f"{first.name}, {second.name}" in row
        return row.partition(first.account)[2].split(" 1 ")[0].strip()

    assert owner("Owned") == first.name
    with ana.chooses("D-7", **{"thread.owner": "none"}):
        assert owner("Unowned") == "None"
