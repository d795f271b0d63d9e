"""Traits of accounts: an admin names them, and everybody who edits accounts fills them in.

One of them, or the account's own mail domain, may be chosen to hold the domains by which mail is
matched (D-18, S-18, S-19): its values must be domains, and none of our own.
"""

from backend.deps import Deps
from backend.domain.customers.account_traits import LONGEST_VALUE, domains_in, nameless, trait_name
from backend.domain.customers.columns import NAMES, plain_name
from backend.domain.mail.domains import company_domains, domain_in
from backend.domain.people.actor import Actor
from backend.domain.people.roles import Permission
from backend.domain.people.team import Team
from backend.errors import InputError, SettledAlready
from backend.services.settings.rights import require
from backend.store import account_traits, audit
from backend.store.workspace_rules import policies

GONE = "This trait is not there any more: it was removed already."


def add_trait(deps: Deps, actor: Actor, *, name: str) -> str:
    """Add a trait. Returns the cleaned name. Raises InputError, or SettledAlready when there is one
    of that name.
    """
    require(actor, Permission.TRAIT_MANAGE)
    kept = trait_name(name, frozenset())
    if plain_name(kept) in NAMES:
        taken = f"Customer lists have a column of that name already: {NAMES[plain_name(kept)]}."
        raise InputError(taken, {"name": taken})
    with deps.store.begin(actor.workspace_id) as session:
        if not account_traits.add(session, actor, kept, deps.now()):
            raise SettledAlready(f"There is a trait “{kept}” already.")
        audit.note(session, actor, "trait.added", f"trait:{kept}", now=deps.now())
    return kept


def remove_trait(deps: Deps, actor: Actor, *, trait_id: int) -> str:
    """Delete a trait with all its values. Returns its name. Raises InputError while mail is matched
    by it.
    """
    require(actor, Permission.TRAIT_MANAGE)
    with deps.store.begin(actor.workspace_id) as session:
        named = {one: name for name, one in account_traits.names(session).items()}
        if trait_id not in named:
            raise SettledAlready(GONE)
        name = named[trait_id]
        if policies(session).match_by_domain == name:
            raise InputError(
                f"Mail is matched by “{name}”. Choose another value under Policies, "
                "at Matching by domain, before you remove it."
            )
        account_traits.remove(session, trait_id)
        audit.note(session, actor, "trait.removed", f"trait:{name}", now=deps.now())
    return name


def unusable(value: str, name: str, ours: Team, matching: str | None) -> str | None:
    """Why this value is invalid, if so: where mail is matched by the trait, it must hold
    domains.
    """
    if len(value) > LONGEST_VALUE:
        return f"“{name}” has {len(value)} characters. Shorten it to {LONGEST_VALUE}."
    if name != matching:
        return None
    if (part := nameless(value)) is not None:
        return f"“{part}” is no mail domain of one company, and mail is matched by “{name}”."
    own = next((one for one in domains_in(value) if one in ours.domains), None)
    return f"{own} is your team's own domain." if own else None


def unusable_domain(text: str, ours: Team) -> str | None:
    """Why this cannot be an account's mail domain, if so."""
    domain = domain_in(text)
    if domain is None:
        return f"“{text.strip()}” is not a domain. Write one such as alpha.example."
    if domain not in company_domains(domain):
        return f"Anybody can have an address at {domain}, so it names no account."
    return f"{domain} is your team's own domain." if domain in ours.domains else None
