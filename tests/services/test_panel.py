"""The card beside an e-mail that nobody has logged: which case it is; nothing is stored."""

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
from tests.support.decisions import choose, give_role, never_log
from tests.support.office import DANA, KIM, ROBIN, Office
from tests.support.open_mail import contents, copies, difference, mail_from_dana, opened
from tests.support.round_trips import counted

OMAR = "omar@northwind.example"
LEE = "Lee Ward <lee@newco.example>"


def shown(office: Office, gmail_id: str, email: str = ROBIN, **more: object) -> MessagePanel:
    mail = opened(office, gmail_id, email, **more)
    return open_message(office.deps, office.actor(email), mail)


def known(office: Office, gmail_id: str, email: str = ROBIN, **more: object) -> KnownPerson:
    found = shown(office, gmail_id, email, **more)
    assert isinstance(found, KnownPerson)
    return found


def unknown(office: Office, mail: dict[str, object]) -> UnknownPerson:
    found = shown(office, copies(office, {"to": [ROBIN], **mail})[ROBIN])
    assert isinstance(found, UnknownPerson)
    return found


def test_a_known_sender_is_named_with_account_and_log_state(office: Office) -> None:
    found = known(office, mail_from_dana(office)[ROBIN])
    assert (found.contact.name, found.contact.title) == ("Dana Reyes", "VP Operations")
    assert found.account is not None
    assert found.account.name == "Northwind Traders"
    assert found.account.csm is not None
    assert (found.log.logged, found.log.sentence, found.log.may_log) == (False, "", True)
    assert found.conversation_id is None


def test_opening_a_mail_stores_nothing(office: Office) -> None:
    before = contents(office)
    known(office, mail_from_dana(office)[ROBIN])
    unknown(office, {"from": LEE})
    assert difference(before, contents(office)) == {}
    for table in ("mailboxes", "decisions", "clicks"):
        assert office.value(f"SELECT count(*) FROM {table}") == 0, table


def test_our_own_mail_shows_whom_it_was_written_to(office: Office) -> None:
    gmail_id = copies(office, {"from": KIM, "to": [ROBIN, "mei@fabrikam.example"]})[ROBIN]
    assert known(office, gmail_id).contact.name == "Mei Tan"


def test_of_several_people_the_first_recipient_owns_the_thread(office: Office) -> None:
    mail = {"from": KIM, "to": [ROBIN, OMAR, DANA], "cc": ["mei@fabrikam.example"]}
    found = known(office, copies(office, mail)[ROBIN])
    assert found.contact.name == "Omar Lund"
    assert [(p.name, p.role, p.main) for p in found.people] == [
        ("Omar Lund", "To", True),
        ("Dana Reyes", "To", False),
        ("Mei Tan", "Cc", False),
    ]
    assert found.people[2].account_name == "Fabrikam"


def test_a_contact_only_in_cc_is_explained(office: Office) -> None:
    gmail_id = copies(office, {"from": LEE, "to": [ROBIN], "cc": [DANA]})[ROBIN]
    found = known(office, gmail_id)
    assert "stands only in Cc or Bcc" in found.log.sentence
    assert found.log.may_log


@pytest.mark.contract("S-11", "S-12")
def test_internal_mail_is_named_as_such(office: Office) -> None:
    found = shown(office, copies(office, {"from": KIM, "to": [ROBIN]})[ROBIN])
    assert isinstance(found, InternalThread)
    assert "never logged" in found.sentence


def test_the_never_log_list_names_its_entry(office: Office) -> None:
    never_log(office, "northwind.example")
    found = shown(office, mail_from_dana(office)[ROBIN])
    assert isinstance(found, NeverLogged)
    assert found.sentence == (
        "Not logged: northwind.example is on the never-log list of your workspace."
    )
    assert not found.may_log_anyway


def test_an_admin_may_make_an_exception(office: Office) -> None:
    never_log(office, "salary", kind="subject")
    give_role(office, ROBIN, "admin")
    found = shown(office, mail_from_dana(office, subject="Your salary")[ROBIN])
    assert isinstance(found, NeverLogged)
    assert found.may_log_anyway


