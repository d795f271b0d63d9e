"""C-2 as a rep uses it: log, see it logged at a colleague's, write a note, follow, undo."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.addon.panel import Panel
from tests.support.company import KIM, ROBIN, Company
from tests.support.open_mail import contents, difference, mail_from_dana


def rows(company: Company, table: str) -> int:
    return int(company.value(f"SELECT count(*) FROM {table}"))


@pytest.mark.contract("H-4")
def test_log_see_it_at_a_colleagues_and_undo(panel: Panel, company: Company) -> None:
    mail, before = mail_from_dana(company), contents(company)
    shown = panel.open(mail[ROBIN])
    assert shown.title == "Dana Reyes"
    assert "This email | Not logged yet" in shown.text()
    logged = shown.press("Log")
    assert logged.notice == "Logged to Northwind Traders"
    assert "Logged to Northwind Traders | By you, just now" in logged.text()
    assert logged.answer["stateChanged"] is True
    theirs = panel.open(mail[KIM], KIM)
    assert "Logged to Northwind Traders | By Robin Vale, just now" in theirs.text()
    assert not theirs.has_button("Log")
    assert not theirs.has_button("Undo")
    undone = logged.press("Undo")
    assert undone.notice == "Removed from the timeline"
    assert "Not logged yet" in undone.text()
    assert difference(before, contents(company)) == {}


def test_two_reps_with_the_card_already_open_log_once(panel: Panel, company: Company) -> None:
    mail = mail_from_dana(company)
    mine, theirs = panel.open(mail[ROBIN]), panel.open(mail[KIM], KIM)
    assert theirs.press("Log").notice == "Logged to Northwind Traders"
    late = mine.press("Log")
    assert late.notice == "Already logged by Kim Doyle"
    assert "By Kim Doyle, just now" in late.text()
    assert rows(company, "log_entries") == 1


def test_twenty_clicks_at_once_log_once(panel: Panel, company: Company) -> None:
    shown = panel.open(mail_from_dana(company)[ROBIN])
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: shown.press("Log"), range(20)))
    assert {one.notice for one in answers} == {"Logged to Northwind Traders"}
    assert (rows(company, "messages"), rows(company, "log_entries")) == (1, 1)


@pytest.mark.parametrize("fate", ["replayed", "times_out", "garbled"])
def test_google_may_repeat_or_lose_a_click(panel: Panel, company: Company, fate: str) -> None:
    shown = panel.open(mail_from_dana(company)[ROBIN])
    shown.press("Log", fate=fate, limit=5)
    assert "By you" in shown.press("Log").text()
    noted = {"note": "Likes tea"}
    panel.open(shown.message or "").press("Save note", noted, fate=fate, limit=5)
    assert rows(company, "log_entries") == 1
    assert rows(company, "notes") == 1


def test_a_note_is_saved_and_its_field_comes_back_empty(panel: Panel, company: Company) -> None:
    shown = panel.open(mail_from_dana(company)[ROBIN])
    saved = shown.press("Save note", {"note": "Likes <b>tea</b>"})
    assert saved.notice == "Note saved"
    assert "Robin Vale | Likes <b>tea</b>" in saved.text()
    (field,) = saved.fields()
    assert field != "note"
    again = saved.press("Save note", {field: "And coffee"})
    assert again.notice == "Note saved"
    assert rows(company, "notes") == 2
    logged = again.press("Log")
    assert list(logged.fields()) == list(again.fields())


def test_an_empty_note_is_refused_in_a_line(panel: Panel, company: Company) -> None:
    refused = panel.open(mail_from_dana(company)[ROBIN]).press("Save note")
    assert refused.notice == "The note is empty. Type something first."
    assert "navigations" not in refused.action
    assert rows(company, "notes") == 0


def test_the_thread_switch(panel: Panel, company: Company) -> None:
    logged = panel.open(mail_from_dana(company)[ROBIN]).press("Log")
    followed = "SELECT followed_at IS NOT NULL FROM conversations"
    assert logged.switch(on=True).notice == "Replies will be logged"
    assert company.value(followed)
    assert logged.switch(on=False).notice == "Replies will not be logged"
    assert not company.value(followed)


def test_a_card_drawn_for_another_mail_does_not_act_on_this_one(
    panel: Panel, company: Company
) -> None:
    first, second = mail_from_dana(company), mail_from_dana(company, subject="Another")
    action = next(
        widget["decoratedText"]["button"]["onClick"]["action"]
        for widget in panel.open(first[ROBIN]).card["sections"][0]["widgets"]
        if "button" in widget.get("decoratedText", {})
    )
    mixed_up = panel.call(panel.open(second[ROBIN]), action, {})
    assert mixed_up.notice == ("Another email is open now. Open this one again and repeat it.")
    assert rows(company, "log_entries") == 0
