"""One click makes a contact of a stranger, with account and mail, once, or nothing at all (D-4)."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from backend.domain.ids import AccountId, ContactId
from backend.errors import InputError
from backend.google.open_message import OpenedMessage
from backend.services import creating_contacts
from backend.services.creating_contacts import AccountByName, ExistingAccount, NewContact
from tests.support.company import DANA, KIM, ROBIN, Company
from tests.support.decisions import choose
from tests.support.open_mail import contents, copies, difference, nonce, opened

LEE = "lee@newco.example"
Account = ExistingAccount | AccountByName | None


def create(
    company: Company,
    email: str = LEE,
    *,
    name: str = "Lee Ward",
    account: Account = None,
    log: OpenedMessage | None = None,
    by: str = ROBIN,
) -> ContactId:
    person = NewContact(name=name, email=email, account=account)
    return creating_contacts.create_contact(
        company.deps, company.actor(by), person=person, log=log, nonce=nonce()
    )


def mail_of_lee(company: Company) -> dict[str, str]:
    return dict(copies(company, {"from": f"Lee Ward <{LEE}>", "to": [ROBIN, KIM]}))


@pytest.mark.contract("H-4", "D-4")
def test_contact_account_and_mail_are_there_after_one_click(company: Company) -> None:
    log = opened(company, mail_of_lee(company)[ROBIN])
    contact_id = create(company, account=AccountByName("Newco"), log=log)
    assert company.rows(
        "SELECT c.name, c.created_via, a.address, a.is_primary, x.name, x.domain "
        "FROM contacts c JOIN contact_addresses a ON a.contact_id = c.id "
        "JOIN account_contacts m ON m.contact_id = c.id JOIN accounts x ON x.id = m.account_id "
        "WHERE c.id = %s",
        contact_id,
    ) == [("Lee Ward", "click", LEE, True, "Newco", "newco.example")]
    assert company.rows(
        "SELECT l.via, v.owner_contact_id FROM log_entries l "
        "JOIN messages m ON m.id = l.message_id JOIN conversations v ON v.id = m.conversation_id"
    ) == [("click", contact_id)]


def test_without_the_box_nothing_of_the_mail_is_stored(company: Company) -> None:
    mail_of_lee(company)
    create(company)
    assert company.value("SELECT count(*) FROM messages") == 0
    assert company.value("SELECT count(*) FROM decisions") == 0


def test_two_people_at_once_make_one_contact_and_one_account(company: Company) -> None:
    mail = mail_of_lee(company)
    both = [(opened(company, mail[email], email), email) for email in (ROBIN, KIM)] * 5
    with ThreadPoolExecutor(10) as pool:
        made = list(
            pool.map(
                lambda one: create(company, account=AccountByName("Newco"), log=one[0], by=one[1]),
                both,
            )
        )
    assert len(set(made)) == 1
    assert company.value("SELECT count(*) FROM contact_addresses WHERE key = %s", LEE) == 1
    assert company.value("SELECT count(*) FROM accounts WHERE name = 'Newco'") == 1
    assert company.value("SELECT count(*) FROM messages") == 1


def test_the_same_click_again_makes_nothing_new(company: Company) -> None:
    person, robin = NewContact(name="Lee Ward", email=LEE, account=None), company.actor()
    made = {
        creating_contacts.create_contact(
            company.deps, robin, person=person, log=None, nonce="drawn-once:contact"
        )
        for _ in range(3)
    }
    assert len(made) == 1
    assert company.value("SELECT count(*) FROM audit_log WHERE action = 'contact.created'") == 1


def test_an_account_of_the_same_name_is_used(company: Company) -> None:
    known = company.value("SELECT id FROM accounts WHERE name = 'Fabrikam'")
    contact_id = create(company, account=AccountByName(" fabrikam "))
    member = "SELECT account_id FROM account_contacts WHERE contact_id = %s"
    assert company.rows(member, contact_id) == [(known,)]


def test_a_chosen_account_is_joined(company: Company) -> None:
    known = AccountId(company.value("SELECT id FROM accounts WHERE name = 'Contoso'"))
    contact_id = create(company, account=ExistingAccount(known))
    member = "SELECT account_id FROM account_contacts WHERE contact_id = %s"
    assert company.rows(member, contact_id) == [(known,)]


@pytest.mark.parametrize(
    ("email", "why"),
    [
        ("no-reply@newco.example", "speaks for a function"),
        ("robin@lumenworks.example", "one of your team's own"),
        ("somebody@lumenworks.example", "one of your team's own"),
        ("not an address", "not a usable email address"),
        ("", "not a usable email address"),
    ],
)
def test_some_addresses_never_become_contacts(company: Company, email: str, why: str) -> None:
    before = contents(company)
    with pytest.raises(InputError, match=why):
        create(company, email)
    assert difference(before, contents(company)) == {}


def test_list_mail_makes_no_contact(company: Company) -> None:
    letter = {"from": f"Lee <{LEE}>", "to": [ROBIN], "headers": {"List-Id": "<news.newco.example>"}}
    mail = opened(company, copies(company, letter)[ROBIN])
    with pytest.raises(InputError, match="automatic or list mail"):
        create(company, log=mail)
    assert company.value("SELECT count(*) FROM contact_addresses WHERE key = %s", LEE) == 0


@pytest.mark.contract("D-4")
def test_the_policy_may_keep_one_click_from_making_contacts(company: Company) -> None:
    choose(company, "contacts.create", "smart_bcc")
    with pytest.raises(InputError, match="One click does not add people"):
        create(company)


def test_when_the_mail_cannot_be_logged_no_contact_is_made(company: Company) -> None:
    before = contents(company)
    other = opened(company, copies(company, {"from": "x@else.example", "to": [ROBIN]})[ROBIN])
    with pytest.raises(InputError, match="Nobody on this email is a contact"):
        create(company, log=other)
    assert difference(before, contents(company)) == {}
    assert company.value("SELECT count(*) FROM clicks") == 0


def test_a_known_address_is_found_and_the_mail_is_logged(company: Company) -> None:
    known = company.value("SELECT contact_id FROM contact_addresses WHERE key = %s", DANA)
    mail = opened(company, copies(company, {"from": DANA, "to": [ROBIN]})[ROBIN])
    assert create(company, DANA, name="Somebody else", log=mail) == known
    assert company.value("SELECT name FROM contacts WHERE id = %s", known) == "Dana Reyes"
    assert company.value("SELECT count(*) FROM log_entries") == 1
