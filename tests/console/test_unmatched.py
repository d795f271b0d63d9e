"""Unmatched people: of one's own mail only; made contacts, added, ignored, never logged."""

import re
from dataclasses import replace

import pytest

from backend.queries.unmatched import unmatched_people
from tests.console.conftest import member, words
from tests.support.company import ANA, DANA, KIM, ROBIN, Company

LEE = "Lee Ward <lee@newco.example>"
EVE = "Eve Stone <eve@colleague-only.example>"


@pytest.fixture
def met(quiet_company: Company) -> Company:
    """Robin has mail of strangers, and Kim of another."""
    company = quiet_company
    company.receives(ROBIN, **{"from": LEE, "subject": "Pilot for NewCo"})
    company.receives(ROBIN, **{"from": LEE, "subject": "Pilot, again"})
    company.receives(ROBIN, **{"from": "Ida Holm <ida@private.example>", "subject": "Dinner"})
    company.receives(ROBIN, **{"from": "no-reply@shop.example", "subject": "Your parcel"})
    company.receives(KIM, **{"from": EVE, "subject": "For Kim only"})
    for email in (ROBIN, KIM):
        company.connected(email)
    return company


def tokens(page: str) -> list[str]:
    return re.findall(r"/unmatched/ignored/([0-9a-f]+)", page)


def test_each_sees_the_people_of_their_own_mail_and_nothing_is_stored(met: Company) -> None:
    robin = member(met, ROBIN)
    page = robin.page("/unmatched")
    assert "Lee Ward lee@newco.example 2 emails" in page
    assert "Pilot, again" in page
    assert "Eve Stone" not in page
    assert "colleague-only" not in page
    assert "Eve Stone" in member(met, KIM).page("/unmatched")
    as_kim = replace(met.actor(KIM), behind=met.actor(ANA).member_id, behind_name="Ana Lindt")
    assert unmatched_people(met.deps, as_kim).lines == ()
    stored = met.dump()
    assert "newco.example" not in stored
    assert "Pilot, again" not in stored
    shop = robin.get("/unmatched").get_data(as_text=True).partition("no-reply@shop.example")[2]
    assert "Create contact" not in shop.partition("</li>")[0]


def test_a_contact_is_made_with_their_earlier_mail(met: Company) -> None:
    robin = member(met, ROBIN)
    form = {"name": "Lee Ward", "email": "lee@newco.example", "nonce": "from-the-queue"}
    answer = robin.post("/unmatched/contacts", **form)
    assert "Lee Ward is a contact." in robin.follow(answer)
    met.work()
    assert "Lee Ward" not in robin.page("/unmatched")
    kept = "SELECT count(*) FROM messages WHERE subject LIKE 'Pilot%%'"
    assert met.value(kept) == 2
    wrong = robin.post(
        "/unmatched/contacts", name="X", email="no-reply@shop.example", nonce="n-2-x"
    )
    assert wrong.status_code == 422


def test_an_address_is_added_to_a_contact(met: Company) -> None:
    robin = member(met, ROBIN)
    form = {"email": "lee@newco.example", "contact": DANA}
    assert robin.post("/unmatched/addresses", **form).status_code == 303
    met.work()
    owner = "SELECT c.name FROM contacts c JOIN contact_addresses a ON a.contact_id = c.id"
    assert met.value(f"{owner} WHERE a.key = 'lee@newco.example'") == "Dana Reyes"
    assert met.value("SELECT count(*) FROM messages WHERE subject LIKE 'Pilot%%'") == 2
    nobody = robin.post("/unmatched/addresses", email="x@y.example", contact="who@where.example")
    assert nobody.status_code == 422
    assert "There is no contact with this address" in words(nobody)


def test_ignored_and_never_logged_people_are_not_suggested(met: Company) -> None:
    robin = member(met, ROBIN)
    html = robin.get("/unmatched").get_data(as_text=True)
    lee = tokens(html[html.index("lee@newco.example") :])[0]
    assert "Undo" in robin.follow(robin.post(f"/unmatched/ignored/{lee}"))
    assert "Lee Ward" not in robin.page("/unmatched")
    assert "Lee Ward" in robin.page("/unmatched?show=ignored")
    robin.post(f"/unmatched/ignored/{lee}/return")
    assert "Lee Ward" in robin.page("/unmatched")
    robin.post("/unmatched/never-log", email="ida@private.example")
    assert "Ida Holm" not in robin.page("/unmatched")
    assert "ida@private.example" in robin.page("/settings/never-log")
    assert robin.post("/unmatched/ignored/zz").status_code == 422
    assert "Your Gmail is not connected" in member(met, ANA).page("/unmatched")
