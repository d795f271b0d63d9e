"""Redis is lost while jobs of every kind are running: all of them continue, and nothing is
doubled.
"""

from collections import Counter
from datetime import timedelta
from time import monotonic

import pytest
import requests
from redis import Redis

from backend.domain.ids import PendingId
from backend.jobs import JobName
from backend.services import composing
from backend.services.composing import Draft
from backend.services.importing.syncing import remember_hint
from backend.services.settings import start_import
from tests.support.company import ANA, DANA, KIM, ROBIN, Company
from tests.support.crew import crew_of
from tests.support.faults import look_at_doubt, time_passed_for_senders
from tests.support.processes import eventually
from tests.support.redis_faults import at_work, copied, kinds, renewed, replaced
from worker.loop import BEAT_EVERY

pytestmark = pytest.mark.flow

GOES_ON_WITHIN = 30
"""Seconds after which everything must have gone on (the issue's measure)."""

STARTS_WITHIN = 180
"""Seconds in which all processes have begun, on a machine that others keep busy: before that, there
is nothing to be measured.
"""

COMMANDS = (
    *[("worker", "prompt"), ("worker", "prompt"), ("worker", "patient"), ("worker",)],
    *[("schedule",), ("schedule",)],
)
TEAM = (ROBIN, KIM, ANA)
MAILS = 12
ALL = {"sync_mailbox", "import_mailbox", "send_mailbox", "settle_doubts"}
HELD = 27.0
"""Seconds for which Google keeps each of these jobs waiting, unless released earlier: less than the
product waits for an answer.
"""

DELAYS = (
    ("messages.get", KIM),
    ("messages.list", ROBIN),
    ("messages.send", ANA),
    ("history.list", ROBIN),
)


def imported(company: Company, boxes: int) -> None:
    """The workers and schedules share the first import, although Redis is emptied in it."""
    beats = "SELECT count(*) FROM heartbeats"
    assert eventually(lambda: company.value(beats) == len(COMMANDS), within=STARTS_WITHIN)
    held(company, "messages.get", KIM)
    for email in TEAM:
        company.connect(email)
    live = "SELECT count(*) FROM mailboxes WHERE state = 'live'"
    assert eventually(lambda: bool(company.value("SELECT count(*) FROM to_fetch")), within=40)
    company.forget_redis()
    company.simulator.clear_faults()
    assert eventually(lambda: company.value(live) == boxes, within=90)
    assert company.value("SELECT count(*) FROM messages") == MAILS
    assert company.value("SELECT count(*) FROM message_copies") == MAILS * boxes
    assert company.value("SELECT count(*) FROM conversations") == MAILS
    assert company.value("SELECT count(*) FROM decisions") == MAILS * boxes
    assert company.value("SELECT count(*) FROM to_fetch") == 0
    for email in TEAM:
        assert company.simulator.usage(email)["calls"]["gmail.users.messages.get"] == MAILS


def doubtful(company: Company, number: int) -> PendingId:
    """A mail of Robin's that left, and whose answer was lost on the way."""
    lost = {"kind": "drop_after_accept", "match": "messages.send"}
    company.simulator.post("/simulator/faults", lost)
    pending_id = queue(company, ROBIN, f"Doubtful {number}")
    state = "SELECT state FROM pending_messages WHERE id = %s"
    assert eventually(lambda: company.value(state, pending_id) == "unknown")
    return pending_id


def nothing_else_to_read(company: Company, when: str) -> None:
    """Each mailbox was read to its end after a notification, so none is polled for minutes. A poll
    would find the doubtful mail, or take the delay that another job waits for.
    """
    came = [news(company, f"Before, {when}", email) for email in TEAM]
    read = "SELECT count(DISTINCT gmail_id) FROM decisions WHERE gmail_id = ANY(%s)"
    assert eventually(lambda: company.value(read, came) == len(came))


def queue(company: Company, email: str, subject: str) -> PendingId:
    draft = Draft(to=(DANA,), subject=subject, body_text="Shall we talk on Monday?")
    return composing.start(company.deps, company.actor(email), draft=draft, nonce=subject)


