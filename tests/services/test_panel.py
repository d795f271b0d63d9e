"""The card beside an email that nobody has logged: which case it is; nothing is stored."""

import pytest

from backend.domain.capture.late_match import BringIn, LeaveOut, Offer
from backend.domain.summaries.panel import (
    InternalThread,
    KnownPerson,
    MessagePanel,
    NeverLogged,
    UnknownPerson,
)
from backend.errors import MessageGone, ScopeMissing
from backend.google.open_message import NEEDED
from backend.queries.panel.message import open_message
from tests.support.company import DANA, KIM, ROBIN, Company
from tests.support.decisions import choose, give_role, never_log
from tests.support.open_mail import contents, copies, difference, mail_from_dana, opened
from tests.support.round_trips import counted

OMAR = "omar@northwind.example"
LEE = "Lee Ward <lee@newco.example>"


def shown(company: Company, gmail_id: str, email: str = ROBIN, **more: object) -> MessagePanel:
    mail = opened(company, gmail_id, email, **more)
    return open_message(company.deps, company.actor(email), mail)


def known(company: Company, gmail_id: str, email: str = ROBIN, **more: object) -> KnownPerson:
    found = shown(company, gmail_id, email, **more)
    assert isinstance(found, KnownPerson)
    return found


def unknown(company: Company, mail: dict[str, object]) -> UnknownPerson:
    found = shown(company, copies(company, {"to": [ROBIN], **mail})[ROBIN])
    assert isinstance(found, UnknownPerson)
    return found


def test_a_known_sender_is_named_with_account_and_log_state(company: Company) -> None:
    found = known(company, mail_from_dana(company)[ROBIN])
    assert (found.contact.name, found.contact.title) == ("Dana Reyes", "VP Operations")
    assert found.account is not None
    assert found.account.name == "Northwind Traders"
    assert found.account.csm is not None
    assert (found.log.logged, found.log.sentence, found.log.may_log) == (False, "", True)
    assert found.conversation_id is None


def test_opening_a_mail_stores_nothing(company: Company) -> None:
    before = contents(company)
    known(company, mail_from_dana(company)[ROBIN])
    unknown(company, {"from": LEE})
    assert difference(before, contents(company)) == {}
    for table in ("mailboxes", "decisions", "clicks"):
        assert company.value(f"SELECT count(*) FROM {table}") == 0, table


def test_our_own_mail_shows_whom_it_was_written_to(company: Company) -> None:
    gmail_id = copies(company, {"from": KIM, "to": [ROBIN, "mei@fabrikam.example"]})[ROBIN]
    assert known(company, gmail_id).contact.name == "Mei Tan"


def test_of_several_people_the_first_recipient_owns_the_thread(company: Company) -> None:
    mail = {"from": KIM, "to": [ROBIN, OMAR, DANA], "cc": ["mei@fabrikam.example"]}
    found = known(company, copies(company, mail)[ROBIN])
    assert found.contact.name == "Omar Lund"
    assert [(p.name, p.role, p.main) for p in found.people] == [
        ("Omar Lund", "To", True),
        ("Dana Reyes", "To", False),
        ("Mei Tan", "Cc", False),
    ]
    assert found.people[2].account_name == "Fabrikam"


def test_a_contact_only_in_cc_is_explained(company: Company) -> None:
    gmail_id = copies(company, {"from": LEE, "to": [ROBIN], "cc": [DANA]})[ROBIN]
    found = known(company, gmail_id)
    assert "is only in Cc or Bcc" in found.log.sentence
    assert found.log.may_log


@pytest.mark.contract("S-11", "S-12")
def test_internal_mail_is_named_as_such(company: Company) -> None:
    found = shown(company, copies(company, {"from": KIM, "to": [ROBIN]})[ROBIN])
    assert isinstance(found, InternalThread)
    assert "never logged" in found.sentence


def test_the_never_log_list_names_its_entry(company: Company) -> None:
    never_log(company, "northwind.example")
    found = shown(company, mail_from_dana(company)[ROBIN])
    assert isinstance(found, NeverLogged)
    assert found.sentence == (
        "Not logged: northwind.example is on the never-log list of your workspace."
    )
    assert not found.may_log_anyway


def test_an_admin_may_make_an_exception(company: Company) -> None:
    never_log(company, "salary", kind="subject")
    give_role(company, ROBIN, "admin")
    found = shown(company, mail_from_dana(company, subject="Your salary")[ROBIN])
    assert isinstance(found, NeverLogged)
    assert found.may_log_anyway


