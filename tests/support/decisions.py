"""What people decide on the pages, done by the services behind the pages.

Tests set up what they need with these, so that none begins from a state that nobody can reach.
"""

from collections.abc import Iterable
from io import BytesIO
from typing import Any

from backend.domain.customers.columns import Header, read_header
from backend.domain.customers.rows import Line
from backend.domain.ids import AccountId, ContactId, MailboxId, MemberId
from backend.domain.mail.address import address_key
from backend.services import leaving, seeding, subscriptions
from backend.services.connecting import disconnect
from backend.services.customer_lists import judging, writing
from backend.services.customer_lists.file import CustomerFile
from backend.services.settings import (
    add_never_log,
    change_policy,
    change_role,
    choose_sharing,
    disable_gmail,
)
from backend.services.subscriptions import Subscription
from tests.support.company import ANA, DANA, KIM, ROBIN, Company
from tests.support.email_settings import save_email_settings


def choose(company: Company, name: str, value: str) -> None:
    """The admin chooses a value of a policy."""
    change_policy(company.deps, company.actor(ANA), name=name, value=value)


def never_log(company: Company, value: str, *, kind: str = "domain", by: str = "") -> None:
    """The admin adds an entry to the workspace's never-log list, or a member to their own."""
    scope = "mine" if by else "workspace"
    add_never_log(company.deps, company.actor(by or ANA), kind=kind, value=value, scope=scope)


def settle_on(company: Company, email: str = ROBIN, **changed: Any) -> None:
    """A member saves their email settings with these changes."""
    save_email_settings(company.deps, company.actor(email), **changed)


def share(company: Company, level: str, email: str = ROBIN) -> None:
    """A member chooses how much of their mailbox the team may read: a value of `Visibility`."""
    choose_sharing(company.deps, company.actor(email), level)


def give_role(company: Company, email: str, role: str) -> None:
    """An admin gives a member another role."""
    change_role(company.deps, company.actor(ANA), member_id=member_id(company, email), role=role)


def remove_member(company: Company, email: str) -> None:
    """An admin takes a member's access away; mail that waits is held. When Ana herself goes, Kim
    becomes an admin and does it.
    """
    if email == ANA:
        give_role(company, KIM, "admin")
    admin = company.actor(KIM if email == ANA else ANA)
    gone = member_id(company, email)
    leaving.remove(company.deps, admin, member_id=gone, heir=None, mail=leaving.HOLD)


def member_id(company: Company, email: str) -> MemberId:
    """The member with this address."""
    return company.actor(email).member_id


def turn_gmail_off(company: Company) -> None:
    """The admin turns Gmail off for the workspace."""
    disable_gmail(company.deps, company.actor(ANA))


def disconnect_gmail(company: Company, mailbox_id: MailboxId, email: str = ROBIN) -> None:
    """A member disconnects their mailbox."""
    disconnect(company.deps, company.actor(email), mailbox_id=mailbox_id)


def unsubscribe(company: Company, address: str = DANA) -> None:
    """Robin sets the contact with this address to unsubscribed."""
    contacts = [contact_id(company, address)]
    subscriptions.switch(
        company.deps, company.actor(), contacts=contacts, to=Subscription.UNSUBSCRIBED
    )


def contact_id(company: Company, address: str = DANA) -> ContactId:
    """The first contact with this address."""
    query = "SELECT contact_id FROM contact_addresses WHERE key = %s ORDER BY contact_id"
    return ContactId(company.value(query, address_key(address)))


def account_id(company: Company, name: str) -> AccountId:
    """The account with this name."""
    return AccountId(company.value("SELECT id FROM accounts WHERE name = %s", name))


def add_contact(
    company: Company, name: str, *addresses: str, accounts: Iterable[str] = ()
) -> ContactId:
    """`rapport seed` with a company that has one more contact. The first address is new; a further
    one may be another contact's too.
    """
    example = company.simulator.company
    person = {"name": name, "emails": list(addresses), "accounts": list(accounts)}
    seeding.seed(company.deps, {**example, "contacts": [person]})
    return contact_id(company, addresses[0])


def import_customers(company: Company, *lines: str) -> None:
    """Robin takes in a customer list: its head and its lines, as in a CSV file."""
    deps, actor = company.deps, company.actor()
    data = "\n".join([*lines, ""]).encode()
    house = judging.house_of(deps, actor)
    file = CustomerFile(lambda: BytesIO(data))
    header = read_header(file.names, house.traits)
    assert isinstance(header, Header)
    judged = list(judging.judged(deps, actor, house, file.lines(header)))
    good = [one for one in judged if isinstance(one, Line)]
    assert good == judged, judged
    for _ in writing.import_people(deps, actor, house, good):
        pass