def time_passes(company: Company) -> None:
    """Two mails of one mailbox leave a minute apart, and doubt is looked into after two."""
    time_passed_for_senders(company, timedelta(minutes=5))


def news(company: Company, subject: str, email: str = KIM) -> str:
    """Mail of which Gmail tells."""
    gmail_id = company.receives(email, **{"from": DANA, "subject": subject})
    profile = company.gmail(email).get("profile")
    remember_hint(company.deps, email=email, history_id=int(profile["historyId"]))
    return gmail_id


def held(company: Company, method: str, email: str) -> None:
    """Google does not answer the next such call before it is released."""
    match = {"method": method, "user": email}
    fault = {"kind": "delay", "match": match, "params": {"seconds": HELD}, "times": 1}
    company.simulator.post("/simulator/faults", fault)


def all_at_work(company: Company, redis: Redis, doubt: PendingId, when: str) -> set[str]:
    """A job of each kind is in the middle of a call to Google. Returns their ids."""
    for method, email in DELAYS:
        held(company, method, email)
    look_at_doubt(company, doubt)
    boxes = dict(company.rows("SELECT email, id FROM mailboxes"))
    start_import(company.deps, company.actor(ROBIN), mailbox_id=boxes[ROBIN])
    queue(company, ANA, f"Leaving, {when}")
    company.deps.jobs.enqueue(JobName.SETTLE_DOUBTS, *company.key(boxes[ROBIN]))
    news(company, f"News, {when}")
    assert eventually(lambda: kinds(at_work(redis)) >= ALL, within=HELD - 7), at_work(redis)
    return {job_id for job_id in at_work(redis) if kinds({job_id}) <= ALL}


def everything_goes_on(company: Company, redis: Redis, jobs: set[str], when: str) -> None:
    """What was at work is done, and so is what came just after the loss."""
    ends = monotonic() + GOES_ON_WITHIN
    assert renewed(redis, jobs, within=2 * BEAT_EVERY)
    company.simulator.clear_faults()
    came = news(company, f"More, {when}")
    queue(company, KIM, f"More, {when}")
    open_ends = (
        "SELECT (SELECT count(*) FROM pending_messages WHERE state <> 'sent' AND lease_until IS"
        " DISTINCT FROM 'infinity') + (SELECT count(*) FROM import_runs WHERE finished_at IS NULL)"
        " + (SELECT count(*) FROM to_fetch)"
    )

    def done() -> bool:
        return bool(company.rows("SELECT FROM decisions WHERE gmail_id = %s", came)) and not (
            company.value(open_ends)
        )

    assert eventually(done, within=ends - monotonic()), company.rows(
        "SELECT subject, state, reason FROM pending_messages"
    )
    time_passes(company)


@pytest.mark.contract("V-1")
def test_jobs_of_every_kind_go_on_after_redis_was_lost_under_them(quiet_company: Company) -> None:
    company = quiet_company
    for number in range(MAILS):
        company.receives(*TEAM, **{"from": DANA, "subject": f"Mail {number}"})
    redis = Redis.from_url(str(company.settings.redis_url))
    with crew_of(company) as crew:
        for command in COMMANDS:
            crew.start(*command)
        imported(company, len(TEAM))
        nothing_else_to_read(company, "emptied")
        jobs = all_at_work(company, redis, doubtful(company, 0), "emptied")
        older = copied(redis)
        redis.flushall()
        everything_goes_on(company, redis, jobs, "emptied")

        nothing_else_to_read(company, "restored")
        jobs = all_at_work(company, redis, doubtful(company, 1), "restored")
        replaced(redis, older)
        everything_goes_on(company, redis, jobs, "restored")
        assert all(process.is_alive() for process in crew.running)
    url = f"{company.simulator.root}/simulator/deliveries"
    left = requests.get(url, timeout=20).json()["sends"]
    queued = [str(one) for (one,) in company.rows("SELECT id FROM pending_messages")]
    assert Counter(one["send_id"] for one in left) == dict.fromkeys(queued, 1)
