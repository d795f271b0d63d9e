"""A real worker process ends as an operator wants it to."""

import pytest

from tests.support.crew import crew_of
from tests.support.office import DANA, Office
from tests.support.processes import eventually

pytestmark = pytest.mark.flow


def test_a_worker_told_to_end_does_so_after_its_batch(quiet_office: Office) -> None:
    """Google's rate would keep the import going for a minute."""
    office = quiet_office
    for number in range(120):
        office.receives(**{"from": DANA, "subject": f"Mail {number}"})
    office.connect()
    with crew_of(office) as crew:
        worker = crew.start("worker")
        begun = "SELECT count(*) FROM decisions"
        assert eventually(lambda: office.value(begun) >= 25)
        worker.terminate()
        assert worker.wait(timeout=8) == 0
    done = office.value(begun)
    assert done < 120
    assert office.value("SELECT count(*) FROM to_fetch") == 120 - done
    assert office.value("SELECT last_error FROM mailboxes") is None
    office.work()
    office.later(minutes=3).sweep()
    assert office.value(begun) == 120
