"""The traits of accounts, and their values for one account."""

from backend.deps import Deps
from backend.domain.ids import AccountId
from backend.domain.people.actor import Actor
from backend.domain.summaries.people import TraitLine, TraitView
from backend.store import account_traits
from backend.store.workspace_rules import policies


def traits_view(deps: Deps, actor: Actor) -> tuple[TraitView, ...]:
    """The workspace's traits, each with the number of accounts that have a value."""
    with deps.store.begin(actor.workspace_id) as session:
        matching = policies(session).match_by_domain
        filled = account_traits.filled(session)
        return tuple(
            TraitView(id=one, name=name, accounts=filled.get(one, 0), matches=name == matching)
            for name, one in account_traits.names(session).items()
        )


def traits_of_account(deps: Deps, actor: Actor, account_id: AccountId) -> tuple[TraitLine, ...]:
    """The traits of one account; those without a value are empty."""
    with deps.store.begin(actor.workspace_id) as session:
        matching = policies(session).match_by_domain
        said = account_traits.values(session, account_id)
        return tuple(
            TraitLine(id=one, name=name, value=said.get(one, ""), matches=name == matching)
            for name, one in account_traits.names(session).items()
        )


def matches_by(deps: Deps, actor: Actor) -> str | None:
    """The trait by which mail is matched, or None while only addresses match."""
    with deps.store.begin(actor.workspace_id) as session:
        return policies(session).match_by_domain
