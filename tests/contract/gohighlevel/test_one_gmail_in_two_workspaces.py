"""H, one Gmail account in several workspaces: its mail, its answers, and the end of one of them."""

import base64
from email.message import EmailMessage
from urllib.parse import quote_plus

import pytest

from tests.console.conftest import at
from tests.contract.member import Member
from tests.contract.product import Customer, Mail, Product
from tests.support.company import ROBIN

YES, ALL = {"location.share_mailbox": "yes"}, {"location.retain": "all"}
BY_RAPPORT, BY_HAND, MORE = "Answered from the second.", "And one by hand.", "One more thing."


def answers_by_hand(product: Product, robin: Member, asked: Mail, customer: Customer) -> str:
    """Robin answers in Gmail itself, in the same thread: the Message-ID."""
    mail = EmailMessage()
    mail["From"], mail["To"] = ROBIN, customer.address
    mail["Subject"], mail["In-Reply-To"] = f"Re: {asked.subject}", f"<{asked.message_id}>"
    mail["References"] = mail["In-Reply-To"]
    mail.set_content(BY_HAND)
    thread = robin.gmail.get(f"messages/{asked.copies[ROBIN]}")["threadId"]
    raw = base64.urlsafe_b64encode(mail.as_bytes()).decode()
    sent = robin.gmail.post("messages/send", {"raw": raw, "threadId": thread})
    return product.told_of(asked.subject, {ROBIN: str(sent["id"])}).message_id


def thread(product: Product, other: Member, robin: Member, customer: Customer) -> tuple[str, str]:
    """A customer asks, the other workspace answers, Robin answers by hand, the customer asks more.
    What Robin's workspace shows of it, and why it has not the mail written by hand.
    """
    asks = product.receives(customer, ROBIN)
    ours, theirs = robin.conversation(asks.subject), other.conversation(asks.subject)
    other.replies(theirs, customer, text=BY_RAPPORT)
    product.waits(minutes=2)
    product.notified(ROBIN)
    by_hand = answers_by_hand(product, robin, asks, customer)
    product.answers(customer, asks, text=MORE)
    assert all(one in other.page(theirs) for one in (BY_RAPPORT, BY_HAND, MORE))
    return robin.page(ours), robin.page(f"/why?message={quote_plus(by_hand)}")


@pytest.mark.contract("D-28", "H-15", "H-16", "H-53")
def test_mail_of_a_contact_shows_in_both_and_the_thread_stays_where_it_is_answered(
    product: Product, ana: Member, robin: Member
) -> None:
    other, customer = product.founder("Second"), product.customer()
    known = f"Name,Email\n{customer.name},{customer.address}\n"
    assert product.import_csv(known, as_whom=other.email).exit_code == 0
    with other.chooses("D-28", **YES):
        refused = other.follow(other.allows(other.post("/mailbox/connection"), ROBIN))
        assert f"{ROBIN} is already connected in another workspace" in refused
        with ana.chooses("D-28", **YES):
            asked = at(other.allows(other.post("/mailbox/connection"), ROBIN))
            other.sends(asked, display_name="Olga Stein")
            product.works()
            shown, why = thread(product, other, robin, customer)
            assert [one in shown for one in (BY_RAPPORT, BY_HAND, MORE)] == [False, False, True]
            assert "another workspace answers this thread" in why
    with ana.chooses("D-28", **YES, **ALL):
        shown, _ = thread(product, other, robin, customer)
        assert all(one in shown for one in (BY_RAPPORT, BY_HAND, MORE))
    other.sends("/mailbox/disconnection")
    assert robin.sees(product.receives(customer, ROBIN))
