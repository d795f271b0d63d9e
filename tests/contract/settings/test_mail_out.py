"""D, second part: settings of mail that leaves."""

from collections.abc import Sequence
from datetime import time
from zoneinfo import ZoneInfo

import pytest

from tests.console.conftest import words
from tests.console.test_attaching import send_whole
from tests.contract.member import SETTINGS, Member
from tests.contract.product import Product

UTC = ZoneInfo("UTC")


def left(member: Member, pending: Sequence[str]) -> int:
    """How many of these have left."""
    return sum(len(member.left(one)) for one in pending)


@pytest.mark.contract("D-8", "D-12")
@pytest.mark.parametrize(
    ("policy", "choice"),
    [
        pytest.param("D-8", {"send.provider_ceiling": "1"}, id="what the provider allows"),
        pytest.param("D-12", {"send.admin_cap": "1"}, id="the cap of an admin"),
    ],
)
def test_a_ceiling_or_an_admins_cap_lowers_a_members_own_limit_and_never_raises_it(
    product: Product, ana: Member, policy: str, choice: dict[str, str]
) -> None:
    member, customer = product.newcomer().at_work(), product.customer()
    member.settles_on(daily_limit="2")
    with ana.chooses(policy, **choice):
        assert "lowers your limit to 1" in member.page(SETTINGS)
        two = [member.writes(customer, subject=f"Mail {n}") for n in (1, 2)]
        for _ in two:
            product.waits(minutes=2)
        assert left(member, two) == 1
    product.waits(minutes=2)
    assert left(member, two) == 2
    with ana.chooses(policy, **dict.fromkeys(choice, "900")):
        third = member.writes(customer, subject="Mail 3")
        product.waits(minutes=2)
        assert left(member, [third]) == 0


@pytest.mark.contract("D-10")
def test_the_hourly_limit_is_60_and_a_workspace_can_only_lower_it(
    product: Product, ana: Member
) -> None:
    member, customer = product.newcomer().at_work(), product.customer()
    refused = ana.is_refused("/settings/policies/D-10", **{"send.hourly": "61"})
    assert "from 1 to 60" in refused
    with ana.chooses("D-10", **{"send.hourly": "1"}):
        two = [member.writes(customer, subject=f"Hour {n}") for n in (1, 2)]
        product.waits(minutes=2)
        product.waits(minutes=2)
        assert left(member, two) == 1
        assert "to leave a pause after the message before it" in member.page(two[1])


@pytest.mark.contract("D-24")
def test_the_window_binds_all_mail_or_automated_only_and_send_now_skips_it_or_not(
    product: Product, ana: Member
) -> None:
    member, customer = product.newcomer().at_work(), product.customer()
    closed = f"{product.next_day(product.clock().weekday(), time(9), UTC):%A}".lower()
    day = {"monday": "wednesday", "tuesday": "thursday", "wednesday": "friday"}.get(
        closed, "monday" if closed in {"thursday", "friday"} else "wednesday"
    )
    window = {"window-0-days": [day], "window-0-start": "09:00", "window-0-end": "17:00"}
    member.settles_on(time_zone="UTC", **window)
    waits = member.writes(customer, subject="Waits for the window")
    product.waits(minutes=2)
    assert left(member, [waits]) == 0
    with ana.chooses("D-24", **{"send_now.bypass": "nothing"}):
        member.acts(waits, "departure")
        product.waits(minutes=2)
        assert left(member, [waits]) == 0
    product.waits(minutes=2)
    assert left(member, [waits]) == 1
    with ana.chooses("D-24", **{"window.applies_to": "automated"}):
        free = member.writes(customer, subject="By hand, so not bound")
        product.waits(minutes=2)
        assert left(member, [free]) == 1
    member.settles_on(daily_limit="2", **window)
    beyond = member.writes(customer, subject="Beyond the limit")
    member.acts(beyond, "departure")
    product.waits(minutes=2)
    assert left(member, [beyond]) == 0


@pytest.mark.contract("D-27")
def test_files_are_bound_by_the_size_the_workspace_chose(
    product: Product, robin: Member, ana: Member
) -> None:
    with ana.chooses("D-27", **{"send.max_attachment_mb": "1"}):
        assert "At most 1 MB together" in robin.page("/conversations/new")
        refused = send_whole(robin, "plan.pdf", bytes(1_100_000))
        assert refused.status_code == 422
        assert "the limit is 1 MB of attachments" in words(refused)
    assert send_whole(robin, "plan.pdf", bytes(1_100_000)).status_code == 303


@pytest.mark.contract("D-32")
def test_more_recipients_than_a_mail_may_have_are_refused_with_the_reason(
    product: Product, robin: Member, ana: Member
) -> None:
    people = product.customers(3)
    letter = {"subject": "To the group", "body_text": "Hi", "spread": "together"}
    form = {**letter, "to": ", ".join(one.address for one in people)}
    with ana.chooses("D-32", **{"group.max_recipients": "2"}):
        refused = robin.is_refused("/conversations", **form)
        assert "Too many recipients: at most 2 fit in To, Cc and Bcc together." in refused
    assert "from 1 to 100" in ana.is_refused(
        "/settings/policies/D-32", **{"group.max_recipients": "101"}
    )
    assert robin.post("/conversations", **form).status_code == 303
