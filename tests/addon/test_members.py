"""Who sits in front of the panel counts as of now, whoever was remembered from a moment ago."""

from dataclasses import replace

from backend.wsgi import create_app
from tests.addon.panel import Panel
from tests.support.office import ROBIN, Office
from tests.support.open_mail import mail_from_dana


def test_a_member_who_left_sees_nothing_from_the_next_mail_on(panel: Panel, office: Office) -> None:
    gmail_id = mail_from_dana(office)[ROBIN]
    assert panel.open(gmail_id).title == "Dana Reyes"
    office.run("UPDATE team_members SET deactivated_at = now() WHERE email_key = %s", ROBIN)
    assert "customAuthorizationPrompt" in panel.open(gmail_id).answer


def test_a_new_role_counts_from_the_next_mail_on(panel: Panel, office: Office) -> None:
    office.run(
        "INSERT INTO never_log (workspace_id, kind, value, added_at) "
        "SELECT id, 'domain', 'northwind.example', now() FROM workspaces"
    )
    gmail_id = mail_from_dana(office)[ROBIN]
    assert not panel.open(gmail_id).has_button("Log this one")
    office.run("UPDATE team_members SET role = 'admin' WHERE email_key = %s", ROBIN)
    assert panel.open(gmail_id).has_button("Log this one")


def test_the_whole_application_answers_alike_and_sets_no_cookie(
    panel: Panel, office: Office
) -> None:
    event = panel.open(mail_from_dana(office)[ROBIN]).done["event"]
    app = create_app(office.deps, replace(office.settings, public_url=panel.url))
    token = event["authorizationEventObject"]["systemIdToken"]
    answer = app.test_client().post(
        "/addon/message", json=event, headers={"Authorization": f"Bearer {token}"}
    )
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    assert "Dana Reyes" in answer.text
    assert "Set-Cookie" not in answer.headers
