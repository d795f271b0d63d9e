"""The workspace's choices where the contract leaves one: shown and changed from one table."""

from collections.abc import Mapping

from backend.domain.people.actor import Actor
from backend.domain.people.roles import Permission, allowed
from backend.domain.policies import AREAS, LATER, SETTINGS, Level, Policies, check, policy
from backend.domain.policies.kinds import ManyOf, Number, OptionalNumber
from backend.domain.policies.setting import AnySetting
from backend.domain.summaries.administration import PolicyView, SettingView
from backend.errors import InputError
from backend.services import replanning
from backend.services.deps import Deps
from backend.services.settings.account_traits import choosable
from backend.services.settings.rights import require
from backend.store import account_traits, audit, choices
from backend.store.models import PolicyChoice

Chosen = dict[str, tuple[PolicyChoice, str | None]]
Named = Mapping[str, Mapping[str, str]]
BY_DOMAIN = "match.by_domain"
"""Its values are names that the workspace gave: those of the accounts' traits."""


def policies_view(deps: Deps, actor: Actor) -> tuple[PolicyView, ...]:
    """All policies by area, each with the values in force; what is not built yet comes last."""
    may = allowed(actor.role, Permission.POLICY_CHANGE, own=False)
    with deps.store.begin(actor.workspace_id) as session:
        chosen = {row.name: (row, name) for row, name in choices.policy_rows(session)}
        named = {BY_DOMAIN: choosable(account_traits.names(session))}
    in_force = Policies({name: row.value for name, (row, _) in chosen.items()})
    found = (
        PolicyView(
            policy=(row := policy(f"D-{number}")),
            area=area,
            settings=tuple(_view(one, in_force, chosen, named, may=may) for one in row.settings),
        )
        for area, numbers in AREAS.items()
        for number in numbers
    )
    return tuple(sorted(found, key=lambda view: view.later))


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


def _view(
    setting: AnySetting, in_force: Policies, chosen: Chosen, named: Named, *, may: bool
) -> SettingView:
    row, by = chosen.get(setting.name, (None, None))
    value, later = in_force.text(setting.name), LATER.get(setting.name, "")
    options = {**setting.options(), **named.get(setting.name, {})}
    return SettingView(
        name=setting.name,
        label=setting.label,
        value=value,
        default=setting.default_text,
        options=tuple(options.items()),
        several=isinstance(setting, ManyOf),
        changeable=may and not later and Level.WORKSPACE in setting.levels,
        said=_said(setting, value, options),
        later=later,
        by=by,
        at=row.changed_at if row else None,
    )


def _said(setting: AnySetting, value: str, options: Mapping[str, str]) -> str:
    """The value in force as people read it: a sentence, or a number with its unit."""
    if value in options:
        return options[value]
    if isinstance(setting, Number | OptionalNumber) and value.isdecimal():
        return f"{int(value):,} {setting.unit.partition(';')[0]}"
    return " ".join(options.get(one, one) for one in value.split(","))
