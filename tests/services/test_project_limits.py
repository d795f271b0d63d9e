"""A limit of the whole project rests every mailbox, one of a mailbox only that one."""

import pytest

from backend.jobs import JobName
from tests.support.company import DANA, KIM, ROBIN, Company

METRIC = "Quota exceeded for quota metric 'Total Query Cost' and limit 'Units per minute"
OF_THE_PROJECT = f"{METRIC}' of service 'gmail.googleapis.com'."
OF_ONE_USER = f"{METRIC} per user' of service 'gmail.googleapis.com'."
PAUSED = "SELECT email FROM mailboxes WHERE paused_until > now() ORDER BY email"


@pytest.mark.parametrize(
    ("message", "paused"),
    [
        pytest.param(OF_THE_PROJECT, [(KIM,), (ROBIN,)], id="the project"),
        pytest.param(OF_ONE_USER, [(ROBIN,)], id="one mailbox"),
    ],
)
def test_who_rests_after_a_rate_answer(
    message: str, paused: list[tuple[str]], quiet_company: Company
) -> None:
    company = quiet_company
    boxes = [company.connected(email) for email in (ROBIN, KIM)]
    mail = company.receives(ROBIN, KIM, **{"from": DANA})
    fault = {
        "kind": "status",
        "match": {"method": "history.list", "user": ROBIN},
        "params": {"code": 403, "reason": "rateLimitExceeded", "message": message},
    }
    company.simulator.post("/simulator/faults", fault)
    for box in boxes:
        company.deps.jobs.enqueue(JobName.SYNC_MAILBOX, *company.key(box))
    company.work()
    assert company.rows(PAUSED) == paused
    company.forget_redis()  # a minute later the pause in Redis is over
    company.later(minutes=20).sweep()
    seen = company.rows("SELECT gmail_id FROM decisions")
    assert (mail,) in seen
    assert len(seen) == 2


def test_a_rate_answer_inside_a_batch_rests_the_mailbox_and_loses_nothing(
    quiet_company: Company,
) -> None:
    company = quiet_company
    ids = [company.receives(**{"from": DANA}) for _ in range(3)]
    company.connect()
    fault = {
        "kind": "status",
        "match": {"method": "messages.get", "message": ids[1]},
        "params": {"code": 403, "reason": "rateLimitExceeded", "message": OF_ONE_USER},
    }
    company.simulator.post("/simulator/faults", fault)
    company.work()
    assert company.rows(PAUSED) == [(ROBIN,)]
    assert company.value("SELECT count(*) FROM decisions") == 2
    company.later(minutes=2).sweep()
    assert company.value("SELECT count(*) FROM decisions") == 3
