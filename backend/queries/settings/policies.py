"""The workspace's policies by area, each with the values in force."""

from collections.abc import Mapping

from backend.deps import Deps
from backend.domain.customers.account_traits import BY_DOMAIN, choosable
from backend.domain.people.actor import Actor
from backend.domain.people.roles import Permission, allowed
from backend.domain.policies import AREAS, LATER, DisconnectHistory, Level, Policies, policy
from backend.domain.policies.kinds import ManyOf, Number, OptionalNumber
from backend.domain.policies.setting import AnySetting
from backend.domain.summaries.administration import PolicyView, SettingView
from backend.store import account_traits, choices
from backend.store.models import PolicyChoice
from backend.store.workspace_rules import policies

Chosen = dict[str, tuple[PolicyChoice, str | None]]
Named = Mapping[str, Mapping[str, str]]


def policies_view(deps: Deps, actor: Actor) -> tuple[PolicyView, ...]:
    """All policies by area, each with the values in force; those not built yet come last."""
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


def redacts_after_disconnecting(deps: Deps, actor: Actor) -> bool:
    """Whether mail loses its text with the only mailbox that has it (D-21)."""
    with deps.store.begin(actor.workspace_id) as session:
        return policies(session).disconnect_history is DisconnectHistory.KEEP_AND_REDACT


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
    """The value in force in words: a sentence, or a number with its unit."""
    if value in options:
        return options[value]
    if isinstance(setting, Number | OptionalNumber) and value.isdecimal():
        return f"{int(value):,} {setting.unit.partition(';')[0]}"
    return " ".join(options.get(one, one) for one in value.split(","))
