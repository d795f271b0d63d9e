"""A contact is added in the console, with what led there filled in."""

from tests.console.conftest import Visitor, words
from tests.support.company import Company


def test_a_contact_is_added_with_what_led_there(robin: Visitor, quiet_company: Company) -> None:
    asked = {"name": "Ward, Lee", "email": "lee@northwind.example"}
    page = robin.client.get("/contacts/new", query_string=asked).get_data(as_text=True)
    for value in ("Lee Ward", "lee@northwind.example", "Northwind Traders"):
        assert f'value="{value}"' in page, value
    wrong = {"name": "Lee Ward", "email": "lee@", "account": "Typed <Account>"}
    answer = robin.post("/contacts", **wrong)
    assert answer.status_code == 422
    assert 'value="Typed &lt;Account&gt;"' in answer.get_data(as_text=True)
    assert "lee@ is not a usable email address. Correct it." in words(answer)
    right = {**wrong, "email": "lee@northwind.example", "account": "northwind traders"}
    assert "Lee Ward is a contact now." in robin.follow(robin.post("/contacts", **right))
    robin.post("/contacts", **right)
    rows = quiet_company.rows("""
        SELECT c.name, a.name FROM contacts c
          JOIN account_contacts m ON m.contact_id = c.id JOIN accounts a ON a.id = m.account_id
         WHERE c.name = 'Lee Ward'
    """)
    assert rows == [("Lee Ward", "Northwind Traders")]
    blocked = robin.post("/contacts", name="Kim", email="new@lumenworks.example")
    assert blocked.status_code == 422
