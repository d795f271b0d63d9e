"""A member's own email settings: the mailbox, limits, windows, the own copy, the signature."""

import re
from typing import Any

import pytest

from tests.console.conftest import Visitor, at, member, words
from tests.support.company import DANA, KIM, ROBIN, Company

CONNECTED = "SELECT count(*) FROM mailboxes WHERE sealed_token IS NOT NULL"
KEPT = {
    "daily_limit": "250",
    "hourly_limit": "60",
    "always_bcc": "",
    "signature": "Robin Vale",
    "time_zone": "Europe/Berlin",
}


def saved(company: Company) -> tuple[Any, ...]:
    return company.rows(
        "SELECT daily_limit, hourly_limit, always_bcc, signature_html, time_zone"
        " FROM team_members WHERE email_key = %s",
        ROBIN,
    )[0]


@pytest.mark.contract("V-28", "S-40", "S-43")
def test_before_connecting_the_page_starts_authentication(robin: Visitor) -> None:
    text = robin.page("/settings/email")
    assert "Click to start authentication" in text
    assert "Authenticated" not in text
    assert text.endswith("managed in Gmail, not here.")
    assert "Last sync: not yet" in text


@pytest.mark.contract("V-25", "S-6", "S-7", "S-40", "K-7", "K-21", "H-11")
def test_connecting_goes_by_way_of_google_and_starts_the_import(
    robin: Visitor, quiet_company: Company
) -> None:
    question = robin.back_from_google(robin.post("/mailbox/connection"), ROBIN)
    asked = robin.follow(question)
    assert "Connect this mailbox?" in asked
    assert ROBIN in asked
    assert "Nothing is connected before" in asked
    assert "Authenticated" not in robin.page("/settings/email")
    text = robin.follow(robin.post(at(question), display_name="Robin of Lumen"))
    settings = robin.get("/settings/email").get_data(as_text=True)
    assert re.search(r"Authenticated \(<a [^>]+>revoke</a>\)", settings)
    assert ROBIN in words(robin.get("/settings/email"))
    assert "Gmail is connected. The import has started." in text
    assert quiet_company.value("SELECT count(*) FROM import_runs") == 1
    shown = robin.page("/settings/integrations/gmail")
    assert f"{ROBIN} Robin Vale, shown as Robin of Lumen" in shown


def test_a_name_that_cannot_be_is_said_at_its_field_and_connects_nothing(
    robin: Visitor, quiet_company: Company
) -> None:
    question = robin.back_from_google(robin.post("/mailbox/connection"), ROBIN)
    answer = robin.post(at(question), display_name=" ")
    assert answer.status_code == 422
    assert "Write the name recipients shall see" in words(answer)
    assert quiet_company.value(CONNECTED) == 0
    assert at(robin.post(at(question), display_name="Robin")) == "/settings/email"
    again = robin.follow(robin.post(at(question), display_name="Robin"))
    assert "This was answered already" in again
    assert quiet_company.value(CONNECTED) == 1


@pytest.mark.contract("K-10")
def test_not_pressing_allow_leaves_nothing_connected_and_says_so(
    robin: Visitor, quiet_company: Company
) -> None:
    begun = robin.post("/mailbox/connection")
    text = robin.follow(robin.back_from_google(begun, ROBIN, cancel=True))
    assert "did not press Allow" in text
    assert "Click to start authentication" in text
    assert quiet_company.value(CONNECTED) == 0


def test_a_connection_begun_elsewhere_is_not_finished_here(
    robin: Visitor, quiet_company: Company
) -> None:
    other = member(quiet_company, KIM)
    text = robin.follow(robin.back_from_google(other.post("/mailbox/connection"), ROBIN))
    assert "not begun in this browser" in text
    question = other.back_from_google(other.post("/mailbox/connection"), KIM)
    assert "not begun in this browser" in robin.follow(robin.post(at(question), display_name="X"))
    assert quiet_company.value(CONNECTED) == 0


@pytest.mark.contract("K-12")
def test_the_display_name_of_a_mailbox_is_changed(
    connected: Visitor, quiet_company: Company
) -> None:
    text = connected.follow(connected.post("/mailbox/name", display_name="Lumen Success"))
    assert "Recipients see Lumen Success from now on" in text
    assert quiet_company.value("SELECT display_name FROM mailboxes") == "Lumen Success"
    assert connected.post("/mailbox/name", display_name="").status_code == 422


