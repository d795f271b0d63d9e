"""Real processes of one installation, and the ways in which an operator starts and ends them.

Most of what a start costs is importing the product. A test that is not about starting takes copies
of a process that has imported it already.
"""

import os
import runpy
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from multiprocessing import get_context
from multiprocessing.context import ForkServerContext, ForkServerProcess

from backend.settings import environment
from tests.support.company import Company, company_settings
from tests.support.faults import time_passed_for_readers
from tests.support.simulator import PROJECT

CLAIM_IS_OVER = timedelta(minutes=2)
"""After this long everything a dead worker had taken is free again."""

ENDS_WITHIN = 20
"""Seconds that a process has at the end of a test before it is killed."""

MODULES = {
    "web": ("backend.wsgi", "127.0.0.1"),
    "worker": ("worker",),
    "schedule": ("worker.schedule",),
    "smart-bcc": ("backend.hooks.smart_bcc",),
}
"""The program that each command of `rapport` becomes."""


def forked() -> ForkServerContext:
    """Starts processes from one that has imported all of the product."""
    context = get_context("forkserver")
    context.set_forkserver_preload(
        ["worker.jobs", "worker.loop", "worker.schedule", "backend.wsgi", "backend.hooks.smart_bcc"]
    )
    return context


def be(module: str, words: tuple[str, ...], settings: Mapping[str, str]) -> None:
    """Become `python -m module words`, silently."""
    os.environ.clear()  # noqa: TID251 - a process of its own
    os.environ.update(settings)  # noqa: TID251
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    sys.argv = [module, *words]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


@dataclass
class Crew:
    """The processes of a company, all with one environment."""

    company: Company
    settings: Mapping[str, str]
    running: list[ForkServerProcess] = field(default_factory=list)

    def start(self, command: str, *words: str, **more: str) -> ForkServerProcess:
        """The program of this command of `rapport`, with these words."""
        module, *first = MODULES[command]
        told = {**plain_environment(), **self.settings, **more}
        process = forked().Process(target=be, args=(module, (*first, *words), told))
        process.start()
        self.running.append(process)
        return process

    @contextmanager
    def typed(self, *words: str) -> Iterator[subprocess.Popen[bytes]]:
        """`rapport` with these words, as an operator types them."""
        process = subprocess.Popen(
            [sys.executable, "-m", "backend.cli", *words],
            cwd=PROJECT,
            env={**plain_environment(), **self.settings},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            yield process
        finally:
            process.kill()
            process.wait()

    def kill(self, process: ForkServerProcess) -> None:
        """The machine it runs on is gone."""
        os.kill(process.pid or 0, signal.SIGKILL)
        process.join()

    def passes(self, time: timedelta = CLAIM_IS_OVER) -> None:
        """What was taken for a while is free again."""
        time_passed_for_readers(self.company, time)

    def end(self) -> None:
        """Ask all of them to end, and see that they do."""
        for process in self.running:
            process.terminate()
        for process in self.running:
            process.join(ENDS_WITHIN)
            process.kill()
            process.join()


def plain_environment() -> dict[str, str]:
    """The environment of this process without what belongs to an installation."""
    return {name: value for name, value in environment().items() if "RAPPORT" not in name}


@contextmanager
def crew_of(company: Company, **more: str) -> Iterator[Crew]:
    """A crew of nobody yet. All its processes end with it."""
    redis_url = str(company.settings.redis_url)
    settings = company_settings(company.database, redis_url, company.simulator)
    crew = Crew(company, {**settings, **more})
    try:
        yield crew
    finally:
        crew.end()
