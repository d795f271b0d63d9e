"""Writing mail: what is queued, for whom, and what is refused beside its field."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from backend.domain.ids import MemberId
from backend.domain.people.team import Team
from backend.errors import InputError, MailboxDisconnected
from backend.services import connecting
from backend.services.composing.draft import check
from tests.services.outbox.sender import Sender, draft
from tests.support.company import DANA, KIM, ROBIN, STRANGER, Company
from tests.support.decisions import choose

NOW = datetime(2026, 1, 7, 10, tzinfo=UTC)
TEAM = Team(members={ROBIN: MemberId(1)}, domains=frozenset({"lumenworks.example"}))


@pytest.mark.contract("H-31", "H-32")
@pytest.mark.contract("V-2")
def test_a_new_conversation_leaves_from_ones_own_gmail(sender: Sender) -> None:
    pending_id = sender.start()
    sender.send()
    assert sender.state(pending_id) == "sent"
    [left] = sender.left(pending_id)
    assert left["mailbox"] == ROBIN
    assert left["recipients"] == [DANA]


@pytest.mark.contract("VC-6", "D-4")
def test_nobody_outside_the_system_is_written_to_first(sender: Sender) -> None:
    with pytest.raises(InputError) as refused:
        sender.start(STRANGER)
    assert STRANGER in refused.value.fields["to"]
    assert sender.company.value("SELECT count(*) FROM pending_messages") == 0


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"subject": "  "}, "subject"),
        ({"subject": "x" * 901}, "subject"),
        ({"body_text": ""}, "body_text"),
        ({"body_text": "x" * 200_001}, "body_text"),
        ({"to": ["nobody"]}, "to"),
        ({"to": [""]}, "to"),
        ({"to": [KIM]}, "to"),
        ({"to": ["müller@northwind.example"]}, "to"),
        ({"to": [f"{number}@northwind.example" for number in range(101)]}, "to"),
        ({"cc": ["a b@c.example"]}, "cc"),
        ({"bcc": ["x@"]}, "bcc"),
        ({"reply_to": "desk"}, "reply_to"),
        ({"due_at": NOW + timedelta(days=367)}, "due_at"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_what_cannot_be_sent_is_said_beside_its_field(wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(InputError) as refused:
        check(draft(**wrong), TEAM, now=NOW, maximum=100)
    assert set(refused.value.fields) == {field}


def test_every_wrong_field_is_named_at_once() -> None:
    late = NOW + timedelta(days=400)
    with pytest.raises(InputError) as refused:
        check(
            draft("nobody", subject="", body_text="", due_at=late, reply_to="x"),
            TEAM,
            now=NOW,
            maximum=100,
        )
    assert set(refused.value.fields) == {"to", "subject", "body_text", "due_at", "reply_to"}


def test_a_double_click_queues_once(sender: Sender) -> None:
    with ThreadPoolExecutor(4) as clicks:
        made = set(clicks.map(lambda _: sender.start(nonce="one form"), range(4)))
    assert len(made) == 1
    assert sender.company.value("SELECT count(*) FROM pending_messages") == 1
    assert sender.start(nonce="another form") not in made


def test_without_a_connected_mailbox_nothing_is_queued(company: Company) -> None:
    with pytest.raises(MailboxDisconnected, match="Connect it under"):
        Sender(company, mailbox_id=0).start()  # type: ignore[arg-type]


@pytest.mark.contract("VC-33", "VC-39")
def test_a_mail_for_later_is_pending_and_not_sent_before(sender: Sender) -> None:
    due = sender.moment + timedelta(days=2)
    pending_id = sender.start(due_at=due)
    sender.send()
    assert (sender.state(pending_id), sender.leaves_at(pending_id)) == ("scheduled", due)
    sender.passes(days=2, seconds=-1).send()
    assert sender.left() == []
    sender.passes(seconds=1).send()
    assert len(sender.left(pending_id)) == 1


@pytest.mark.contract("V-31", "VC-14", "VC-15", "VC-19", "VC-20", "VC-24", "VC-37")
def test_the_mail_carries_what_was_written(sender: Sender) -> None:
    sender.settles_on(
        always_bcc="archive@lumenworks.example", signature_html="<b>Robin</b><br>Lumenworks"
    )
    pending_id = sender.start(
        cc=[KIM], bcc=["auditor@else.example"], reply_to="front@lumenworks.example"
    )
    sender.send()
    [left] = sender.left(pending_id)
    assert set(left["recipients"]) == {
        *(DANA, KIM, "auditor@else.example", "archive@lumenworks.example")
    }
    mail = sender.copy(pending_id)
    assert mail["Subject"] == "Renewal"
    assert mail["Reply-To"] == "front@lumenworks.example"
    assert mail["X-Rapport-Send-Id"] == str(pending_id)
    assert ROBIN in mail["From"]
    plain, html = (part.get_content() for part in mail.iter_parts())  # type: ignore[attr-defined]
    assert plain.splitlines() == ["Shall we talk on Monday?", "", "-- ", "Robin", "Lumenworks"]
    assert "Shall we talk on Monday?" in html
    assert "<b>Robin</b>" in html


@pytest.mark.contract("K-20")
@pytest.mark.contract("D-25", "K-18")
@pytest.mark.parametrize(("choice", "name"), [("display", "Front desk"), ("agent", "Robin")])
def test_the_sender_is_shown_by_the_chosen_name(sender: Sender, choice: str, name: str) -> None:
    connecting.rename(sender.deps, sender.actor, display_name="Front desk")
    choose(sender.company, "mailbox.from_name", choice)
    pending_id = sender.start()
    sender.send()
    shown = sender.copy(pending_id)["From"]
    assert shown.startswith((name, f'"{name}'))
    assert shown.endswith(f"<{ROBIN}>")


def test_a_place_among_the_recipients_is_kept_for_the_own_copy(sender: Sender) -> None:
    sender.settles_on(always_bcc="archive@lumenworks.example")
    copies = [f"{number}@else.example" for number in range(99)]
    with pytest.raises(InputError):
        sender.start(cc=copies)
    pending_id = sender.start(cc=copies[:98])
    sender.send()
    assert len(sender.left(pending_id)[0]["recipients"]) == 100


@pytest.mark.contract("K-16")
def test_without_a_template_the_html_has_no_branding_and_no_colours(sender: Sender) -> None:
    pending_id = sender.start()
    sender.send()
    html = sender.copy(pending_id).get_body(("html",)).get_content().lower()  # type: ignore[attr-defined]
    assert "shall we talk on monday?" in html
    for brand in ("color", "background", "<img", "rapport"):
        assert brand not in html
