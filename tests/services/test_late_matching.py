"""Mail from before somebody was a contact: kept out, offered, or brought in by itself (D-5)."""

import pytest

from backend.domain.ids import ContactId
from backend.errors import InputError
from backend.jobs import JobName
from backend.services import creating_contacts, late_matching
from backend.services.creating_contacts import NewContact
from tests.support.company import ANA, KIM, ROBIN, Company
from tests.support.decisions import choose, never_log
from tests.support.open_mail import nonce

LEE = "lee@newco.example"
LATE = "match.late"


def seen_but_unknown(company: Company) -> None:
    """Robin's and Ana's mailboxes saw three mails with Lee, and one with somebody else."""
    boxes = [company.connected(who) for who in (ROBIN, ANA)]
    for subject in ("First", "Second"):
        company.receives(ROBIN, subject=subject, **{"from": f"Lee Ward <{LEE}>"})
    company.receives(ANA, subject="To Ana", **{"from": f"Lee Ward <{LEE}>"})
    company.receives(ROBIN, subject="Somebody else", **{"from": "Pat <pat@other.example>"})
    for box in boxes:
        company.deps.jobs.enqueue(JobName.SYNC_MAILBOX, *company.key(box))
    company.work()


def become_contact(company: Company) -> ContactId:
    person = NewContact(name="Lee Ward", email=LEE, account=None)
    return creating_contacts.create_contact(
        company.deps, company.actor(KIM), person=person, log=None, nonce=nonce()
    )


def subjects(company: Company) -> set[str]:
    return {subject for (subject,) in company.rows("SELECT subject FROM messages")}


@pytest.mark.contract("V-22", "S-44", "D-5")
def test_off_keeps_earlier_mail_out_and_says_so(quiet_company: Company) -> None:
    choose(quiet_company, LATE, "off")
    seen_but_unknown(quiet_company)
    contact = become_contact(quiet_company)
    quiet_company.sweep()
    assert subjects(quiet_company) == set()
    actor = quiet_company.actor(KIM)
    assert late_matching.earlier_mail(quiet_company.deps, actor, contact) is None
    with pytest.raises(InputError, match="before somebody was a contact"):
        late_matching.bring_in(quiet_company.deps, actor, contact)


@pytest.mark.contract("D-5")
def test_ask_offers_a_count_and_brings_it_in_once_somebody_says_so(quiet_company: Company) -> None:
    seen_but_unknown(quiet_company)
    contact = become_contact(quiet_company)
    quiet_company.sweep()
    assert subjects(quiet_company) == set()

    deps, actor = quiet_company.deps, quiet_company.actor(ROBIN)
    offered = late_matching.earlier_mail(deps, actor, contact)
    assert offered is not None
    assert offered.offer == "Log earlier mail (2 found)"
    assert offered.mailboxes == ((ROBIN, 2),)

    assert late_matching.bring_in(deps, actor, contact) == 2
    assert late_matching.bring_in(deps, actor, contact) == 0
    quiet_company.forget_redis()
    quiet_company.later(minutes=1).sweep()
    assert subjects(quiet_company) == {"First", "Second"}
    assert late_matching.earlier_mail(deps, actor, contact) is None
    assert set(
        quiet_company.rows("SELECT DISTINCT path FROM decisions WHERE outcome = 'kept'")
    ) == {("late",)}


def test_nobody_learns_whom_a_colleague_corresponded_with(quiet_company: Company) -> None:
    seen_but_unknown(quiet_company)
    contact = become_contact(quiet_company)
    deps, kim, ana = quiet_company.deps, quiet_company.actor(KIM), quiet_company.actor(ANA)
    assert late_matching.earlier_mail(deps, kim, contact) is None
    assert late_matching.bring_in(deps, kim, contact) == 0
    quiet_company.work()
    assert subjects(quiet_company) == set()

    offered = late_matching.earlier_mail(deps, ana, contact)
    assert offered is not None
    assert offered.mailboxes == ((ANA, 1),)
    assert late_matching.bring_in(deps, ana, contact) == 1
    quiet_company.work()
    assert subjects(quiet_company) == {"To Ana"}


@pytest.mark.contract("D-5")
def test_on_brings_it_in_with_the_contact(quiet_company: Company) -> None:
    choose(quiet_company, LATE, "on")
    seen_but_unknown(quiet_company)
    become_contact(quiet_company)
    quiet_company.sweep()
    assert subjects(quiet_company) == {"First", "Second", "To Ana"}


def test_what_the_never_log_list_keeps_out_stays_out(quiet_company: Company) -> None:
    seen_but_unknown(quiet_company)
    contact = become_contact(quiet_company)
    never_log(quiet_company, "second", kind="subject")
    late_matching.bring_in(quiet_company.deps, quiet_company.actor(ROBIN), contact)
    quiet_company.sweep()
    assert subjects(quiet_company) == {"First"}
