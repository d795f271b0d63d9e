"""What stands in the form of a new contact before anybody types: the name as a person would write
it, and the account that has the address's domain.
"""

from backend.domain.mail.address import address_key, domain_of
from backend.domain.mail.domains import company_domains
from backend.domain.people.actor import Actor
from backend.domain.people.suggestions import company_domain, suggest
from backend.services.deps import Deps
from backend.store import accounts
from backend.store.capture.rules import team


def offered(deps: Deps, actor: Actor, *, name: str, email: str) -> tuple[str, str]:
    """A name and an account's name; both empty for what is no address."""
    key = address_key(email)
    if not key:
        return name, ""
    with deps.store.begin(actor.workspace_id) as session:
        company = company_domain(key, team(session))
        hints = accounts.with_domains(session, company_domains(domain_of(key)))
    found = suggest(name, key, company=company, accounts=hints)
    return found.name, found.account.name if found.account else found.new_account_name or ""
