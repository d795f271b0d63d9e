"""How far ahead forecasts are kept, and what a changed policy does to them."""

from datetime import UTC, datetime, time, timedelta

import pytest

from backend.domain.ids import PendingId
from backend.domain.paging import ListQuery
from backend.domain.policies import POLICIES
from backend.queries.pending.listing import pending_mail
from backend.services import planning
from backend.services.planning import replan
from backend.services.replanning import SETTINGS_THAT_PLAN, replan_workspace
from backend.services.settings import change_policy
from tests.services.outbox.sender import Sender
from tests.support.company import ANA

PLANNED_AHEAD, MORE = 5, 3


def test_what_leaves_late_has_its_forecast_when_it_is_looked_at(
    sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planning, "PLANNED_AHEAD", PLANNED_AHEAD)
    later = sender.moment + timedelta(days=1)
    moments = [later + timedelta(seconds=n) for n in range(PLANNED_AHEAD + MORE)]
    first, *_ = [sender.start(due_at=moment) for moment in moments]
    with sender.deps.store.begin(sender.actor.workspace_id) as session:
        replan(session, sender.mailbox_id, sender.moment)
    kept = dict(sender.company.rows("SELECT id, forecast_at FROM pending_messages"))
    assert sum(at is None for at in kept.values()) == MORE
    query = ListQuery(limit=PLANNED_AHEAD + MORE)
    shown = [line.leaves_at for line in pending_mail(sender.deps, sender.actor, query).items]
    moments = sorted(at for at in shown if at is not None)
    assert moments[0] == sender.leaves_at(PendingId(first))
    assert len(set(moments)) == PLANNED_AHEAD + MORE
    assert moments[:PLANNED_AHEAD] == sorted(at for at in kept.values() if at is not None)
    assert moments[-1] > max(at for at in kept.values() if at is not None)


def test_a_policy_that_opens_the_window_counts_for_mail_that_waits_already(sender: Sender) -> None:
    sender.moment = datetime(2026, 1, 10, 12, tzinfo=UTC)
    sender.windows("Europe/Berlin", ([1, 2, 3, 4, 5], time(9), time(17)))
    pending_id = sender.start()
    sender.send()
    assert sender.row(pending_id)["reason"] == "window_closed"
    admin = sender.company.actor(ANA)
    change_policy(sender.deps, admin, name="window.applies_to", value="automated")
    replan_workspace(sender.deps, sender.actor.workspace_id)
    assert sender.row(pending_id)["reason"] is None
    sender.send()
    assert sender.state(pending_id) == "sent"


def test_the_settings_that_plan_exist() -> None:
    assert {one.name for policy in POLICIES for one in policy.settings} >= SETTINGS_THAT_PLAN
