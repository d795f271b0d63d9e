"""Why is it here, asked by whatever somebody knows of a mail: its id, its subject, or a person."""

import pytest

from backend.services.importing import syncing
from tests.console.conftest import Visitor, member
from tests.support.company import DANA, KIM, ROBIN, STRANGER, Company
from tests.support.decisions import share


@pytest.fixture
def company(quiet_company: Company) -> Company:
    quiet_company.connected(ROBIN)
    return quiet_company


def sync(company: Company) -> None:
    ((workspace_id, mailbox_id),) = company.rows("SELECT workspace_id, id FROM mailboxes")
    syncing.sync_mailbox(company.deps, workspace_id, mailbox_id)


def test_mail_that_was_spam_first_is_found_by_its_message_id_then_and_later(
    company: Company, robin: Visitor
) -> None:
    headers = {"Message-ID": "<s1@northwind.example>"}
    found = "/why?message=<s1@northwind.example>"
    gmail_id = company.receives(ROBIN, **{"from": DANA, "labels": ["SPAM"]}, headers=headers)
    sync(company)
    assert "Gmail calls it spam" in robin.page(found)
    assert "No decision is known" in member(company, KIM).page(found)
    change = {"removeLabelIds": ["SPAM"], "addLabelIds": ["INBOX"]}
    company.gmail(ROBIN).post(f"messages/{gmail_id}/modify", change)
    sync(company)
    assert "Logged because dana@northwind.example" in robin.page(found)


def test_mail_is_found_by_subject_and_by_person(company: Company, robin: Visitor) -> None:
    company.receives(ROBIN, **{"from": DANA, "subject": "Rollout in autumn"})
    company.receives(ROBIN, **{"from": STRANGER, "subject": "Cheap offers"})
    sync(company)
    number = company.value("SELECT id FROM messages")
    for asked in ("rollout", "Dana", DANA, "Reyes"):
        page = robin.get(f"/why?message={asked}").get_data(as_text=True)
        assert f'href="/messages/{number}/why"' in page, asked
    left_out = robin.page(f"/why?message={STRANGER}")
    assert "nobody on it is a known contact" in left_out
    assert "Cheap offers" not in left_out
    for asked in ("nothing like it", "nobody@nowhere.example", "cheap"):
        assert "No decision is known" in robin.page(f"/why?message={asked}")


def test_words_find_only_what_the_reader_may_read(company: Company, robin: Visitor) -> None:
    company.receives(ROBIN, **{"from": DANA, "subject": "Rollout in autumn"})
    company.receives(ROBIN, **{"from": STRANGER})
    sync(company)
    kim = member(company, KIM)
    assert "Rollout" in kim.page("/why?message=rollout")
    assert "No decision is known" in kim.page(f"/why?message={STRANGER}")
    share(company, "subject")
    for asked in ("rollout", "Dana", DANA):
        assert "Rollout" not in kim.page(f"/why?message={asked}"), asked
    assert "Rollout" in robin.page("/why?message=rollout")
