"""Tests reach states through services and edges: what is written with SQL only gets less."""

from tests.house.forged_states import FREE, counted, listed
from tests.house.tree import ROOT

WRITE_ANEW = "python -m tests.house.forged_states > tests/house/forged_states.txt"


def test_no_test_forges_more_states_than_are_listed() -> None:
    more = {name: number for name, number in counted().items() if number > listed().get(name, 0)}
    assert more == {}, "reach the state through a service or an edge instead"


def test_what_no_test_forges_any_more_is_not_listed() -> None:
    assert listed() == dict(counted()), WRITE_ANEW


def test_the_places_that_need_no_listing_exist() -> None:
    assert [one for one in FREE if not (ROOT / one).exists()] == []