def test_a_stranger_gets_a_form_with_the_best_guesses(office: Office) -> None:
    found = unknown(office, {"from": '"Ward, Lee" <lee@mail.graphic-design.example>'})
    assert (found.name, found.address) == ("Lee Ward", "lee@mail.graphic-design.example")
    assert (found.account, found.new_account_name) == (None, "Graphic Design")
    assert (found.refusal, len(found.accounts)) == (None, 10)


def test_a_stranger_at_a_known_company_is_offered_its_account(office: Office) -> None:
    found = unknown(office, {"from": "new@northwind.example"})
    assert found.account is not None
    assert (found.account.name, found.new_account_name) == ("Northwind Traders", None)


def test_mail_without_a_readable_sender_gets_a_sentence(office: Office) -> None:
    found = unknown(office, {"from": "nobody at all"})
    assert "names no address that could be read" in (found.refusal or "")


def test_free_mail_names_no_company(office: Office) -> None:
    found = unknown(office, {"from": "lee.ward@gmail.com"})
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
    office: Office, mail: dict[str, object], why: str
) -> None:
    assert why in (unknown(office, mail).refusal or "")


@pytest.mark.contract("D-4")
def test_without_the_policy_there_is_no_form(office: Office) -> None:
    choose(office, "contacts.create", "never")
    assert "Add lee@newco.example in the console" in (unknown(office, {"from": LEE}).refusal or "")


def test_earlier_mail_of_the_stranger_in_the_own_mailbox_is_counted(office: Office) -> None:
    for _ in range(3):
        copies(office, {"from": LEE, "to": [ROBIN]})
    office.connected()
    assert unknown(office, {"from": LEE}).earlier == Offer(3)


@pytest.mark.contract("D-5")
def test_the_card_counts_what_can_be_brought_in_and_nothing_else(office: Office) -> None:
    for who in (ROBIN, KIM):
        copies(office, {"from": LEE, "to": [who], "subject": "Before"})
    copies(office, {"from": LEE, "to": [ROBIN], "subject": "Secret"})
    never_log(office, "secret", kind="subject")
    mail = copies(office, {"from": LEE, "to": [ROBIN, KIM], "subject": "This one"})
    office.connected(ROBIN)
    office.connected(KIM)
    found = shown(office, mail[ROBIN])
    assert isinstance(found, UnknownPerson)
    assert found.earlier == Offer(1)  # not Kim's, nor this one, nor what is never logged


@pytest.mark.parametrize(("chosen", "earlier"), [("off", LeaveOut()), ("on", BringIn(1))])
def test_the_policy_says_whether_earlier_mail_is_offered(
    office: Office, chosen: str, earlier: LeaveOut | BringIn
) -> None:
    choose(office, "match.late", chosen)
    copies(office, {"from": LEE, "to": [ROBIN]})
    office.connected()
    assert unknown(office, {"from": LEE}).earlier == earlier


def test_a_strangers_card_waits_for_postgres_twice(office: Office) -> None:
    gmail_id = copies(office, {"from": LEE, "to": [ROBIN]})[ROBIN]
    mail, actor = opened(office, gmail_id), office.actor()
    with counted() as sent:
        open_message(office.deps, actor, mail)
    assert sent.round_trips == 2


def test_gmails_own_kind_of_id_is_understood(office: Office) -> None:
    gmail_id = mail_from_dana(office)[ROBIN]
    assert known(office, f"msg-f:{int(gmail_id, 16)}").contact.name == "Dana Reyes"


@pytest.mark.parametrize("gmail_id", ["18aaaaaaaaaaaaaa", "msg-f:1", "nonsense", "msg-f:"])
def test_an_unknown_message_is_said_to_be_gone(office: Office, gmail_id: str) -> None:
    with pytest.raises(MessageGone):
        shown(office, gmail_id)


def test_headers_are_read_only_with_the_permission_for_them(office: Office) -> None:
    gmail_id = mail_from_dana(office)[ROBIN]
    with pytest.raises(ScopeMissing) as caught:
        shown(
            office, gmail_id, scopes=frozenset({"https://www.googleapis.com/auth/userinfo.email"})
        )
    assert set(caught.value.scopes) < set(NEEDED.values())
