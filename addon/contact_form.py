"""The account that was chosen in the form of an unknown sender.

A typed name beats the list; the service uses an existing account of that name.
"""

from addon.event import AddonEvent
from backend.domain.ids import AccountId
from backend.domain.paging import whole_id
from backend.services.creating_contacts import AccountByName, ExistingAccount
from cards.unknown import NEW_ACCOUNT


def account_choice(event: AddonEvent) -> ExistingAccount | AccountByName | None:
    """The choice, or None for a contact without an account."""
    typed, chosen = event.text("other_account"), event.text("account")
    if typed:
        return AccountByName(typed)
    account_id = whole_id(chosen)
    if account_id is not None:
        return ExistingAccount(AccountId(account_id))
    new_name = event.parameters.get("new_account", "")
    return AccountByName(new_name) if chosen == NEW_ACCOUNT and new_name else None