@pytest.mark.contract("V-35", "S-41", "H-25")
def test_disconnecting_asks_and_says_what_stays(connected: Visitor, quiet_company: Company) -> None:
    form = {"to": DANA, "subject": "Renewal", "body_text": "Hi", "when": "delay", "delay": "1"}
    letter = at(connected.post("/conversations", **form))
    assert "What was synced before stays here" in connected.page("/mailbox/disconnection")
    text = connected.follow(connected.post("/mailbox/disconnection"))
    assert "Connect Gmail again" in text
    assert quiet_company.value("SELECT state FROM mailboxes") == "disconnected"
    assert "Reconnect Gmail" in connected.page("/")
    assert "It will be held then, because the mailbox is disconnected." in connected.page(letter)


@pytest.mark.contract("V-29", "V-30", "VC-36", "VC-41", "VC-89")
def test_everything_is_saved_at_once(connected: Visitor, quiet_company: Company) -> None:
    answer = connected.post(
        "/settings/email",
        **{
            **KEPT,
            "daily_limit": "90",
            "hourly_limit": "20",
            "always_bcc": "crm@other.example",
            "signature": "Robin Vale\nLumen Works<script>x()</script>",
            "window-0-days": ["monday", "friday"],
            "window-0-start": "09:00",
            "window-0-end": "17:00",
            "window-1-days": ["saturday"],
            "window-1-start": "10:00",
            "window-1-end": "11:30",
        },
    )
    text = connected.follow(answer)
    assert "Saved. Pending mail follows the new settings." in text
    assert saved(quiet_company) == (
        *(90, 20, "crm@other.example"),
        *("Robin Vale<br>Lumen Works", "Europe/Berlin"),
    )
    windows = quiet_company.rows("SELECT days, starts::text, ends::text FROM sending_windows")
    assert ([1, 5], "09:00:00", "17:00:00") in windows
    assert ([6], "10:00:00", "11:30:00") in windows


def test_a_window_can_be_removed(connected: Visitor, quiet_company: Company) -> None:
    window = {"window-0-days": "monday", "window-0-start": "09:00", "window-0-end": "17:00"}
    connected.post("/settings/email", **KEPT, **window)
    connected.post("/settings/email", **KEPT, **window, **{"window-0-remove": "yes"})
    assert quiet_company.value("SELECT count(*) FROM sending_windows") == 0


@pytest.mark.contract("V-37", "D-8", "D-10")
@pytest.mark.parametrize(
    ("changed", "said"),
    [
        pytest.param({"daily_limit": "1001"}, "from 1 to 1000", id="over a thousand a day"),
        pytest.param({"daily_limit": "many"}, "from 1 to 1000", id="no number"),
        pytest.param({"hourly_limit": "61"}, "from 1 to 60", id="over sixty an hour"),
        pytest.param({"always_bcc": "nobody"}, "not an email address", id="a copy to nobody"),
        pytest.param({"time_zone": "Moon/Base"}, "Choose a time zone", id="no zone"),
        pytest.param({"window-0-start": "09:00"}, "at least one day", id="a window without days"),
        pytest.param(
            {"window-0-days": "monday", "window-0-start": "25:00", "window-0-end": "9"},
            "must be a time of day",
            id="a window without times",
        ),
    ],
)
def test_what_cannot_be_saved_is_said_at_its_field(
    connected: Visitor, quiet_company: Company, changed: dict[str, str], said: str
) -> None:
    before = saved(quiet_company)
    answer = connected.post("/settings/email", **{**KEPT, **changed})
    assert answer.status_code == 422
    assert said in words(answer)
    assert "Nothing has changed yet." in words(answer)
    assert saved(quiet_company) == before


@pytest.mark.contract("V-32", "V-38", "V-40", "VC-48", "VC-92", "K-39")
def test_the_page_says_why(robin: Visitor) -> None:
    text = robin.page("/settings/email")
    assert "Both limits keep Gmail from distrusting the sender" in text
    assert "looks as if a person wrote it" in text
    assert "forward a copy to another CRM" in text
    assert "Spam and blocked senders are managed in Gmail" in text
    assert "250" in robin.get("/settings/email").get_data(as_text=True)


def test_a_signature_of_lines_is_edited_as_lines(connected: Visitor) -> None:
    connected.post("/settings/email", **{**KEPT, "signature": "Robin\nVale"})
    text = connected.get("/settings/email").get_data(as_text=True)
    assert ">\nRobin\nVale</textarea>" in text
