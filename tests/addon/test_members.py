"""The member in front of the panel counts as they are now, whatever was cached a moment ago."""

from dataclasses import replace

from backend.wsgi import create_app
from tests.addon.panel import Panel
from tests.support.company import ROBIN, Company
from tests.support.decisions import give_role, never_log, remove_member
from tests.support.open_mail import mail_from_dana


def test_a_member_who_left_sees_nothing_from_the_next_mail_on(
    panel: Panel, company: Company
) -> None:
    gmail_id = mail_from_dana(company)[ROBIN]
    assert panel.open(gmail_id).title == "Dana Reyes"
    remove_member(company, ROBIN)
    assert "customAuthorizationPrompt" in panel.open(gmail_id).answer


def test_a_new_role_counts_from_the_next_mail_on(panel: Panel, company: Company) -> None:
    never_log(company, "northwind.example")
    gmail_id = mail_from_dana(company)[ROBIN]
    assert not panel.open(gmail_id).has_button("Log this one")
    give_role(company, ROBIN, "admin")
    assert panel.open(gmail_id).has_button("Log this one")


def test_the_whole_application_answers_alike_and_sets_no_cookie(
    panel: Panel, company: Company
) -> None:
    event = panel.open(mail_from_dana(company)[ROBIN]).done["event"]
    app = create_app(company.deps, replace(company.settings, public_url=panel.url))
    token = event["authorizationEventObject"]["systemIdToken"]
    answer = app.test_client().post(
        "/addon/message", json=event, headers={"Authorization": f"Bearer {token}"}
    )
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    assert "Dana Reyes" in answer.text
    assert "Set-Cookie" not in answer.headers
