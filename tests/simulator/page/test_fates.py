"""The next call as somebody chose it, and the time limit."""

import time

from tests.simulator.page.add_on import card, click_answer, text, trigger_answer
from tests.simulator.page.installation import Installation

CARD = card(text("Hi"))


def test_a_call_that_works_tells_how_long_and_how_large_it_was(installation: Installation) -> None:
    installation.add_on.answers["/home?from=gmail"] = trigger_answer(CARD)
    result = installation.ask("homepage")
    assert result["status"] == 200
    assert result["bytes"] == len(installation.add_on.body("/home?from=gmail"))
    assert result["ms"] < 5000


def test_an_add_on_that_is_too_slow_is_cut_off(installation: Installation) -> None:
    installation.add_on.delay = 1.5
    started = time.monotonic()
    result = installation.ask("homepage", limit=0.3)
    assert time.monotonic() - started < 1.4
    assert (result["problem"], result["status"], result["answer"]) == ("timeout", 0, None)
    assert "longer than 0.3 seconds" in result["findings"][0]["text"]


def test_an_add_on_that_is_not_there_is_a_problem_not_a_fault(installation: Installation) -> None:
    result = installation.ask("action", url="http://127.0.0.1:9/log")
    assert result["problem"] == "unreachable"
    assert result["answer"] is None


def test_no_call_leaves_this_machine(installation: Installation) -> None:
    result = installation.ask("action", url="https://addon.example.com/log")
    assert result["problem"] == "unreachable"
    assert "on this machine only" in result["findings"][0]["text"]


def test_google_replays_a_click_with_the_same_event(installation: Installation) -> None:
    installation.add_on.answers["/log"] = click_answer({"updateCard": CARD})
    result = installation.ask("action", url=installation.add_on.url("/log"), fate="replayed")
    assert len(result["calls"]) == 2
    first, second = installation.add_on.received
    assert first.event == second.event


def test_a_call_that_times_out_on_demand_still_did_its_work(installation: Installation) -> None:
    installation.add_on.answers["/log"] = click_answer({"updateCard": CARD})
    result = installation.ask("action", url=installation.add_on.url("/log"), fate="times_out")
    assert result["problem"] == "timeout"
    assert [one.path for one in installation.add_on.received] == ["/log"]


def test_a_call_that_fails_on_demand_never_reaches_the_add_on(installation: Installation) -> None:
    result = installation.ask("action", url=installation.add_on.url("/log"), fate="fails")
    assert (result["status"], result["answer"]) == (500, None)
    assert installation.add_on.received == []


def test_half_an_answer_is_the_error_card(installation: Installation) -> None:
    installation.add_on.answers["/log"] = click_answer({"updateCard": CARD})
    result = installation.ask("action", url=installation.add_on.url("/log"), fate="garbled")
    assert (result["problem"], result["answer"]) == ("not_json", None)


def test_a_slow_call_takes_three_seconds_and_works(installation: Installation) -> None:
    installation.add_on.answers["/log"] = click_answer({"updateCard": CARD})
    result = installation.ask("action", url=installation.add_on.url("/log"), fate="slow")
    assert result["ms"] >= 3000
    assert result["answer"] is not None


def test_a_slow_call_can_cross_the_limit(installation: Installation) -> None:
    result = installation.ask("action", url=installation.add_on.url("/log"), fate="slow", limit=0.1)
    assert result["problem"] == "timeout"
    assert installation.add_on.received == []
