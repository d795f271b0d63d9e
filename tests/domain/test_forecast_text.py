from uuid import UUID

import pytest

from backend.domain.ids import PendingId
from backend.domain.reasons import Reason
from backend.domain.sending.forecast import MOVES, Forecast, civil, explain
from tests.domain.send_examples import NOON

ID = PendingId(UUID(int=1))


def test_what_leaves_now_says_so() -> None:
    assert explain(Forecast(ID, NOON, None), "UTC").sentence == "Leaves now."


def test_what_waits_names_the_limit_the_moment_and_the_queue() -> None:
    waits = Forecast(ID, NOON, Reason.HOURLY_LIMIT, 1, {"limit": "60"})
    found = explain(waits, "Asia/Tokyo")
    assert found.sentence == (
        "Waits because the limit of 60 messages an hour is used up until Wed 7 Jan, 21:00. "
        "1 message leaves before it."
    )
    assert found.moves == MOVES[Reason.HOURLY_LIMIT]


def test_what_is_held_says_what_to_do_and_has_no_queue() -> None:
    held = explain(Forecast(ID, None, Reason.MAILBOX_DISCONNECTED, 4), "UTC")
    assert held.sentence.startswith("Held because the mailbox is disconnected.")
    assert "before it" not in held.sentence
    assert held.moves == ""


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin"])
def test_moments_are_told_on_the_readers_clock(zone: str) -> None:
    assert civil(NOON, zone) == ("Wed 7 Jan, 12:00" if zone == "UTC" else "Wed 7 Jan, 13:00")
