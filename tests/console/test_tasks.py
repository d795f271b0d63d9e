"""Tasks: written, edited, completed, postponed, deleted; an answer completes those that wait."""

from collections.abc import Mapping
from datetime import timedelta

from tests.console.conftest import Visitor, at, member, words
from tests.support.company import ANA, DANA, KIM, ROBIN, Company

OUT_OF_OFFICE = {"Auto-Submitted": "auto-replied"}


def day(company: Company, ahead: int) -> str:
    return (company.deps.now() + timedelta(days=ahead)).date().isoformat()


def number(company: Company, email: str) -> str:
    return str(company.value("SELECT id FROM team_members WHERE email_key = %s", email))


def newest(company: Company) -> str:
    return f"/tasks/{company.value('SELECT max(id) FROM tasks')}"


def add(one: Visitor, nonce: str, **form: str) -> str:
    """Add a task. Returns its address."""
    answer = one.post("/tasks", nonce=nonce, **form)
    assert answer.status_code == 303, words(answer)[:600]
    return newest(one.company)


def test_a_task_is_created_once_and_found_in_its_lists(
    quiet_company: Company, robin: Visitor
) -> None:
    kim = member(quiet_company, KIM)
    for wrong, sentence in (
        ({"title": " "}, "Say what is to be done."),
        ({"title": "x" * 501}, "Shorten it to 500."),
        ({"title": "Call", "due": "someday"}, "“someday” is not a date."),
        ({"title": "Call", "assignee": "99999"}, "This colleague is no longer in your team."),
        ({"title": "Call", "if_unanswered": "yes"}, "There is no conversation to wait for."),
    ):
        answer = robin.post("/tasks", nonce="never", **wrong)
        assert answer.status_code == 422, wrong
        assert sentence in words(answer)
        assert quiet_company.value("SELECT count(*) FROM tasks") == 0
    form = {
        "title": "Call Mei",
        "due": day(quiet_company, 1),
        "assignee": number(quiet_company, KIM),
    }
    task = add(robin, "one", **form)
    assert "created already" in robin.follow(robin.post("/tasks", nonce="one", **form))
    assert quiet_company.value("SELECT count(*) FROM tasks") == 1
    assert "Nothing to do" in robin.page("/tasks")
    assert "Call Mei" in robin.page("/tasks?view=delegated")
    assert "Call Mei" in robin.page("/tasks?view=team")
    assert "Call Mei" in kim.page("/tasks")
    assert "Tomorrow" in kim.page("/tasks")
    assert "Nothing is overdue" in kim.page("/")
    assert "Call Mei" in member_later(quiet_company, KIM, days=2).page("/")
    assert "Overdue" in member_later(quiet_company, KIM, days=2).page("/tasks")
    assert "No tasks match" in robin.page(f"/tasks?view=team&assignee={number(quiet_company, ANA)}")
    assert robin.get("/tasks/999999").status_code == 404
    assert "Call Mei" in robin.page(task)


def comes(
    company: Company, minutes: int, mail: Mapping[str, object], *texts: str, **more: object
) -> None:
    """Mail with these texts comes in, and is synced so many minutes from now."""
    for text in texts:
        company.receives(ROBIN, **mail, **more, text=text)
    company.later(minutes=minutes).sweep()


def member_later(company: Company, email: str, *, days: int) -> Visitor:
    return member(company.later(days=days), email)


def test_two_who_edit_one_task_lose_nothing(quiet_company: Company, robin: Visitor) -> None:
    task = add(robin, "one", title="Call Mei", due=day(quiet_company, 1))
    form = {"title": "Call Mei Tan", "due": "", "version": "1"}
    assert "Saved." in robin.follow(robin.post(task, **form))
    late = robin.post(task, **{**form, "title": "Write to Mei"})
    assert late.status_code == 409
    assert "Somebody changed this task meanwhile" in words(late)
    assert 'value="Call Mei Tan"' in late.get_data(as_text=True)
    wrong = robin.post(task, title="Other", due="soon", version="2")
    assert wrong.status_code == 422
    assert 'value="Other"' in wrong.get_data(as_text=True)
    assert "No date" in robin.page(task)


def test_done_postponed_deleted_and_all_of_it_undone(
    quiet_company: Company, robin: Visitor
) -> None:
    task = add(robin, "one", title="Call Mei", assignee=number(quiet_company, ROBIN))
    assert "Due" in robin.follow(robin.post(f"{task}/postponing", to="week"))
    assert robin.post(f"{task}/postponing", to="never").status_code == 422
    done = robin.follow(robin.post(f"{task}/done"))
    assert "Done: Call Mei" in done
    assert "done already" in robin.follow(robin.post(f"{task}/done"))
    assert "by Robin Vale" in robin.page("/tasks?view=done")
    assert "Open again: Call Mei" in robin.follow(robin.post(f"{task}/reopening"))
    assert "open already" in robin.follow(robin.post(f"{task}/reopening"))
    deleted = robin.post(f"{task}/deletion")
    assert at(deleted) == "/tasks"
    assert "Deleted: Call Mei" in robin.follow(deleted)
    assert "was deleted" in robin.follow(robin.post(f"{task}/done"))
    assert "It can be restored for 30 days" in robin.page(task)
    assert "Restored: Call Mei" in robin.follow(robin.post(f"{task}/restoring"))
    assert "not deleted" in robin.follow(robin.post(f"{task}/restoring"))
    assert "Call Mei" in robin.page("/tasks")


