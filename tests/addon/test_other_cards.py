"""The other cards through Gmail's own way: internal, never log, home, problems, strangers."""

import psycopg
import pytest

from tests.addon.panel import Panel
from tests.support.company import KIM, ROBIN, Company
from tests.support.decisions import disconnect_gmail, never_log
from tests.support.open_mail import copies, mail_from_dana

EMAIL = "https://www.googleapis.com/auth/userinfo.email"
HEADERS = "https://www.googleapis.com/auth/gmail.addons.current.message.metadata"
WHOLE = "https://www.googleapis.com/auth/gmail.addons.current.message.action"


def test_internal_mail(panel: Panel, company: Company) -> None:
    shown = panel.open(copies(company, {"from": KIM, "to": [ROBIN]})[ROBIN])
    assert shown.title == "Internal email"
    assert "Everyone here is on your team." in shown.text()


def test_the_never_log_list_and_its_exception(panel: Panel, company: Company) -> None:
    never_log(company, "northwind.example", by=ROBIN)
    mail = mail_from_dana(company)
    shown = panel.open(mail[ROBIN])
    assert "northwind.example is on your own never-log list." in shown.text()
    assert shown.press("Log this one").notice == "Logged to Northwind Traders"
    assert "Not logged yet" not in panel.open(mail[KIM], KIM).text()


def test_home_from_the_first_run_to_a_connected_mailbox(panel: Panel, company: Company) -> None:
    assert panel.home().title == "Connect Gmail to start"
    company.connected()
    home = panel.home()
    assert home.title == "Today"
    assert "Waiting on you" in home.text()


def test_a_lost_mailbox_is_told_at_home(panel: Panel, company: Company) -> None:
    disconnect_gmail(company, company.connected())
    assert "Gmail access ended" in panel.home().text()


def test_somebody_on_no_team_is_shown_the_way_in(panel: Panel, company: Company) -> None:
    answer = panel.home("lee@wardlogistics.example").answer
    card = answer["customAuthorizationPrompt"]["action"]["navigations"][0]["pushCard"]
    assert card["header"]["title"] == "You aren't on a team yet"
    assert "is not a member of any Rapport workspace" in str(card)


@pytest.mark.parametrize(
    ("granted", "asked"),
    [([HEADERS, WHOLE], EMAIL), ([EMAIL], HEADERS)],
    ids=["who it is", "what is open"],
)
def test_a_missing_permission_is_asked_for(
    panel: Panel, company: Company, granted: list[str], asked: str
) -> None:
    shown = panel.open(mail_from_dana(company)[ROBIN], scopes=granted)
    assert shown.answer == {"requestingGoogleScopes": {"scopes": [asked]}}


def test_logging_asks_for_the_permission_to_read_the_whole_mail(
    panel: Panel, company: Company
) -> None:
    shown = panel.open(mail_from_dana(company)[ROBIN])
    refused = shown.press("Log", scopes=[EMAIL, HEADERS])
    assert refused.answer == {"requestingGoogleScopes": {"scopes": [WHOLE]}}
    assert company.value("SELECT count(*) FROM messages") == 0
    assert shown.press("Log").notice == "Logged to Northwind Traders"


def test_stored_mail_is_shown_without_the_permission_to_read(
    panel: Panel, company: Company
) -> None:
    gmail_id = mail_from_dana(company)[ROBIN]
    company.connected()
    assert "Through your mailbox sync" in panel.open(gmail_id, scopes=[EMAIL]).text()


def test_an_unknown_message_is_a_problem_card(panel: Panel) -> None:
    shown = panel.open("18aaaaaaaaaaaaaa")
    assert shown.title == "This can't be found"
    assert "Gmail does not have this email any more" in shown.text()
    assert shown.has_button("Try again")


def test_gmail_down_is_a_card_with_try_again(panel: Panel, company: Company) -> None:
    gmail_id = mail_from_dana(company)[ROBIN]
    fault = {"kind": "status", "status": 503, "method": "messages.get", "times": 1}
    company.simulator.post("/simulator/faults", fault)
    shown = panel.open(gmail_id)
    assert shown.title == "This has to wait a moment"
    assert shown.press("Try again").title == "Dana Reyes"


def test_without_our_database_the_mail_is_said_to_be_safe(panel: Panel, company: Company) -> None:
    gmail_id = mail_from_dana(company)[ROBIN]
    try:
        allow_connections(company, "false")
        company.deps.store.dispose()
        shown = panel.open(gmail_id)
    finally:
        allow_connections(company, "true")
    assert shown.title == "Can't reach Rapport right now"
    assert "Your email is safe in Gmail." in shown.text()


def allow_connections(company: Company, allowed: str) -> None:
    server, _, database = company.database.super_url.rpartition("/")
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"ALTER DATABASE {database} ALLOW_CONNECTIONS {allowed}")
