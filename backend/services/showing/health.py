"""The health page: parts of the installation, mailboxes, and what needs somebody."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from backend.domain.clocks import off_clock
from backend.domain.ids import MailboxId
from backend.domain.people.actor import Actor
from backend.domain.people.roles import Permission, allowed
from backend.domain.reasons import Reason, sentence
from backend.domain.summaries.health import HealthSummary, PartLine, TroubleLine
from backend.errors import LimiterUnavailable
from backend.services.alive import FRESH, MISSING, kind_of
from backend.services.deps import Deps
from backend.services.showing.mailbox_health import mailbox_health
from backend.store import health as rows
from backend.store import mailbox_lists
from backend.store.models import Heartbeat

ROLES = {"worker": "Worker", "schedule": "Schedule", "web": "Web"}
GOES_BY_DATABASE = (
    "Rapport goes by the database's clock, so mail still leaves at the right time, but Google's "
    "tokens may be refused there. Let the machine keep its time (NTP)."
)


def health(deps: Deps, actor: Actor) -> HealthSummary:
    """How everything is. Members see their own mailbox, leaders the team's, and admins the parts of
    the installation, too.
    """
    role = actor.role
    everybody = allowed(role, Permission.HEALTH_SEE, own=False)
    runs_it = allowed(role, Permission.INSTALLATION_SEE, own=False)
    with deps.store.begin_global() as session:
        beats = rows.heartbeats(session)
        version = rows.database_version(session)
    parts = (
        PartLine(name="Postgres", works=True, sentence=f"Answers. Version {version}."),
        _limiter(deps),
        *_processes(beats, deps.now()),
        _clocks(beats, deps),
    )
    with deps.store.begin(actor.workspace_id) as session:
        own = mailbox_lists.of_member(session, actor.member_id)
        shown = mailbox_lists.all_mailboxes(session) if everybody else [own] if own else []
        aside = rows.set_aside(session, None if everybody else actor.member_id)
        return HealthSummary(
            parts=parts if runs_it else (),
            all_work=all(part.works is not False for part in parts),
            mailboxes=mailbox_health(session, shown, deps.now()),
            troubles=tuple(
                TroubleLine(mailbox_email=email, sentence=sentence(Reason(reason)), count=count)
                for email, reason, count in aside
            ),
            decided=rows.decided(session),
            waiting=rows.waiting(session),
        )


def _limiter(deps: Deps) -> PartLine:
    try:
        deps.limits.take_units(MailboxId(0), 0, patience=timedelta(0))
    except LimiterUnavailable as error:
        return PartLine(name="Redis", works=False, sentence=error.sentence)
    return PartLine(name="Redis", works=True, sentence="Answers. Limits and queues work.")


def _processes(beats: Sequence[Heartbeat], now: datetime) -> list[PartLine]:
    """One line for each kind of process: alive with its age, silent, or never seen."""
    lines = []
    for role in dict.fromkeys((*MISSING, *(kind_of(beat.role) for beat in beats))):
        mine = [beat.beaten_at for beat in beats if kind_of(beat.role) == role]
        alive = [at for at in mine if abs(now - at) <= FRESH]
        latest = max(mine, default=None)
        name = ROLES.get(role, role.capitalize())
        said = f"{len(alive)} running." if alive else MISSING.get(role, "Has stopped reporting.")
        lines.append(PartLine(name=name, works=bool(alive), sentence=said, at=latest))
    return lines


def _clocks(beats: Sequence[Heartbeat], deps: Deps) -> PartLine:
    """Whose clock is off, of the processes heard of just now and this one."""
    now = deps.now()
    found = {one.name: one.clock_ahead for one in beats if abs(now - one.beaten_at) <= FRESH}
    found["this web process"] = deps.ahead().total_seconds()
    wrong = [off_clock(name, seconds) for name, seconds in sorted(found.items())]
    said = " ".join(filter(None, wrong))
    if not said:
        return PartLine(name="Clocks", works=True, sentence="All machines tell the same time.")
    return PartLine(name="Clocks", works=None, sentence=f"{said} {GOES_BY_DATABASE}")
