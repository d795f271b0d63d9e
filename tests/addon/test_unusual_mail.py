"""Mail beside which the panel says something of its own: that of a contact form, and a draft."""

import base64

import pytest

from tests.addon.panel import Panel
from tests.support.company import DANA, KIM, ROBIN, Company
from tests.support.open_mail import copies

FORM = {"to": [ROBIN], "headers": {"Reply-To": f"Dana Reyes <{DANA}>"}}


@pytest.mark.parametrize("sender", ["forms@site.example", "website@lumenworks.example"])
def test_a_contact_form_offers_the_contact_whom_answers_go_to(
    panel: Panel, company: Company, sender: str
) -> None:
    card = panel.open(copies(company, {**FORM, "from": f"Website <{sender}>"})[ROBIN])
    assert card.title == "Dana Reyes"
    assert f"{DANA}, who is known, is only in Reply-To" in card.text()
    assert "Logged to Northwind Traders | By you" in card.press("Log").text()
    assert company.rows("SELECT role, address FROM participants ORDER BY role")[0] == (
        "from",
        sender,
    )
    assert company.value("SELECT last_reply_at FROM contacts WHERE name = 'Dana Reyes'") is None


def test_a_draft_says_that_it_is_one(panel: Panel, company: Company) -> None:
    raw = base64.urlsafe_b64encode(f"To: {DANA}\r\nSubject: Not yet\r\n\r\nHi".encode()).decode()
    draft = company.gmail(ROBIN).post("drafts", {"message": {"raw": raw}})["message"]["id"]
    card = panel.open(draft)
    assert card.title == "Draft"
    assert "This is a draft. Drafts are never logged." in card.text()
    assert "never-log list" not in card.text()
    assert not card.has_button("Log")


@pytest.mark.parametrize(
    ("sender", "title"),
    [(KIM, "Internal email"), ("lee@else.example", "Not a contact yet")],
)
@pytest.mark.parametrize(
    ("inner", "said"),
    [
        (f"Dana Reyes <{DANA}>", f"mail of Dana Reyes ({DANA}), a contact of Northwind Traders."),
        ("Pat <pat@x.example>", "mail of Pat (pat@x.example), who is not a contact."),
    ],
)
def test_a_forwarded_mail_is_said_to_be_one_and_nothing_is_done_in_that_name(
    panel: Panel, company: Company, sender: str, title: str, inner: str, said: str
) -> None:
    text = f"---------- Forwarded message ---------\nFrom: {inner}\nSubject: Offer\n\nHello"
    mail = {"from": sender, "to": [ROBIN], "subject": "Fwd: Offer", "text": text}
    card = panel.open(copies(company, mail)[ROBIN])
    assert card.title == title
    assert said in card.text()
    assert not card.has_button("Log")
    assert card.has_button("Add Pat") == ("not a contact" in said)
    assert company.value("SELECT count(*) FROM messages") == 0
