"""The workspace's choices where the contract leaves one: shown and changed from one table."""

from backend.domain.actor import Actor
from backend.domain.policies import POLICIES, Level, Policies, check
from backend.domain.policies.kinds import ManyOf
from backend.domain.policies.setting import AnySetting
from backend.domain.roles import Permission, Role, allowed
from backend.domain.summaries.administration import PolicyView, SettingView
from backend.services.administering.rights import require
from backend.services.deps import Deps
from backend.store import audit, choices
from backend.store.models import PolicyChoice

Chosen = dict[str, tuple[PolicyChoice, str | None]]


def policies_view(deps: Deps, actor: Actor) -> tuple[PolicyView, ...]:
    """All policies in order, each with the values in force."""
    may = allowed(Role(actor.role), Permission.POLICY_CHANGE, own=False)
    with deps.store.begin(actor.workspace_id) as session:
        chosen = {row.name: (row, name) for row, name in choices.policy_rows(session)}
    in_force = Policies({name: row.value for name, (row, _) in chosen.items()})
    return tuple(
        PolicyView(
            policy=policy,
            settings=tuple(_view(one, in_force, chosen, may=may) for one in policy.settings),
        )
        for policy in POLICIES
    )


def change_policy(deps: Deps, actor: Actor, *, name: str, value: str) -> None:
    """Set one setting for the workspace. Raises InputError that names it, or NotAllowed."""
    require(actor, Permission.POLICY_CHANGE)
    check(name, value)
    with deps.store.begin(actor.workspace_id) as session:
        default = next(s for p in POLICIES for s in p.settings if s.name == name).default_text
        if value == default:
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


def _view(setting: AnySetting, in_force: Policies, chosen: Chosen, *, may: bool) -> SettingView:
    row, by = chosen.get(setting.name, (None, None))
    return SettingView(
        name=setting.name,
        label=setting.label,
        value=in_force.text(setting.name),
        default=setting.default_text,
        options=tuple(setting.options().items()),
        several=isinstance(setting, ManyOf),
        changeable=may and Level.WORKSPACE in setting.levels,
        by=by,
        at=row.changed_at if row else None,
    )
