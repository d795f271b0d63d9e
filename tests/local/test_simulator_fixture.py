"""The suite's simulator: what one test did to it, the next does not see."""

import pytest
import requests

from tests.support.simulator import Simulator


@pytest.mark.parametrize("round_number", [1, 2])
def test_it_forgets_between_tests(round_number: int, simulator: Simulator) -> None:
    known = requests.get(f"{simulator.root}/simulator/people", timeout=10).json()["people"]
    assert "left@behind.example" not in {one["email"] for one in known}
    assert requests.get(f"{simulator.root}/simulator/push", timeout=10).json()["endpoint"] is None
    simulator.post("/simulator/people", {"email": "left@behind.example", "name": "Left Behind"})
    simulator.aim_push("http://127.0.0.1:1/nowhere")
