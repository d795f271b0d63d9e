"""H, first part: what two-way sync does, how it is connected, moved and ended."""

from html import unescape
from io import BytesIO
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
from werkzeug.datastructures import FileStorage

from tests.console.conftest import at, words
from tests.console.test_attaching import send_whole
from tests.contract.member import Member
from tests.contract.product import Mail, Product
from tests.support.company import ANA, KIM, ROBIN

SETTINGS = "/settings/email"


@pytest.mark.contract("H-1", "H-3", "H-5")
def test_mail_sent_received_or_updated_in_gmail_is_reflected(
    product: Product, robin: Member
) -> None:
    customer = product.customer()
    assert robin.sees(product.receives(customer))
    assert robin.sees(robin.sends_by_hand(customer, subject="By hand in Gmail"))
    spam = product.receives(customer, labels=["SPAM"])
    assert not robin.sees(spam)
    robin.gmail.post(
        f"messages/{spam.copies[ROBIN]}/modify",
        {"removeLabelIds": ["SPAM"], "addLabelIds": ["INBOX"]},
    )
    product.notified(ROBIN)
    assert robin.sees(spam)


@pytest.mark.contract("H-2", "H-12", "H-18", "H-20", "H-31", "H-32", "H-44", "H-50")
def test_mail_written_here_leaves_by_gmail_stands_in_its_sent_mail_and_starts_the_thread(
    product: Product, robin: Member
) -> None:
    customer = product.customer()
    pending = robin.writes(customer, subject="Started here")
    product.waits(minutes=2)
    (sent,) = robin.left(pending)
    assert ROBIN in str(sent["From"])
    assert customer.address in str(sent["To"])
    assert [one["Message-ID"] for one in robin.sent("Started here")] == [sent["Message-ID"]]
    mail = Mail("Started here", str(sent["Message-ID"]).strip("<>"), {ROBIN: ""})
    product.answers(customer, mail, text="Gladly, on Monday.")
    conversation = robin.conversation("Started here")
    assert "Gladly, on Monday." in robin.page(conversation)
    robin.replies(conversation, customer, text="See you then.")
    product.waits(minutes=2)
    assert "3 messages" in robin.page(conversation)
    assert "1 conversation " in robin.page("/conversations?q=Started+here")


@pytest.mark.contract("H-4")
def test_a_contact_is_created_and_the_conversation_added_from_within_gmail(
    product: Product, robin: Member
) -> None:
    mail = product.receives("Lee Ward <lee@newco.example>")
    assert not robin.sees(mail)
    form = robin.opens(mail)
    added = form.press("Add contact", form.fields())
    assert added.notice.startswith("Lee Ward added")
    assert "Logged to Newco | By you, just now" in added.text()
    assert robin.sees(mail)


@pytest.mark.contract("H-6", "H-7", "H-11")
def test_the_profile_with_its_sync_shows_the_address_and_only_to_members(
    product: Product, ana: Member
) -> None:
    member = product.newcomer(name="Leaving Soon")
    assert member.get("/settings/profile").headers["Location"] == SETTINGS
    assert "Connect Gmail" in member.page(SETTINGS).partition("Email (2-way sync)")[2]
    member.connects()
    assert member.email in member.page(SETTINGS).partition("Email (2-way sync)")[2]
    ana.sends(ana.action("/settings/team", member.email, "/role").replace("/role", "/removal"))
    assert member.get(SETTINGS).headers["Location"] == f"/signin?next={SETTINGS}"
    product.google_has("noor@elsewhere.example", "Noor Aziz")
    stranger = product.visitor()
    assert stranger.get(SETTINGS).headers["Location"] == f"/signin?next={SETTINGS}"


@pytest.mark.contract("H-9")
def test_connect_offers_the_google_accounts_of_the_browser(product: Product) -> None:
    member = product.newcomer()
    consent = at(member.post("/mailbox/connection"))
    chooser = requests.get(consent, timeout=20).text
    assert all(account in chooser for account in (ROBIN, KIM, ANA, member.email))
    asked = dict(parse_qsl(urlsplit(consent).query))
    assert "select_account" in asked["prompt"], "or Google takes the account it saw last"


@pytest.mark.contract("H-10")
@pytest.mark.parametrize(
    ("scope", "named"),
    [
        ("https://www.googleapis.com/auth/gmail.readonly", "View your email messages"),
        ("https://www.googleapis.com/auth/gmail.send", "Send email on your behalf"),
    ],
)
def test_a_partial_grant_is_refused_and_names_what_is_missing(
    product: Product, scope: str, named: str
) -> None:
    member = product.newcomer()
    told = member.follow(member.allows(member.post("/mailbox/connection"), untick=(scope,)))
    assert named in unescape(told)
    assert "Click to start authentication" in told


