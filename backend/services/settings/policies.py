"""The workspace's choices where the contract leaves one: changed from one table."""

from backend.deps import Deps
from backend.domain.customers.account_traits import BY_DOMAIN, choosable
from backend.domain.people.actor import Actor
from backend.domain.people.roles import Permission
from backend.domain.policies import LATER, SETTINGS, check
from backend.errors import InputError
from backend.services import replanning
from backend.services.settings.rights import require
from backend.store import account_traits, audit, choices


def check_choice(deps: Deps, actor: Actor, *, name: str, value: str) -> None:
    """Raise InputError that names the setting unless the value can be chosen now."""
    check(name, value)
    if name in LATER:
        raise InputError(LATER[name], {name: LATER[name]})
    setting = SETTINGS[name]
    if name != BY_DOMAIN or value in setting.options():
        return
    with deps.store.begin(actor.workspace_id) as session:
        if value in choosable(account_traits.names(session)):
            return
    sentence = f"There is no trait “{value}”. An admin adds it under Account traits."
    raise InputError(sentence, {name: sentence})


def change_policy(deps: Deps, actor: Actor, *, name: str, value: str) -> None:
    """Set one setting for the workspace. Raises InputError that names it, or NotAllowed."""
    require(actor, Permission.POLICY_CHANGE)
    check_choice(deps, actor, name=name, value=value)
    with deps.store.begin(actor.workspace_id) as session:
        if value == SETTINGS[name].default_text:
            choices.drop_policy(session, name)
        else:
            choices.put_policy(session, actor, name, value, deps.now())
        audit.note(
            session,
            actor,
            "policy.changed",
            f"policy:{name}",
            now=deps.now(),
            detail={"value": value},
        )
        replanning.setting_changed(session, deps, actor.workspace_id, name)
