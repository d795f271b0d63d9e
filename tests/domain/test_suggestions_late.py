"""What a new contact does to earlier mail."""

import pytest

from backend.domain.capture.late_match import BringIn, LeaveOut, Offer, on_new_address
from backend.domain.policies import LateMatch


@pytest.mark.contract("D-5")
@pytest.mark.contract("M4")
@pytest.mark.parametrize(
    ("policy", "found", "decision"),
    [
        pytest.param(LateMatch.OFF, 3, LeaveOut(), id="off: it stays out"),
        pytest.param(LateMatch.ASK, 3, Offer(3), id="ask: offered with its number"),
        pytest.param(LateMatch.ON, 3, BringIn(3), id="on: brought in"),
        pytest.param(LateMatch.ASK, 0, LeaveOut(), id="ask: nothing to offer"),
        pytest.param(LateMatch.ON, 0, LeaveOut(), id="on: nothing to bring in"),
    ],
)
def test_earlier_mail(policy: LateMatch, found: int, decision: LeaveOut | Offer | BringIn) -> None:
    assert on_new_address(policy, found) == decision
