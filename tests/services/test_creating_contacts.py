"""One click makes a contact of a stranger, with account and mail, once, or nothing at all (D-4)."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from backend.domain.ids import AccountId, ContactId
from backend.errors import InputError
from backend.google.open_message import OpenedMessage
from backend.services import creating_contacts
from backend.services.creating_contacts import AccountByName, ExistingAccount, NewContact
from tests.support.decisions import choose
from tests.support.office import DANA, KIM, ROBIN, Office
from tests.support.open_mail import contents, copies, difference, nonce, opened

LEE = "lee@newco.example"
Account = ExistingAccount | AccountByName | None


def create(
    office: Office,
    email: str = LEE,
    *,
    name: str = "Lee Ward",
    account: Account = None,
    log: OpenedMessage | None = None,
    by: str = ROBIN,
) -> ContactId:
    person = NewContact(name=name, email=email, account=account)
    return creating_contacts.create_contact(
        office.deps, office.actor(by), person=person, log=log, nonce=nonce()
    )


def mail_of_lee(office: Office) -> dict[str, str]:
    return dict(copies(office, {"from": f"Lee Ward <{LEE}>", "to": [ROBIN, KIM]}))


@pytest.mark.contract("H-4", "D-4")
def test_contact_account_and_mail_are_there_after_one_click(office: Office) -> None:
    log = opened(office, mail_of_lee(office)[ROBIN])
    contact_id = create(office, account=AccountByName("Newco"), log=log)
    assert office.rows(
        "SELECT c.name, c.created_via, a.address, a.is_primary, x.name, x.domain "
        "FROM contacts c JOIN contact_addresses a ON a.contact_id = c.id "
        "JOIN account_contacts m ON m.contact_id = c.id JOIN accounts x ON x.id = m.account_id "
        "WHERE c.id = %s",
        contact_id,
    ) == [("Lee Ward", "click", LEE, True, "Newco", "newco.example")]
    assert office.rows(
        "SELECT l.via, v.owner_contact_id FROM log_entries l "
        "JOIN messages m ON m.id = l.message_id JOIN conversations v ON v.id = m.conversation_id"
    ) == [("click", contact_id)]


def test_without_the_box_nothing_of_the_mail_is_stored(office: Office) -> None:
    mail_of_lee(office)
    create(office)
    assert office.value("SELECT count(*) FROM messages") == 0
    assert office.value("SELECT count(*) FROM decisions") == 0


def test_two_people_at_once_make_one_contact_and_one_account(office: Office) -> None:
    mail = mail_of_lee(office)
    both = [(opened(office, mail[email], email), email) for email in (ROBIN, KIM)] * 5
    with ThreadPoolExecutor(10) as pool:
        made = list(
            pool.map(
                lambda one: create(office, account=AccountByName("Newco"), log=one[0], by=one[1]),
                both,
            )
        )
    assert len(set(made)) == 1
    assert office.value("SELECT count(*) FROM contact_addresses WHERE key = %s", LEE) == 1
    assert office.value("SELECT count(*) FROM accounts WHERE name = 'Newco'") == 1
    assert office.value("SELECT count(*) FROM messages") == 1


def test_the_same_click_again_makes_nothing_new(office: Office) -> None:
    person, robin = NewContact(name="Lee Ward", email=LEE, account=None), office.actor()
    made = {
        creating_contacts.create_contact(
            office.deps, robin, person=person, log=None, nonce="drawn-once:contact"
        )
        for _ in range(3)
    }
    assert len(made) == 1
    assert office.value("SELECT count(*) FROM audit_log WHERE action = 'contact.created'") == 1


def test_an_account_of_the_same_name_is_used(office: Office) -> None:
    known = office.value("SELECT id FROM accounts WHERE name = 'Fabrikam'")
    contact_id = create(office, account=AccountByName(" fabrikam "))
    member = "SELECT account_id FROM account_contacts WHERE contact_id = %s"
    assert office.rows(member, contact_id) == [(known,)]


def test_a_chosen_account_is_joined(office: Office) -> None:
    known = AccountId(office.value("SELECT id FROM accounts WHERE name = 'Contoso'"))
    contact_id = create(office, account=ExistingAccount(known))
    member = "SELECT account_id FROM account_contacts WHERE contact_id = %s"
    assert office.rows(member, contact_id) == [(known,)]


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
def test_some_addresses_never_become_contacts(office: Office, email: str, why: str) -> None:
    before = contents(office)
    with pytest.raises(InputError, match=why):
        create(office, email)
    assert difference(before, contents(office)) == {}


def test_list_mail_makes_no_contact(office: Office) -> None:
    letter = {"from": f"Lee <{LEE}>", "to": [ROBIN], "headers": {"List-Id": "<news.newco.example>"}}
    mail = opened(office, copies(office, letter)[ROBIN])
    with pytest.raises(InputError, match="automatic or list mail"):
        create(office, log=mail)
    assert office.value("SELECT count(*) FROM contact_addresses WHERE key = %s", LEE) == 0


@pytest.mark.contract("D-4")
def test_the_policy_may_keep_one_click_from_making_contacts(office: Office) -> None:
    choose(office, "contacts.create", "smart_bcc")
    with pytest.raises(InputError, match="One click does not add people"):
        create(office)


def test_when_the_mail_cannot_be_logged_no_contact_is_made(office: Office) -> None:
    before = contents(office)
    other = opened(office, copies(office, {"from": "x@else.example", "to": [ROBIN]})[ROBIN])
    with pytest.raises(InputError, match="Nobody on this email is a contact"):
        create(office, log=other)
    assert difference(before, contents(office)) == {}
    assert office.value("SELECT count(*) FROM clicks") == 0


def test_a_known_address_is_found_and_the_mail_is_logged(office: Office) -> None:
    known = office.value("SELECT contact_id FROM contact_addresses WHERE key = %s", DANA)
    mail = opened(office, copies(office, {"from": DANA, "to": [ROBIN]})[ROBIN])
    assert create(office, DANA, name="Somebody else", log=mail) == known
    assert office.value("SELECT name FROM contacts WHERE id = %s", known) == "Dana Reyes"
    assert office.value("SELECT count(*) FROM log_entries") == 1
