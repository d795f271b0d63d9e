"""VC, third part: a sender's limits. Apart: mail written by hand counts by Gmail's own clock."""

import pytest

from tests.contract.member import SETTINGS
from tests.contract.product import Product


@pytest.mark.contract("VC-44", "VC-45", "VC-46", "VC-48", "D-9", "D-11")
def test_beyond_the_daily_limit_mail_waits_for_24_hours_and_hand_written_mail_counts(
    product: Product,
) -> None:
    member, customer = product.newcomer().at_work(), product.customer()
    assert member.fields(SETTINGS, SETTINGS)["daily_limit"] == "250"
    assert "0 of 250 left your mailbox" in member.page("/conversations/pending")
    assert "Both limits keep Gmail from distrusting the sender" in member.page(SETTINGS)
    member.settles_on(daily_limit="2")
    member.sends_by_hand(customer, subject="By hand")
    first = member.writes(customer, subject="Fits")
    product.waits(minutes=2)
    second = member.writes(customer, subject="Waits")
    product.waits(minutes=2)
    assert "the limit of 2 messages in 24 hours is used up" in member.page(second)
    product.waits(hours=20)
    assert [len(member.left(one)) for one in (first, second)] == [1, 0]
    product.waits(hours=5)
    assert len(member.left(second)) == 1


@pytest.mark.contract("VC-47")
def test_no_more_than_the_hourly_limit_of_60_leaves_and_never_two_in_a_minute(
    product: Product,
) -> None:
    member, customer = product.newcomer().at_work(), product.customer()
    form = member.fields(SETTINGS, SETTINGS)
    assert form["hourly_limit"] == "60"
    kept = {name: value for name, value in form.items() if not name.startswith("window-")}
    assert "from 1 to 60" in member.is_refused(SETTINGS, **{**kept, "hourly_limit": "61"})
    two = [member.writes(customer, subject=f"Minute {n}") for n in (1, 2)]
    product.waits(seconds=20)
    assert sum(len(member.left(one)) for one in two) == 1
    product.waits(minutes=2)
    assert sum(len(member.left(one)) for one in two) == 2
    member.settles_on(hourly_limit="2")
    third = member.writes(customer, subject="Minute 3")
    product.waits(minutes=30)
    assert member.left(third) == []
    product.waits(minutes=32)
    assert len(member.left(third)) == 1
