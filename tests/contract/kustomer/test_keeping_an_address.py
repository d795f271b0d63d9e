"""K, second part: how replies are threaded, how a connection ends and comes back, and content."""

import re

import pytest

from tests.console.conftest import words
from tests.contract.member import Member, written
from tests.contract.product import Product

GMAIL = "/settings/integrations/gmail"
SETTINGS = "/settings/email"


def flag(reader: Member, member: Member) -> str:
    """The label beside the address of this member in the list of mailboxes."""
    page = reader.page(GMAIL).partition("Mailboxes ")[2]
    return page.partition(f"{member.email} ")[2].partition("@")[0]


@pytest.mark.contract("K-24", "K-25", "K-26", "K-27", "D-23")
def test_a_reply_holds_its_own_words_unless_history_is_chosen_and_stays_in_the_thread(
    product: Product, robin: Member, ana: Member
) -> None:
    for choice, quoted in ((None, False), ("history", True)):
        customer = product.customer()
        asked = product.receives(customer, text="Five more seats?")
        conversation = robin.conversation(asked.subject)
        if choice is None:
            robin.replies(conversation, customer, text="Yes.")
            product.waits(minutes=2)
        else:
            with ana.chooses("D-23", **{"reply.quote": choice}):
                robin.replies(conversation, customer, text="Yes.")
                product.waits(minutes=2)
        (answer,) = robin.sent(asked.subject)
        assert ("Five more seats?" in written(answer)) is quoted
        assert answer["In-Reply-To"] == f"<{asked.message_id}>"
        assert asked.message_id in answer["References"]
        assert answer["Subject"] == f"Re: {asked.subject}"


@pytest.mark.contract("K-28", "K-29")
def test_the_choice_says_when_single_replies_and_when_history_fits(ana: Member) -> None:
    page = ana.page("/settings/policies")
    assert "Fits unrelated questions one after the other, and many messages whose history" in page
    assert "Fits reminding people of their question, and troubleshooting back and forth." in page


@pytest.mark.contract("K-30", "K-32", "K-33", "K-35", "K-36")
def test_a_deleted_address_is_flagged_keeps_its_mail_and_comes_back_as_the_same(
    product: Product, ana: Member
) -> None:
    member, customer = product.newcomer(), product.customer()
    member.connects()
    before = product.receives(customer, member.email)
    assert "Disconnected" not in flag(ana, member)
    ana.sends(ana.action(GMAIL, member.email, "/removal"))
    assert "Disconnected" in flag(ana, member)
    assert member.sees(before)
    missed = product.receives(customer, member.email)
    assert not member.sees(missed)
    member.connects(path="/mailboxes", address=member.email)
    assert "Disconnected" not in flag(ana, member)
    assert ana.page(GMAIL).partition("Mailboxes ")[2].count(f"{member.email} Member") == 1
    for mail in (before, missed):
        page = member.page(f"/conversations?q={mail.subject}")
        assert "1 conversation " in page
        assert "1 message" in member.page(member.conversation(mail.subject))


@pytest.mark.contract("D-21")
def test_disconnecting_removes_the_texts_that_nobody_else_has_where_the_workspace_chose_so(
    product: Product, ana: Member, robin: Member
) -> None:
    member, customer = product.newcomer(), product.customer()
    member.connects()
    alone = product.receives(customer, member.email, text="The price is 1,200.")
    both = product.receives(customer, member.email, robin.email, text="Shall we meet?")
    pages = [robin.conversation(mail.subject) for mail in (alone, both)]
    assert "What was synced before stays here" in member.page("/mailbox/disconnection")
    with ana.chooses("D-21", **{"disconnect.history": "keep+redact"}):
        for page in ("/mailbox/disconnection", SETTINGS):
            assert "no other mailbox here has are removed for good" in member.page(page)
        member.sends("/mailbox/disconnection")
        product.works()
    shown, kept = (robin.page(page) for page in pages)
    assert "Text removed" in shown
    assert "In Gmail nothing was changed" in shown
    assert "1,200" not in shown + robin.page(f"/conversations?q={alone.subject}")
    assert customer.name in shown
    assert "Shall we meet?" in kept
    assert member.gmail.get(f"messages/{alone.copies[member.email]}")["id"]
    member.connects(path="/mailboxes", address=member.email)
    later = product.receives(customer, member.email, text="The price is 1,100.")
    assert "1,100" in robin.page(robin.conversation(later.subject))
    assert "Text removed" in robin.page(pages[0])


@pytest.mark.contract("K-31", "K-34", "K-35")
def test_access_that_was_withdrawn_at_google_is_noticed_and_flagged(product: Product) -> None:
    member, customer = product.newcomer(), product.customer()
    member.connects()
    kept = product.receives(customer, member.email)
    revoked = {"kind": "token_revoke", "match": {"user": member.email}}
    product.company.simulator.post("/simulator/faults", revoked)
    product.waits(minutes=16)
    product.waits(minutes=3)
    assert "Disconnected" in flag(member, member)
    assert "Connect Gmail again" in member.page("/settings/email")
    assert member.sees(kept)


@pytest.mark.contract("K-37", "K-38")
def test_a_message_taken_out_here_stays_in_gmail_and_the_question_says_so(
    product: Product, robin: Member
) -> None:
    mail = product.receives(product.customer())
    conversation = robin.conversation(mail.subject)
    question = robin.link(conversation, "Take out")
    assert "to remove it there, delete it by hand" in robin.page(question)
    assert "taken out of the timeline" in robin.sends(question)
    assert not robin.sees(mail)
    assert robin.gmail.get(f"messages/{mail.copies[robin.email]}")["id"]


@pytest.mark.contract("K-39")
def test_spam_and_blocked_senders_are_left_to_gmail_and_the_page_says_so(robin: Member) -> None:
    page = robin.page("/settings/email")
    assert "Spam and blocked senders are managed in Gmail, not here." in page


@pytest.mark.contract("K-40", "K-41")
def test_before_one_mail_goes_to_many_its_author_is_warned_of_what_google_may_do(
    product: Product, robin: Member
) -> None:
    people = [one.address for one in (*product.customers(3), *product.customers(3))]
    letter = {"to": ", ".join(people), "subject": "News", "body_text": "News of us"}
    refused = robin.post("/conversations", **letter)
    assert refused.status_code == 422
    told = words(refused)
    assert "may block your address for a time or for good, for sending or receiving" in told
    assert "Spam, abuse, complaints of customers and sheer volume trigger that" in told
    assert 'href="https://support.google.com/a/answer/166852"' in refused.get_data(as_text=True)
    product.waits(minutes=2)
    assert robin.sent("News") == []
    assert "may block" not in words(robin.post("/conversations/recipients", to=people[0]))


@pytest.mark.contract("K-42")
def test_every_page_is_open_without_any_plan(ana: Member) -> None:
    pages = ["/", "/settings/email", GMAIL, "/setup"]
    found = {link for page in pages for link in re.findall(r'href="(/[a-z/-]*)"', ana.html(page))}
    assert {"/conversations", "/accounts", "/settings/policies", "/settings/team"} <= found
    for path in sorted(found):
        answer = ana.get(path)
        assert answer.status_code < 400, (path, answer.status_code)
        assert "upgrade" not in words(answer).lower(), path
