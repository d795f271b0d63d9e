"""Every job has code, a queue and somebody who serves it; every duty is done by one."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from redis import Redis
from rq import Queue
from rq.registry import StartedJobRegistry
from rq.serializers import JSONSerializer

from backend.jobs import QUEUE_OF, JobName, QueueName
from backend.services import upkeep
from backend.store.upkeep import claim_duty
from tests.support.office import DANA, Office
from worker import jobs
from worker.lost_jobs import free_lost_jobs
from worker.queues import SERVES, WorkerRole


def test_every_job_is_a_function_on_a_queue() -> None:
    assert set(QUEUE_OF) == set(JobName)
    for name in JobName:
        assert callable(getattr(jobs, name.value))


def test_every_queue_is_served_and_imports_never_hold_up_live_mail() -> None:
    assert set(SERVES[WorkerRole.ANY]) == set(QueueName)
    together = {*SERVES[WorkerRole.PROMPT], *SERVES[WorkerRole.PATIENT]}
    assert together == set(QueueName)
    assert QueueName.IMPORT not in SERVES[WorkerRole.PROMPT]


def test_a_duty_is_claimed_once_however_many_schedules_run(quiet_office: Office) -> None:
    store, now = quiet_office.deps.store, quiet_office.deps.now()

    def claim(_: int) -> bool:
        with store.begin_global() as session:
            return claim_duty(session, "sync", every=timedelta(seconds=10), now=now)

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(claim, range(16))) == 1
    with store.begin_global() as session:
        later = now + timedelta(seconds=10)
        assert claim_duty(session, "sync", every=timedelta(seconds=10), now=later)


def test_what_redis_lost_is_asked_for_again(quiet_office: Office) -> None:
    office = quiet_office
    office.receives(**{"from": DANA})
    box = office.connect()
    office.forget_redis()
    assert office.work() == 0
    assert upkeep.do_duties(office.deps) >= 1
    assert office.work() >= 1
    assert office.value("SELECT state FROM mailboxes WHERE id = %s", box) == "live"


def test_asking_twice_while_a_job_waits_is_asking_once(quiet_office: Office) -> None:
    office = quiet_office
    for _ in range(3):
        office.deps.jobs.enqueue(JobName.SYNC_MAILBOX, 1, 1)
    with Redis.from_url(str(office.settings.redis_url)) as redis:
        assert Queue("live", connection=redis, serializer=JSONSerializer).count == 1


def test_a_job_whose_worker_died_can_be_asked_for_again(quiet_office: Office) -> None:
    office = quiet_office
    office.deps.jobs.enqueue(JobName.SYNC_MAILBOX, 1, 1)
    with Redis.from_url(str(office.settings.redis_url)) as redis:
        queue = Queue("live", connection=redis, serializer=JSONSerializer)
        job = queue.fetch_job(str(queue.pop_job_id()))
        assert job is not None
        job.set_status("started")  # type: ignore[arg-type]
        started = StartedJobRegistry(queue=queue)
        redis.zadd(started.key, {f"{job.id}:a-dead-worker": 1})  # silent since 1970
        free_lost_jobs(redis, office.deps.now())
        office.deps.jobs.enqueue(JobName.SYNC_MAILBOX, 1, 1)
        assert queue.count == 1


def test_a_job_lost_between_its_queue_and_a_worker_can_be_asked_for_again(
    quiet_office: Office,
) -> None:
    office = quiet_office
    office.deps.jobs.enqueue(JobName.SYNC_MAILBOX, 1, 1)
    with Redis.from_url(str(office.settings.redis_url)) as redis:
        queue = Queue("live", connection=redis, serializer=JSONSerializer)
        queue.pop_job_id()
        free_lost_jobs(redis, office.deps.now())
        office.deps.jobs.enqueue(JobName.SYNC_MAILBOX, 1, 1)
        assert queue.count == 0  # it may be on its way still
        free_lost_jobs(redis, office.deps.now() + timedelta(minutes=2))
        office.deps.jobs.enqueue(JobName.SYNC_MAILBOX, 1, 1)
        assert queue.count == 1
