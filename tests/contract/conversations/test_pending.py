"""VC, second part: pending mail, viewed and managed; windows."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.console.conftest import words
from tests.contract.member import SETTINGS, Member, written
from tests.contract.product import Product

LIST = "/conversations/pending"
LATER = {"when": "delay", "delay": "2", "delay_unit": "days"}
NEW_YORK = ZoneInfo("America/New_York")
WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday"]
OFFICE_HOURS = {
    "time_zone": "America/New_York",
    "window-0-days": WEEKDAYS,
    "window-0-start": "09:00",
    "window-0-end": "17:00",
}


def rows(page: str) -> str:
    """What the list shows below its head."""
    return page.partition("Goes out")[2]


@pytest.mark.contract("VC-34", "VC-49", "VC-50", "VC-51")
def test_all_scheduled_mail_is_listed_and_filtered_also_by_account_type(
    product: Product, robin: Member, kim: Member
) -> None:
    paying = product.customer(Plan="Subscribed")
    trying = product.customer(Plan="Trial")
    for customer in (paying, trying):
        robin.writes(customer, subject=f"To {customer.account}", **LATER)
    page = robin.page(LIST)
    assert all(f"To {one.account}" in page for one in (paying, trying))
    assert "Account type" in page
    senders = robin.options(LIST, "sender")
    mine, hers = senders["Robin Vale"], senders["Ana Lindt"]
    for query, shown in (
        ("plan=Subscribed", [True, False]),
        ("plan=Trial", [False, True]),
        (f"q={paying.address}", [True, False]),
        (f"sender={mine}", [True, True]),
        (f"sender={hers}", [False, False]),
        ("leaves=day", [False, False]),
        ("view=held", [False, False]),
    ):
        found = rows(robin.page(f"{LIST}?{query}"))
        assert [f"To {one.account}" in found for one in (paying, trying)] == shown, query


@pytest.mark.contract("VC-35", "VC-52", "VC-53", "VC-54")
def test_a_pending_mail_is_previewed_and_edited_for_itself_alone(
    product: Product, robin: Member
) -> None:
    customer = product.customer()
    pending, other = (robin.writes(customer, subject=f"Draft {n}", **LATER) for n in (1, 2))
    opened = f"{LIST}?open={pending.rpartition('/')[2]}"
    assert f'href="{pending}/edit"' in robin.html(opened)
    assert 'aria-label="Edit this email"' in robin.html(opened)
    assert "shall we talk on Monday?" in words(robin.get(f"{pending}/body"))
    held = robin.fields(f"{pending}/edit", pending)
    told = robin.sends(pending, **{**held, "subject": "Edited", "body_text": "New words"})
    assert "Saved for this email only." in told
    assert "shall we talk on Monday?" in words(robin.get(f"{other}/body"))
    robin.acts(pending, "departure")
    product.waits(minutes=2)
    (mail,) = robin.left(pending)
    assert mail["Subject"] == "Edited"
    assert written(mail).startswith("New words")


@pytest.mark.contract("VC-55")
def test_send_now_asks_first_and_then_it_leaves(product: Product, robin: Member) -> None:
    pending = robin.writes(product.customer(), subject="At once", **LATER)
    assert "An email that has left can't be recalled" in robin.page(f"{pending}/departure")
    robin.acts(pending, "departure")
    product.waits(minutes=2)
    assert len(robin.left(pending)) == 1


@pytest.mark.contract("VC-56")
def test_a_new_date_is_the_one_that_counts(product: Product, robin: Member) -> None:
    pending = robin.writes(product.customer(), subject="Moved", **LATER)
    told = robin.acts(pending, "schedule", due_at=product.ahead(days=3))
    assert "Leaves" in told
    product.waits(days=2, hours=12)
    assert robin.left(pending) == []
    product.waits(hours=13)
    assert len(robin.left(pending)) == 1


@pytest.mark.contract("VC-35", "VC-57")
def test_a_deleted_mail_is_never_sent(product: Product, robin: Member) -> None:
    pending = robin.writes(product.customer(), subject="Regretted", **LATER)
    assert "will never be sent" in robin.page(f"{pending}/cancellation")
    assert "Deleted. It will never be sent." in robin.acts(pending, "cancellation")
    assert "Regretted" not in rows(robin.page(LIST))
    product.waits(days=3)
    assert product.departures(pending) == []


@pytest.mark.contract("VC-41", "VC-42", "VC-43", "VC-89", "VC-91")
def test_a_mail_due_at_8_pm_leaves_at_9_am_of_the_senders_next_day(product: Product) -> None:
    member = product.newcomer().at_work()
    assert member.link("/jump?q=sending+windows", "Email settings") == SETTINGS
    member.settles_on(**OFFICE_HOURS)
    monday = product.next_day(0, time(20), NEW_YORK)
    due = f"{monday:%Y-%m-%dT%H:%M}"
    pending = member.writes(product.customer(), subject="Late", when="date", due_at=due)
    assert "Leaves Tue" in member.page(pending)
    assert "9:0" in member.page(pending).partition("Goes out")[2][:40]
    product.waits_until(datetime.combine(monday + timedelta(days=1), time(8, 55), NEW_YORK))
    assert member.left(pending) == []
    product.waits(minutes=10)
    assert len(member.left(pending)) == 1


@pytest.mark.contract("VC-89", "VC-90", "VC-92")
def test_a_weekday_window_moves_a_saturday_mail_to_monday_and_says_why_windows_are(
    product: Product,
) -> None:
    member = product.newcomer().at_work()
    member.settles_on(
        **OFFICE_HOURS,
        **{"window-1-days": ["tuesday"], "window-1-start": "18:00", "window-1-end": "19:00"},
    )
    saturday = product.next_day(5, time(11), NEW_YORK)
    due = f"{saturday:%Y-%m-%dT%H:%M}"
    pending = member.writes(product.customer(), subject="Weekend", when="date", due_at=due)
    assert "Leaves Mon" in member.page(pending)
    evening = product.next_day(1, time(18, 10), NEW_YORK)
    due = f"{evening:%Y-%m-%dT%H:%M}"
    second = member.writes(product.customer(), subject="Evening", when="date", due_at=due)
    assert "Leaves Tue" in member.page(second)
    why = member.page(SETTINGS)
    for reason in ("looks as if a person wrote it", "time to", "answer"):
        assert reason in why
