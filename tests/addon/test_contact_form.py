"""A contact form's mail: its Reply-To is somebody we know, and one click logs it."""

import pytest

from tests.addon.panel import Panel
from tests.support.office import DANA, ROBIN, Office
from tests.support.open_mail import copies

FORM = {"to": [ROBIN], "headers": {"Reply-To": f"Dana Reyes <{DANA}>"}}


@pytest.mark.parametrize("sender", ["forms@site.example", "website@lumenworks.example"])
def test_a_contact_form_offers_the_contact_whom_answers_go_to(
    panel: Panel, office: Office, sender: str
) -> None:
    card = panel.open(copies(office, {**FORM, "from": f"Website <{sender}>"})[ROBIN])
    assert card.title == "Dana Reyes"
    assert f"{DANA}, who is known, stands only in Reply-To" in card.text()
    assert "Logged to Northwind Traders | By you" in card.press("Log").text()
    assert office.rows("SELECT role, address FROM participants ORDER BY role")[0] == (
        "from",
        sender,
    )
    assert office.value("SELECT last_reply_at FROM contacts WHERE name = 'Dana Reyes'") is None
