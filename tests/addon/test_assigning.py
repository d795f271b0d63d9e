"""The panel says to whom a person is assigned, and takes them over or gives them up (D-19)."""

import pytest

from tests.addon.panel import Panel
from tests.support.company import DANA, KIM, ROBIN, Company
from tests.support.open_mail import mail_from_dana

HOLDER = """
SELECT t.email FROM contacts c JOIN team_members t ON t.id = c.assigned_to
  JOIN contact_addresses a ON a.contact_id = c.id WHERE a.key = %s"""


@pytest.mark.contract("D-19", "H-14")
def test_a_rep_takes_a_person_over_and_gives_them_up(panel: Panel, company: Company) -> None:
    mail = mail_from_dana(company)
    shown = panel.open(mail[ROBIN])
    assert "Assigned to | Nobody" in shown.text()
    mine = shown.press("Assign to me")
    assert mine.notice == "Assigned to you"
    assert "Assigned to | Robin Vale" in mine.text()
    assert company.rows(HOLDER, DANA) == [(ROBIN,)]

    theirs = panel.open(mail[KIM], KIM).press("Take over")
    assert "Assigned to | Kim Doyle" in theirs.text()
    given_up = theirs.press("Unassign")
    assert given_up.notice == "Assigned to nobody"
    assert company.rows(HOLDER, DANA) == []
