"""Checks of the installation: what doctor, Health and Admin setup say has this one source."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from backend.deps import Deps
from backend.domain.clocks import off_clock
from backend.domain.ids import MailboxId, WorkspaceId
from backend.domain.oauth.funnel import ARRIVED, CLIENT_CHECK, Trouble, WaysToGoogle, judge
from backend.domain.setup import evidence as rule
from backend.domain.setup.checks import Check, CheckState
from backend.errors import LimiterUnavailable
from backend.google.oauth import CONNECTING, SIGNING_IN
from backend.queries.alive import FRESH, LMTP, heartbeats, kind_of, needed
from backend.store import consent_counts, evidence
from backend.store.models import Heartbeat

LOOKED_BACK = timedelta(days=7)
"""How far back outcomes of OAuth attempts are reported."""

WAYS = (("Signing in with Google", SIGNING_IN), ("Connecting Gmail", CONNECTING))
ROLES = {"worker": "Worker", "schedule": "Schedule", "web": "Web", LMTP: "Smart BCC (LMTP)"}
GOES_BY_DATABASE = (
    "Rapport goes by the database's clock, so mail still leaves at the right time, but Google's "
    "tokens may be refused there. Let the machine keep its time (NTP)."
)
WORKS, LOOK, BROKEN = CheckState.WORKS, CheckState.LOOK, CheckState.BROKEN


def server_checks(deps: Deps) -> tuple[Check, ...]:
    """The parts that Rapport runs on."""
    with deps.store.begin_global() as session:
        beats = heartbeats(session)
        version = _database_version(session)
    return (
        Check(name="Postgres", state=WORKS, sentence=f"Answers. Version {version}."),
        _limiter(deps),
        *_processes(beats, needed(deps), deps.now()),
        _clocks(beats, deps),
    )


def arrival_checks(deps: Deps) -> tuple[Check, ...]:
    """Whether Google reaches us: the public address, the side panel, push."""
    with deps.store.begin_global() as session:
        seen = evidence.everything(session)
    simulated = deps.google.roots.replacement is not None
    return (
        rule.public_address(deps.public_url, seen, deps.now(), simulated=simulated),
        rule.side_panel(seen),
        rule.push(seen, deps.google.push_topic),
    )


def google_client(deps: Deps) -> Check:
    """Whether Google accepts our OAuth client, by its last answer to a worker or to doctor."""
    ways = ways_to_google(deps, (CLIENT_CHECK,))
    name = "Google's OAuth client"
    if ways.troubles:
        refusal = ways.troubles[0]
        answered = f"Google answers {refusal.code}."
        return Check(
            name=name,
            state=BROKEN,
            sentence=answered,
            advice=refusal.advice,
            at=refusal.last_at,
        )
    if not ways.arrived:
        return Check(name=name, state=CheckState.UNSEEN, sentence="Nobody has asked Google yet.")
    with deps.store.begin_global() as session:
        at = consent_counts.last(session, CLIENT_CHECK, ARRIVED)
    return Check(name=name, state=WORKS, sentence="Google accepts it.", at=at)


def google_troubles(deps: Deps) -> Iterator[Check]:
    """Our client, and what keeps people from connecting to Google."""
    client = google_client(deps)
    yield client
    for name, trouble in standing_troubles(deps):
        if trouble.advice != client.advice:
            yield Check(name=name, state=LOOK, sentence=trouble.happened, advice=trouble.advice)


def standing_troubles(deps: Deps) -> list[tuple[str, Trouble]]:
    """What keeps people of this installation from connecting to Google, by purpose."""
    now = deps.now()
    return [
        (name, trouble)
        for name, purposes in WAYS
        for trouble in ways_to_google(deps, purposes).troubles
        if trouble.stands(now)
    ]


def ways_to_google(
    deps: Deps, purposes: tuple[str, ...], workspace_id: WorkspaceId | None = None
) -> WaysToGoogle:
    """The outcomes of the last seven days, in one workspace or in the installation."""
    now = deps.now()
    with deps.store.begin_global() as session:
        return judge(
            consent_counts.ended(
                session, purposes, workspace_id=workspace_id, since=now - LOOKED_BACK, now=now
            ),
            accepted_at=consent_counts.last(session, CLIENT_CHECK, ARRIVED),
        )


def _database_version(session: Session) -> str:
    """The version of Postgres, which also shows that it answers."""
    return str(session.scalar(text("SHOW server_version")) or "")


def _limiter(deps: Deps) -> Check:
    try:
        deps.limits.take_units(MailboxId(0), 0, patience=timedelta(0))
    except LimiterUnavailable as error:
        return Check(name="Redis", state=BROKEN, sentence=error.sentence)
    return Check(name="Redis", state=WORKS, sentence="Answers. Limits and queues work.")


def _processes(
    beats: Sequence[Heartbeat], missing: Mapping[str, str], now: datetime
) -> list[Check]:
    """One line for each kind of process: alive with its age, silent, or never seen."""
    lines = []
    for role in dict.fromkeys((*missing, *(kind_of(beat.role) for beat in beats))):
        mine = [beat.beaten_at for beat in beats if kind_of(beat.role) == role]
        alive = [at for at in mine if abs(now - at) <= FRESH]
        latest = max(mine, default=None)
        name = ROLES.get(role, role.capitalize())
        said = f"{len(alive)} running." if alive else missing.get(role, "Has stopped reporting.")
        state = WORKS if alive else BROKEN
        lines.append(Check(name=name, state=state, sentence=said, at=latest))
    return lines


def _clocks(beats: Sequence[Heartbeat], deps: Deps) -> Check:
    """Processes with a wrong clock, among those with a recent heartbeat and this one."""
    now = deps.now()
    found = {one.name: one.clock_ahead for one in beats if abs(now - one.beaten_at) <= FRESH}
    found["this web process"] = deps.ahead().total_seconds()
    wrong = [off_clock(name, seconds) for name, seconds in sorted(found.items())]
    said = " ".join(filter(None, wrong))
    if not said:
        return Check(name="Clocks", state=WORKS, sentence="All machines tell the same time.")
    return Check(name="Clocks", state=LOOK, sentence=said, advice=GOES_BY_DATABASE)
