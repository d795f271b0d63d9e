"""C-3 as a rep uses it: a stranger's mail, the form, the contact and the logged mail."""

import pytest

from backend.services import late_matching
from tests.addon.panel import Panel, Shown
from tests.support.company import KIM, ROBIN, Company
from tests.support.open_mail import contents, copies, difference

LEE = {"from": "Lee Ward <lee@newco.example>", "to": [ROBIN, KIM]}


def opened(panel: Panel, company: Company, **mail: object) -> Shown:
    return panel.open(copies(company, {**LEE, **mail})[ROBIN])


@pytest.mark.contract("H-4", "D-4")
def test_one_click_adds_the_contact_and_logs_the_mail(panel: Panel, company: Company) -> None:
    form = opened(panel, company)
    assert "isn't in your workspace yet. Nothing has been stored." in form.text()
    assert form.fields() == {
        "name": "Lee Ward",
        "email": "lee@newco.example",
        "account": "new",
        "other_account": "",
        "log": "yes",
    }
    added = form.press("Add contact", form.fields())
    assert added.notice == "Lee Ward added"
    assert added.title == "Lee Ward"
    assert "Logged to Newco | By you, just now" in added.text()


def test_without_the_tick_the_contact_is_added_and_nothing_logged(
    panel: Panel, company: Company
) -> None:
    form = opened(panel, company)
    fields = {name: value for name, value in form.fields().items() if name != "log"}
    added = form.press("Add contact", fields)
    assert "Not logged yet" in added.text()
    assert company.value("SELECT count(*) FROM messages") == 0


def test_another_account_can_be_typed_with_suggestions(panel: Panel, company: Company) -> None:
    form = opened(panel, company)
    widget = next(
        widget["textInput"]
        for section in form.card["sections"]
        for widget in section["widgets"]
        if widget.get("textInput", {}).get("name") == "other_account"
    )
    action, typed = widget["autoCompleteAction"], {"other_account": "fab"}
    answer = panel.call(form, action, typed, kind="autocomplete").answer
    assert answer == {"autoComplete": {"items": [{"text": "Fabrikam"}]}}
    added = form.press("Add contact", {**form.fields(), "other_account": "Fabrikam"})
    assert "Logged to Fabrikam" in added.text()


def earlier_mail(company: Company) -> None:
    """Two mails of Lee that the import leaves out."""
    for subject in ("First", "Second"):
        copies(company, {**LEE, "to": [ROBIN], "subject": subject})
    company.connected()


def logged_of_lee(company: Company) -> set[str]:
    query = "SELECT subject FROM messages WHERE sender_address = 'lee@newco.example'"
    return {subject for (subject,) in company.rows(query)}


@pytest.mark.contract("D-5")
def test_earlier_mail_comes_along_with_one_more_tick(panel: Panel, company: Company) -> None:
    earlier_mail(company)
    form = opened(panel, company)
    assert "Log earlier mail (2 found)" in str(form.card)
    added = form.press("Add contact", form.fields())
    assert added.notice == "Lee Ward added, earlier mail is on its way"
    company.work()
    assert logged_of_lee(company) == {"First", "Second", "Renewal"}


@pytest.mark.contract("D-5")
def test_without_that_tick_earlier_mail_stays_out_and_on_offer(
    panel: Panel, company: Company
) -> None:
    earlier_mail(company)
    form = opened(panel, company)
    fields = {name: value for name, value in form.fields().items() if name != "earlier"}
    assert form.press("Add contact", fields).notice == "Lee Ward added"
    company.work()
    assert logged_of_lee(company) == {"Renewal"}
    contact = company.value("SELECT contact_id FROM contact_addresses WHERE key LIKE 'lee@%%'")
    offered = late_matching.earlier_mail(company.deps, company.actor(), contact)
    assert offered is not None
    assert offered.offer == "Log earlier mail (2 found)"


def test_not_now_stores_nothing_and_leads_back_to_the_form(panel: Panel, company: Company) -> None:
    before = contents(company)
    later = opened(panel, company).press("Not now")
    assert later.notice == "Nothing has been stored"
    assert later.press("Add contact").fields()["name"] == "Lee Ward"
    assert difference(before, contents(company)) == {}


def test_two_reps_add_the_same_person_once(panel: Panel, company: Company) -> None:
    mail = copies(company, LEE)
    mine, theirs = panel.open(mail[ROBIN]), panel.open(mail[KIM], KIM)
    mine.press("Add contact", mine.fields())
    late = theirs.press("Add contact", theirs.fields())
    assert "Logged to Newco | By Robin Vale, just now" in late.text()
    key = "SELECT count(*) FROM contact_addresses WHERE key = 'lee@newco.example'"
    assert company.value(key) == 1
    assert company.value("SELECT count(*) FROM messages") == 1


def test_googles_replay_adds_once(panel: Panel, company: Company) -> None:
    form = opened(panel, company)
    form.press("Add contact", form.fields(), fate="replayed")
    assert company.value("SELECT count(*) FROM audit_log WHERE action = 'contact.created'") == 1


@pytest.mark.parametrize(
    ("typed", "said"),
    [({"name": ""}, "Enter a name."), ({"email": "lee"}, "lee is not a usable email address.")],
)
def test_what_cannot_be_used_is_told_in_a_line(
    panel: Panel, company: Company, typed: dict[str, str], said: str
) -> None:
    before, form = contents(company), opened(panel, company)
    refused = form.press("Add contact", {**form.fields(), **typed})
    assert said in refused.notice
    assert difference(before, contents(company)) == {}


def test_a_machine_gets_no_form(panel: Panel, company: Company) -> None:
    shown = opened(panel, company, **{"from": "no-reply@newco.example"})
    assert "speaks for a function" in shown.text()
    assert shown.fields() == {}
