"""Real processes of one installation, started by the operator's commands and ended as they would
end them.
"""

import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from backend.settings import environment
from tests.support.company import Company, company_settings
from tests.support.faults import time_passed_for_readers
from tests.support.simulator import PROJECT

CLAIM_IS_OVER = timedelta(minutes=2)
"""After this long everything a dead worker had taken is free again."""


@dataclass
class Crew:
    """The processes of a company, all with one environment."""

    company: Company
    settings: Mapping[str, str]
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self, *words: str, **more: str) -> subprocess.Popen[bytes]:
        """`rapport` with these words, as an operator types them."""
        told = {name: value for name, value in environment().items() if "RAPPORT" not in name}
        process = subprocess.Popen(
            [sys.executable, "-m", "backend.cli", *words],
            cwd=PROJECT,
            env={**told, **self.settings, **more},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.running.append(process)
        return process

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        """The machine it runs on is gone."""
        process.send_signal(signal.SIGKILL)
        process.wait()

    def passes(self, time: timedelta = CLAIM_IS_OVER) -> None:
        """What was taken for a while is free again."""
        time_passed_for_readers(self.company, time)

    def end(self) -> None:
        """Ask all of them to end, and see that they do."""
        for process in self.running:
            process.terminate()
        for process in self.running:
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@contextmanager
def crew_of(company: Company, **more: str) -> Iterator[Crew]:
    """An empty crew; every process it starts ends with it."""
    redis_url = str(company.settings.redis_url)
    settings = company_settings(company.database, redis_url, company.simulator)
    crew = Crew(company, {**settings, **more})
    try:
        yield crew
    finally:
        crew.end()