@pytest.mark.contract("H-13", "H-37", "H-40")
def test_mail_of_a_contact_is_filed_by_itself_and_stays_in_the_inbox(
    product: Product, robin: Member
) -> None:
    customer = product.customer()
    mail = product.receives(customer)
    account = robin.link(f"/accounts?q={customer.account}", customer.account)
    assert mail.subject in robin.page(account)
    assert "INBOX" in robin.gmail.get(f"messages/{mail.copies[ROBIN]}")["labelIds"]
    assert "stays in your Gmail inbox" in robin.page("/help/connecting")
    assert "filed under them by itself" in robin.page("/help/what-is-logged")


@pytest.mark.contract("H-14", "H-17", "D-19")
def test_where_it_is_chosen_mail_comes_only_to_whom_the_contact_is_assigned(
    product: Product, robin: Member, kim: Member, ana: Member
) -> None:
    kim.at_work()
    customer = product.customer()
    with ana.chooses("D-19", **{"match.require_assignment": "on"}):
        assert not robin.sees(product.receives(customer))
        contact = robin.link(f"/contacts?q={customer.address}", customer.name).rpartition("/")[2]
        page = kim.html(f"/contacts/{contact}")
        number = (
            page.partition(">Robin Vale</option>")[0].rpartition('value="')[2].partition('"')[0]
        )
        kim.sends("/contacts/assignments", contact=contact, member=number)
        assert robin.sees(product.receives(customer, ROBIN))
        assert not robin.sees(product.receives(customer, KIM))
    assert robin.sees(product.receives(customer, KIM))


@pytest.mark.contract("H-19", "D-9")
def test_what_is_beyond_the_limit_fails_where_the_workspace_wants_it_so(
    product: Product, ana: Member
) -> None:
    member = product.newcomer().at_work()
    member.settles_on(daily_limit="1")
    customer = product.customer()
    with ana.chooses("D-9", **{"send.over_limit": "fail"}):
        first = member.writes(customer, subject="Within")
        product.waits(minutes=2)
        second = member.writes(customer, subject="Beyond")
        product.waits(minutes=2)
    assert [len(member.left(one)) for one in (first, second)] == [1, 0]
    assert "Beyond" in member.page("/conversations/pending?view=failed").partition("Goes out")[2]


@pytest.mark.contract("H-21")
def test_files_of_25_mb_are_sent_and_larger_ones_refused_with_the_reason(
    product: Product, robin: Member
) -> None:
    customer = product.customer()
    assert "At most 25 MB together" in robin.page("/conversations/new")
    letter = {"to": customer.address, "subject": "Files", "body_text": "Attached."}
    plan = FileStorage(BytesIO(b"some bytes"), "plan.pdf", content_type="application/pdf")
    pending = at(robin.post("/conversations", **letter, files=[plan]))
    large = send_whole(robin, "film.mp4", bytes(25 * 1024 * 1024 + 1))
    assert large.status_code == 422
    assert "the limit is 25 MB of attachments" in words(large)
    product.waits(minutes=2)
    (mail,) = robin.left(pending)
    assert [one.get_filename() for one in mail.iter_attachments()] == ["plan.pdf"]


@pytest.mark.contract("H-22", "H-23", "H-24")
def test_update_email_moves_to_another_address_and_the_old_one_is_read_no_more(
    product: Product,
) -> None:
    member, customer = product.newcomer().at_work(), product.customer()
    new = f"new.{member.email}"
    product.google_has(new, "New Name")
    mail = product.receives(customer, member.email)
    moving = member.allows(member.post(member.link(SETTINGS, "Update email"), address=new), new)
    assert f"It replaces {member.email}" in member.follow(moving)
    member.post(at(moving), display_name="New Name")
    product.works()
    assert new in member.page(SETTINGS).partition("(2-way sync)")[2]
    pending = member.writes(customer, subject="From the new address")
    product.waits(minutes=2)
    assert [one["mailbox"] for one in product.departures(pending)] == [new]
    late = product.mail(
        customer, member.email, subject=f"Re: {mail.subject}", in_reply_to=[mail.message_id]
    )
    product.waits(minutes=16)
    assert "1 message" in member.page(member.conversation(mail.subject))
    assert late.copies
    assert member.sees(product.receives(customer, new))


@pytest.mark.contract("H-25", "H-26", "H-38", "H-39")
def test_after_disconnecting_nothing_syncs_and_what_was_synced_stays(product: Product) -> None:
    member, customer = product.newcomer().at_work(), product.customer()
    kept = product.receives(customer, member.email)
    assert "What was synced before stays here" in member.page("/mailbox/disconnection")
    member.sends("/mailbox/disconnection")
    missed = product.receives(customer, member.email)
    product.waits(minutes=16)
    assert (member.sees(kept), member.sees(missed)) == (True, False)
    letter = {"to": customer.address, "subject": "No way", "body_text": "Hi"}
    assert "not connected" in member.is_refused("/conversations", **letter)
    help_page = member.page("/help/connecting")
    assert "Nothing that was synced is deleted" in help_page
    assert "Mail sent or received afterwards is not synced" in help_page
