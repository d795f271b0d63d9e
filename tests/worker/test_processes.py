"""A real worker process ends as an operator wants it to."""

import pytest

from backend.local.services import JOB_GRACE
from tests.support.company import DANA, Company
from tests.support.crew import crew_of
from tests.support.processes import eventually

pytestmark = pytest.mark.flow


def test_a_worker_told_to_end_does_so_after_its_batch(quiet_company: Company) -> None:
    """Google's rate would keep the import going for a minute."""
    company = quiet_company
    for number in range(120):
        company.receives(**{"from": DANA, "subject": f"Mail {number}"})
    company.connect()
    with crew_of(company) as crew, crew.typed("worker") as worker:
        begun = "SELECT count(*) FROM decisions"
        assert eventually(lambda: company.value(begun) >= 25)
        worker.terminate()
        assert worker.wait(timeout=JOB_GRACE["prompt"].total_seconds()) == 0
    done = company.value(begun)
    assert done < 120
    assert company.value("SELECT count(*) FROM to_fetch") == 120 - done
    assert company.value("SELECT last_error FROM mailboxes") is None
    company.work()
    company.later(minutes=3).sweep()
    assert company.value(begun) == 120
