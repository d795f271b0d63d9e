"""Whom mail goes to: everybody of the last mail, people found by their names, pasted lists."""

import re
from html import unescape

import pytest

from tests.console.conftest import Visitor, words
from tests.support.company import DANA, KIM, ROBIN, Company


def fields(page: str) -> dict[str, str]:
    """To and Cc in the form."""
    inputs = re.findall(r"<input[^>]*>", page)
    named = {name: one for one in inputs for name in re.findall(r'name="(to|cc)"', one)}
    return {name: unescape(re.findall(r'value="([^"]*)"', one)[0]) for name, one in named.items()}


def test_everybody_of_the_last_mail_is_answered_but_not_oneself(
    connected: Visitor, quiet_company: Company
) -> None:
    quiet_company.receives(
        *("Robin Vale <ROBIN@lumenworks.example>", "Petra <petra@northwind.example>"),
        **{
            "from": DANA,
            "cc": ["Omar Lund <omar@northwind.example>", "Kim Doyle <KIM@lumenworks.example>"],
            "subject": "Hello",
        },
    )
    quiet_company.connected(ROBIN)
    thread = quiet_company.value("SELECT id FROM conversations")
    page = connected.get(f"/conversations/{thread}").get_data(as_text=True)
    assert fields(page) == {"to": DANA, "cc": ""}
    assert "Reply all" in page
    page = connected.get(f"/conversations/{thread}?reply=all").get_data(as_text=True)
    assert fields(page) == {
        "to": f"{DANA}, Petra <petra@northwind.example>",
        "cc": "Omar Lund <omar@northwind.example>, Kim Doyle <KIM@lumenworks.example>",
    }
    connected.post(f"/conversations/{thread}/replies", body_text="Yes", **fields(page))
    to, cc = quiet_company.rows('SELECT "to", cc FROM pending_messages')[0]
    assert [one["key"] for one in to] == [DANA, "petra@northwind.example"]
    assert [one["key"] for one in cc] == ["omar@northwind.example", KIM]


@pytest.mark.parametrize(
    ("typed", "keys"),
    [
        pytest.param('"Reyes, Dana" <dana@northwind.example>', [DANA], id="a quoted name"),
        pytest.param("Reyes, Dana <dana@northwind.example>", [DANA], id="an unquoted one"),
        pytest.param("reyes", [DANA], id="a last name"),
        pytest.param("Réyes Dána", [DANA], id="a name with accents"),
        pytest.param(
            "Reyes, Dana <dana@northwind.example>; Lund, Omar <omar@northwind.example>",
            [DANA, "omar@northwind.example"],
            id="a list of Outlook's",
        ),
        pytest.param("mailto:dana@northwind.example\n", [DANA], id="a copied link"),
    ],
)
def test_people_are_taken_as_they_are_typed_or_pasted(
    connected: Visitor, quiet_company: Company, typed: str, keys: list[str]
) -> None:
    connected.post("/conversations", to=typed, subject="Hi", body_text="Hello")
    row = quiet_company.rows('SELECT "to" FROM pending_messages')
    assert [one["key"] for one in row[0][0]] == keys


def test_a_name_of_several_is_asked_about_and_contacts_are_suggested(connected: Visitor) -> None:
    answer = connected.post("/conversations", to="o", subject="Hi", body_text="Hello")
    assert answer.status_code == 422
    assert "“o” is more than one contact: " in words(answer)
    for typed in ("Dána Rey", "Reyes, Petra <petra@northwind.example>"):
        asked = connected.post("/conversations", to=typed, subject="Hi", body_text="Hello")
        assert asked.status_code == 422, "the only Reyes there is, but was she meant?"
        assert "may not be Dana Reyes <dana@northwind.example>. Choose" in words(asked)
    found = connected.get("/contacts/suggested?q=REYES").get_json()
    assert found[0]["entry"] == "Dana Reyes <dana@northwind.example>"
    assert connected.get("/contacts/suggested?q=").get_json() == []
    assert connected.get("/contacts?q=reyes+dana").get_data(as_text=True).count("Dana Reyes") > 0
