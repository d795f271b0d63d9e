"""What somebody forwards is suggested as somebody's, and is filed under who forwarded it."""

import pytest

from tests.console.conftest import Visitor, words
from tests.support.company import DANA, KIM, ROBIN, Company

MARKED = """See below.

---------- Forwarded message ---------
From: {name} <{address}>
Date: Tue, 3 Nov 2026 at 09:12
Subject: Offer for the pilot
To: Dana Reyes <dana@northwind.example>

We could begin in May.
"""
ATTRIBUTED = """FYI

On 3 Nov 2026, {name} <{address}> wrote:
> We could begin in May.
"""


def shown(company: Company, visitor: Visitor, text: str, **mail: str) -> str:
    company.receives(ROBIN, **{"from": DANA, "subject": "Fwd: Offer", "text": text, **mail})
    company.connected(ROBIN)
    number = company.value("SELECT id FROM conversations")
    return words(visitor.get(f"/conversations/{number}"))


@pytest.mark.parametrize("text", [MARKED, ATTRIBUTED])
@pytest.mark.parametrize(
    ("name", "address", "said"),
    [
        ("Lee Ward", "lee@else.example", "Nobody known has this address"),
        ("Jon Bell", "jon@adatum.example", "Nothing proves it, so it is not filed under them"),
    ],
)
def test_a_forwarded_mail_is_suggested_and_never_filed_as_theirs(
    quiet_company: Company, robin: Visitor, text: str, name: str, address: str, said: str
) -> None:
    page = shown(quiet_company, robin, text.format(name=name, address=address))
    assert "By its text, it forwards an email from" in page
    assert f"{name} ({address})" in page
    assert said in page
    assert ("Add them as a contact" in page) == (name == "Lee Ward")
    assert quiet_company.rows("SELECT address FROM participants WHERE role = 'from'") == [(DANA,)]
    names = quiet_company.rows(
        "SELECT c.name FROM conversation_contacts k JOIN contacts c ON c.id = k.contact_id"
    )
    assert names == [("Dana Reyes",)]
    assert "Adatum" not in page


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Re: Offer", ATTRIBUTED.format(name="Lee Ward", address="lee@else.example")),
        ("Fwd: Offer", MARKED.format(name="Kim Doyle", address=KIM)),
        ("Fwd: Offer", "Nothing inside."),
    ],
)
def test_an_answer_and_mail_of_ours_are_no_forwarded_mail(
    quiet_company: Company, robin: Visitor, subject: str, text: str
) -> None:
    assert "By its text, it forwards an email from" not in shown(
        quiet_company, robin, text, subject=subject
    )
