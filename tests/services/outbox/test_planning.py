"""How far ahead forecasts are kept, and what a changed policy does to them."""

from datetime import UTC, datetime, time, timedelta

import pytest

from backend.domain.ids import PendingId
from backend.domain.paging import ListQuery
from backend.domain.policies import POLICIES
from backend.queries.pending.listing import pending_mail
from backend.services.replanning import SETTINGS_THAT_PLAN, replan_workspace
from backend.services.settings import change_policy
from backend.store.outbox import planning
from backend.store.outbox.planning import replan
from tests.services.outbox.desk import Desk
from tests.support.office import ANA

PLANNED_AHEAD, MORE = 5, 3


def test_what_leaves_late_has_its_forecast_when_it_is_looked_at(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planning, "PLANNED_AHEAD", PLANNED_AHEAD)
    later = desk.moment + timedelta(days=1)
    moments = [later + timedelta(seconds=n) for n in range(PLANNED_AHEAD + MORE)]
    first, *_ = [desk.start(due_at=moment) for moment in moments]
    with desk.deps.store.begin(desk.actor.workspace_id) as session:
        replan(session, desk.mailbox_id, desk.moment)
    kept = dict(desk.office.rows("SELECT id, forecast_at FROM pending_messages"))
    assert sum(at is None for at in kept.values()) == MORE
    query = ListQuery(limit=PLANNED_AHEAD + MORE)
    shown = [line.leaves_at for line in pending_mail(desk.deps, desk.actor, query).items]
    moments = sorted(at for at in shown if at is not None)
    assert moments[0] == desk.leaves_at(PendingId(first))
    assert len(set(moments)) == PLANNED_AHEAD + MORE
    assert moments[:PLANNED_AHEAD] == sorted(at for at in kept.values() if at is not None)
    assert moments[-1] > max(at for at in kept.values() if at is not None)


def test_a_policy_that_opens_the_window_counts_for_mail_that_waits_already(desk: Desk) -> None:
    desk.moment = datetime(2026, 1, 10, 12, tzinfo=UTC)
    desk.windows("Europe/Berlin", ([1, 2, 3, 4, 5], time(9), time(17)))
    pending_id = desk.start()
    desk.send()
    assert desk.row(pending_id)["reason"] == "window_closed"
    admin = desk.office.actor(ANA)
    change_policy(desk.deps, admin, name="window.applies_to", value="automated")
    replan_workspace(desk.deps, desk.actor.workspace_id)
    assert desk.row(pending_id)["reason"] is None
    desk.send()
    assert desk.state(pending_id) == "sent"


def test_the_settings_that_plan_exist() -> None:
    assert {one.name for policy in POLICIES for one in policy.settings} >= SETTINGS_THAT_PLAN
