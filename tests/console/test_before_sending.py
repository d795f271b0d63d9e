"""What stops or is named before a mail leaves: variables nobody filled in, people who left."""

import pytest

from tests.console.conftest import Visitor, words
from tests.support.company import DANA, ROBIN, Company

LETTER = {"to": DANA, "subject": "Renewal", "body_text": "Hi Dana"}


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        pytest.param({"body_text": "Hi {{first_name}},"}, "“{{first_name}}”", id="braces"),
        pytest.param({"subject": "For [Company Name]"}, "“[Company Name]”", id="in the subject"),
    ],
)
def test_variables_nobody_filled_in_stop_the_mail(
    connected: Visitor, quiet_company: Company, changed: dict[str, str], named: str
) -> None:
    letter = {**LETTER, **changed}
    answer = connected.post("/conversations", **letter)
    assert answer.status_code == 422
    assert f"{named} was not filled in" in words(answer)
    assert 'name="literal"' in answer.get_data(as_text=True)
    meant = connected.post("/conversations", literal="yes", **letter)
    assert meant.status_code == 303
    pending = quiet_company.value("SELECT id FROM pending_messages")
    assert connected.post(f"/pending/{pending}", version=1, **letter).status_code == 422


def test_whoever_unsubscribed_or_bounced_is_named_in_every_form(
    connected: Visitor, quiet_company: Company
) -> None:
    quiet_company.receives(ROBIN, **{"from": DANA, "subject": "Pilot"})
    quiet_company.connected(ROBIN)
    connected.post("/conversations", **LETTER, when="delay", delay="1", delay_unit="days")
    contact = quiet_company.value("SELECT id FROM contacts WHERE name = 'Dana Reyes'")
    connected.post("/contacts/subscriptions", to="unsubscribed", contact=contact)
    thread = quiet_company.value("SELECT id FROM conversations")
    pending = quiet_company.value("SELECT id FROM pending_messages")
    message = quiet_company.value("SELECT id FROM messages")
    new, edit = f"/conversations/new?to={DANA}", f"/pending/{pending}/edit"
    for form in (new, f"/conversations/{thread}", edit):
        assert f"To: {DANA} unsubscribed on " in connected.page(form), form
    again = connected.post(f"/messages/{message}/forward", to=DANA, subject="", body_text="")
    assert f"To: {DANA} unsubscribed on " in words(again)