def test_what_was_deleted_a_month_ago_is_gone(quiet_company: Company, robin: Visitor) -> None:
    old, new = add(robin, "one", title="Old"), add(robin, "two", title="New")
    robin.post(f"{old}/deletion")
    later = member_later(quiet_company, ROBIN, days=31)
    later.post(f"{new}/deletion")
    assert (later.get(old).status_code, later.get(new).status_code) == (404, 200)


def test_comments_are_written_once(quiet_company: Company, robin: Visitor) -> None:
    task = add(robin, "one", title="Call Mei")
    assert robin.post(f"{task}/comments", comment=" ", nonce="c").status_code == 422
    long = robin.post(f"{task}/comments", comment="x" * 5001, nonce="c")
    assert "Shorten it to 5,000." in words(long)
    for _ in range(2):
        robin.post(f"{task}/comments", comment="She is <away>", nonce="d")
    assert robin.page(task).count("She is <away>") == 1


def test_an_answer_completes_what_waits_for_it(quiet_company: Company, robin: Visitor) -> None:
    company = quiet_company
    first = {"to": [ROBIN], "from": DANA, "subject": "Pilot", "text": "First words"}
    message_id = company.simulator.post("/simulator/mail", first).json()["message_id"]
    company.connected(ROBIN)
    thread = str(company.value("SELECT id FROM conversations"))
    waits = {"if_unanswered": "yes", "conversation": thread}
    no_day = robin.post("/tasks", nonce="none", title="Ask again", **waits)
    assert "Choose the day by which" in words(no_day)
    due = day(company, 3)
    task = add(robin, "one", title="Ask again", due=due, **waits)
    plain = add(robin, "two", title="Write the offer", due=due, conversation=thread)
    assert "If they don't answer" in robin.page(f"/conversations/{thread}")
    answer = {"from": DANA, "subject": "Re: Pilot", "in_reply_to": [f"<{message_id}>"]}
    comes(company, 16, answer, "I am away", headers=OUT_OF_OFFICE)
    assert "Ask again" in robin.page("/tasks?view=team")
    comes(company, 32, answer, "Two changes, please", "And a third")
    assert "Ask again" not in robin.page("/tasks?view=team")
    assert f"{DANA} answered" in robin.page(task)
    assert "Write the offer" in robin.page(f"/conversations/{thread}")
    assert company.value(
        "SELECT snippet FROM messages WHERE id IN (SELECT answered_by FROM tasks)"
    ) == ("Two changes, please")
    robin.post(f"{task}/reopening")
    assert "Ask again" in robin.page("/tasks?view=team")
    comes(company, 48, answer, "And a fourth")
    assert "Ask again" not in robin.page("/tasks?view=team")
    assert "Write the offer" in robin.page(plain)


def test_tasks_stand_on_the_page_they_are_about_and_outlive_it(
    quiet_company: Company, robin: Visitor, kim: Visitor
) -> None:
    for noun in ("account", "contact"):
        place = quiet_company.value(f"SELECT min(id) FROM {noun}s")
        assert f"linked to the {noun}" in robin.page(f"/tasks/new?{noun}={place}")
        task = add(robin, noun, title=f"Look at this {noun}", **{noun: str(place)})
        assert f"Look at this {noun}" in robin.page(f"/{noun}s/{place}")
        assert f"/{noun}s/{place}" in robin.get(task).get_data(as_text=True)
        kim.post(f"/{noun}s/{place}/deletion")
        assert "Nothing in particular" in robin.page(task)
        gone = robin.post("/tasks", nonce=f"{noun} gone", title="x", **{noun: str(place)})
        assert gone.status_code == 404


def test_open_tasks_of_a_member_who_leaves_go_to_a_colleague_and_back(
    quiet_company: Company, ana: Visitor
) -> None:
    robin, kim = number(quiet_company, ROBIN), number(quiet_company, KIM)
    add(ana, "one", title="Call Mei", assignee=robin)
    done = add(ana, "two", title="Old story", assignee=robin)
    ana.post(f"{done}/done")
    assert "1 open task" in ana.page(f"/settings/team/{robin}/removal")
    ana.post(f"/settings/team/{robin}/removal", heir=kim)
    assert f'<option value="{robin}" selected' in ana.get(done).get_data(as_text=True)
    kims = member(quiet_company, KIM).page("/tasks")
    assert ("Call Mei" in kims, "Old story" in kims) == (True, False)
    ana.post(f"/settings/team/{robin}/return")
    assert "Call Mei" in member(quiet_company, ROBIN).page("/tasks")
