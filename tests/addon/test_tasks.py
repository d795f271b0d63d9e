"""Tasks in the side panel: added beside the email, seen on its card and on Home, and done there."""

from datetime import timedelta

from tests.addon.panel import Panel
from tests.support.company import DANA, KIM, ROBIN, Company


def test_a_task_is_added_beside_the_email_and_done_there(panel: Panel, company: Company) -> None:
    message = company.receives(**{"from": DANA, "subject": "Renewal", "text": "Hi"})
    logged = panel.open(message).press("Log")
    form = logged.press("Add task")
    assert form.title == "Add a task"
    assert form.fields()["title"] == "Follow up with Dana Reyes"
    day = {"due": company.deps.now().date().isoformat()}
    added = form.press("Add task", form.fields(), days=day)
    steps = added.action["navigations"]
    assert [list(step) for step in steps] == [["pop"], ["updateCard"]]
    assert added.notice.startswith("Task added for ")
    again = form.press("Add task", form.fields(), days=day)
    assert again.notice.startswith("Task added")
    assert company.value("SELECT count(*) FROM tasks") == 1
    shown = panel.open(message)
    assert "Today | Follow up with Dana Reyes | Robin Vale" in shown.text()
    company.connected(ROBIN)
    assert "Follow up with Dana Reyes" in panel.home().text()
    assert "Follow up" not in panel.home(KIM).text()
    done = shown.press("Done")
    assert done.notice == "Done"
    assert "Follow up" not in done.text()
    assert "done already" in shown.press("Done").notice


def test_a_task_may_wait_for_the_answer_of_a_logged_email(panel: Panel, company: Company) -> None:
    message = company.receives(**{"from": DANA, "subject": "Pilot", "text": "Hi"})
    day = {"due": (company.deps.now() + timedelta(days=3)).date().isoformat()}
    form = panel.open(message).press("Add task")
    waits = {**form.fields(), "if_unanswered": "yes"}
    assert "There is no conversation" in form.press("Add task", waits, days=day).notice
    form = panel.open(message).press("Log").press("Add task")
    form.press("Add task", {**form.fields(), "if_unanswered": "yes"}, days=day)
    assert "If no answer by" in panel.open(message).text()


def test_the_form_of_a_task_is_left_without_a_trace(panel: Panel, company: Company) -> None:
    message = company.receives(**{"from": DANA, "subject": "Visit", "text": "Hi"})
    form = panel.open(message).press("Add task")
    assert form.press("Cancel").action["navigations"] == [{"pop": True}]
    empty = form.press("Add task", {"title": " "})
    assert "Say what is to be done." in empty.notice
    assert company.value("SELECT count(*) FROM tasks") == 0