def test_a_stranger_gets_a_form_with_the_best_guesses(company: Company) -> None:
    found = unknown(company, {"from": '"Ward, Lee" <lee@mail.graphic-design.example>'})
    assert (found.name, found.address) == ("Lee Ward", "lee@mail.graphic-design.example")
    assert (found.account, found.new_account_name) == (None, "Graphic Design")
    assert (found.refusal, len(found.accounts)) == (None, 10)


def test_a_stranger_at_a_known_company_is_offered_its_account(company: Company) -> None:
    found = unknown(company, {"from": "new@northwind.example"})
    assert found.account is not None
    assert (found.account.name, found.new_account_name) == ("Northwind Traders", None)


def test_mail_without_a_readable_sender_gets_a_sentence(company: Company) -> None:
    found = unknown(company, {"from": "nobody at all"})
    assert "names no address that could be read" in (found.refusal or "")


def test_free_mail_names_no_company(company: Company) -> None:
    found = unknown(company, {"from": "lee.ward@gmail.com"})
    assert (found.name, found.account, found.new_account_name) == ("Lee Ward", None, None)


@pytest.mark.parametrize(
    ("mail", "why"),
    [
        ({"from": "no-reply@shop.example"}, "speaks for a function"),
        ({"from": LEE, "headers": {"List-Id": "<news.newco.example>"}}, "automatic or list mail"),
        ({"from": LEE, "headers": {"Auto-Submitted": "auto-replied"}}, "automatic or list mail"),
    ],
    ids=["no-reply", "list", "auto-reply"],
)
def test_machines_get_a_sentence_instead_of_a_form(
    company: Company, mail: dict[str, object], why: str
) -> None:
    assert why in (unknown(company, mail).refusal or "")


@pytest.mark.contract("D-4")
def test_without_the_policy_there_is_no_form(company: Company) -> None:
    choose(company, "contacts.create", "never")
    assert "Add lee@newco.example in the console" in (unknown(company, {"from": LEE}).refusal or "")


def test_earlier_mail_of_the_stranger_in_the_own_mailbox_is_counted(company: Company) -> None:
    for _ in range(3):
        copies(company, {"from": LEE, "to": [ROBIN]})
    company.connected()
    assert unknown(company, {"from": LEE}).earlier == Offer(3)


@pytest.mark.contract("D-5")
def test_the_card_counts_what_can_be_brought_in_and_nothing_else(company: Company) -> None:
    for who in (ROBIN, KIM):
        copies(company, {"from": LEE, "to": [who], "subject": "Before"})
    copies(company, {"from": LEE, "to": [ROBIN], "subject": "Secret"})
    never_log(company, "secret", kind="subject")
    mail = copies(company, {"from": LEE, "to": [ROBIN, KIM], "subject": "This one"})
    company.connected(ROBIN)
    company.connected(KIM)
    found = shown(company, mail[ROBIN])
    assert isinstance(found, UnknownPerson)
    assert found.earlier == Offer(1)  # not Kim's, nor this one, nor what is never logged


@pytest.mark.parametrize(("chosen", "earlier"), [("off", LeaveOut()), ("on", BringIn(1))])
def test_the_policy_says_whether_earlier_mail_is_offered(
    company: Company, chosen: str, earlier: LeaveOut | BringIn
) -> None:
    choose(company, "match.late", chosen)
    copies(company, {"from": LEE, "to": [ROBIN]})
    company.connected()
    assert unknown(company, {"from": LEE}).earlier == earlier


def test_a_strangers_card_waits_for_postgres_twice(company: Company) -> None:
    gmail_id = copies(company, {"from": LEE, "to": [ROBIN]})[ROBIN]
    mail, actor = opened(company, gmail_id), company.actor()
    with counted() as sent:
        open_message(company.deps, actor, mail)
    assert sent.round_trips == 2


def test_gmails_own_kind_of_id_is_understood(company: Company) -> None:
    gmail_id = mail_from_dana(company)[ROBIN]
    assert known(company, f"msg-f:{int(gmail_id, 16)}").contact.name == "Dana Reyes"


@pytest.mark.parametrize("gmail_id", ["18aaaaaaaaaaaaaa", "msg-f:1", "nonsense", "msg-f:"])
def test_an_unknown_message_is_said_to_be_gone(company: Company, gmail_id: str) -> None:
    with pytest.raises(MessageGone):
        shown(company, gmail_id)


def test_headers_are_read_only_with_the_permission_for_them(company: Company) -> None:
    gmail_id = mail_from_dana(company)[ROBIN]
    with pytest.raises(ScopeMissing) as caught:
        shown(
            company, gmail_id, scopes=frozenset({"https://www.googleapis.com/auth/userinfo.email"})
        )
    assert set(caught.value.scopes) < set(NEEDED.values())
