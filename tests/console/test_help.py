"""Help and setup: answers in plain sentences where they are needed, and whether they helped."""

import pytest

from addon.routing import ASKED_FOR
from backend.console.help_topics import TOPICS
from backend.google.oauth import MAILBOX_SCOPES
from tests.console.conftest import Visitor, words
from tests.support.company import Company


@pytest.mark.contract("H-37", "H-54", "S-42", "S-45", "S-47", "S-48")
@pytest.mark.parametrize(
    ("slug", "said"),
    [
        ("connecting", "stays in your Gmail inbox"),
        ("connecting", "A changed password or other sign-in data can end the connection"),
        ("connecting", "Connect it again with the same account"),
        ("connecting", "Mail sent or received afterwards is not synced"),
        ("missing-mail", "A wrong address on the contact is the usual cause"),
        ("missing-mail", "matching by domain is the better choice"),
        ("missing-mail", "a missing alias is added by an admin"),
        ("missing-mail", "every reply counts as one"),
        ("sending", "a lost reputation takes weeks to repair"),
        ("sending", "may block the address for a time or for good"),
        ("what-is-logged", "filed under them by itself"),
        (
            "leaving",
            "They get back the accounts and contacts that are still with whom they went to",
        ),
    ],
)
def test_help_answers_in_words(robin: Visitor, slug: str, said: str) -> None:
    assert said in robin.page(f"/help/{slug}")


def test_every_topic_stands_on_the_first_page_and_leads_on(robin: Visitor) -> None:
    text = robin.page("/help")
    for topic in TOPICS:
        assert topic.title in text
        for answer in topic.answers:
            assert answer.question in robin.page(f"/help/{topic.slug}")
    assert robin.get("/help/nothing").status_code == 404


@pytest.mark.contract("H-57")
def test_whether_it_helped_is_kept_once_for_each_member_and_page(
    robin: Visitor, ana: Visitor, quiet_company: Company
) -> None:
    assert "Did this help?" in robin.page("/help/sending")
    robin.post("/help/sending/votes", helped="no")
    text = robin.follow(robin.post("/help/sending/votes", helped="yes"))
    assert "You answered yes" in text
    ana.post("/help/sending/votes", helped="no")
    assert "You answered" not in robin.page("/help/connecting")
    stored = quiet_company.rows("SELECT topic, answer FROM help_votes ORDER BY answer")
    assert stored == [("sending", "no"), ("sending", "yes")]
    assert robin.post("/help/sending/votes", helped="perhaps").status_code == 422
    assert robin.post("/help/nothing/votes", helped="yes").status_code == 404


@pytest.mark.contract("S-51", "S-52", "S-53")
def test_an_admin_is_led_through_google_admin_with_the_ids_to_copy(
    ana: Visitor, robin: Visitor, quiet_company: Company
) -> None:
    text = ana.page("/setup")
    assert "Security → Access and data control → API controls" in text
    assert "Settings → Internal apps → Trust internal apps" in text
    assert "Manage third-party app access" in text
    assert "Configure new app → OAuth app name or client ID" in text
    assert "the name Rapport or for the client ID" in text
    assert "Set it to Trusted" in text
    page = ana.get("/setup").get_data(as_text=True)
    assert page.count(f'value="{quiet_company.deps.google.oauth.client_id}" readonly') == 2
    (addon,) = quiet_company.settings.addon_audiences
    assert f'value="{addon}" readonly' in page
    for scope in (*MAILBOX_SCOPES, *ASKED_FOR):
        assert scope in page
    for way in ("signin", "mailbox"):
        assert f'value="{quiet_company.deps.public_url}/{way}/callback" readonly' in page
    assert page.count("data-copy=") == 13
    assert "every permission after 7 days" in text
    assert "Ana Lindt" in text
    refused = robin.get("/setup")
    assert refused.status_code == 403
    assert "Your admins: Ana Lindt" in words(refused)
    assert "Admin setup" not in robin.page("/")
