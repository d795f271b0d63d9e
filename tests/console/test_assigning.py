"""Contacts are assigned to a colleague on their page and in the list, and lists narrow to them."""

import pytest

from backend.domain.ids import ContactId
from backend.jobs import JobName
from tests.console.conftest import Visitor
from tests.support.company import DANA, KIM, ROBIN, STRANGER, Company

OMAR = "omar@northwind.example"


def contact_of(company: Company, key: str) -> ContactId:
    return ContactId(company.value("SELECT contact_id FROM contact_addresses WHERE key = %s", key))


def test_a_contact_is_assigned_on_their_page(quiet_company: Company, kim: Visitor) -> None:
    dana, robin = contact_of(quiet_company, DANA), quiet_company.actor(ROBIN).member_id
    back = f"/contacts/{dana}"
    answer = kim.post("/contacts/assignments", contact=str(dana), member=str(robin), back=back)
    page = kim.follow(answer)
    assert answer.headers["Location"].endswith(back)
    assert "1 contact changed hands." in page
    assert f'<option value="{robin}" selected>' in kim.get(back).get_data(as_text=True)
    kim.post("/contacts/assignments", contact=str(dana), member="nobody", back=back)
    assert quiet_company.value("SELECT assigned_to FROM contacts WHERE id = %s", dana) is None


def test_the_list_shows_assigns_and_narrows(quiet_company: Company, kim: Visitor) -> None:
    dana, omar = contact_of(quiet_company, DANA), contact_of(quiet_company, OMAR)
    robin = quiet_company.actor(ROBIN).member_id
    kim.post("/contacts/assignments", contact=[str(dana), str(omar)], member=str(robin))
    mine = kim.page(f"/contacts?assigned={robin}")
    assert "Dana Reyes" in mine
    assert "Omar Lund" in mine
    assert "Mei Tan" not in mine
    assert "Dana Reyes" not in kim.page("/contacts?assigned=nobody&q=Dana")
    assert "Mei Tan" in kim.page("/contacts?assigned=nobody&q=Mei")


def test_nobody_is_assigned_to_whoever_is_not_there(quiet_company: Company, kim: Visitor) -> None:
    dana = str(contact_of(quiet_company, DANA))
    assert kim.post("/contacts/assignments", contact=dana, member="").status_code == 422
    assert kim.post("/contacts/assignments", contact=dana, member="999999").status_code == 404


@pytest.mark.contract("D-19", "H-14", "H-17")
def test_with_the_switch_mail_goes_to_the_assigned_member_only(
    quiet_company: Company, ana: Visitor
) -> None:
    company = quiet_company
    dana, robin = contact_of(company, DANA), company.actor(ROBIN).member_id
    boxes = [company.connected(who) for who in (ROBIN, KIM)]
    saved = ana.post("/settings/policies/D-19", **{"match.require_assignment": "on"})
    assert "Saved: Assigned contacts only." in ana.follow(saved)

    def arrives(sender: str) -> list[str]:
        """One mail to both; what was decided in the two mailboxes."""
        company.receives(ROBIN, KIM, **{"from": sender})
        for box in boxes:
            company.deps.jobs.enqueue(JobName.SYNC_MAILBOX, *company.key(box))
        company.work()
        query = (
            "SELECT outcome || ':' || reason FROM decisions d WHERE mailbox_id = %s"
            " ORDER BY decided_at DESC LIMIT 1"
        )
        return [company.value(query, box) for box in boxes]

    assert arrives(DANA) == ["skipped:not_assigned", "skipped:not_assigned"]
    ana.post("/contacts/assignments", contact=str(dana), member=str(robin))
    assert arrives(DANA) == ["kept:matched_sender", "skipped:not_assigned"]
    assert arrives(STRANGER) == ["skipped:nobody_known", "skipped:nobody_known"]
    ana.post("/settings/policies/D-19", **{"match.require_assignment": "off"})
    assert arrives(OMAR) == ["kept:matched_sender", "kept:matched_sender"]
