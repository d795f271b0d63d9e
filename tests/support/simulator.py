"""The simulator of one test run: a process of its own, reached over loopback HTTP only."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

from backend.local.ports import free_port
from backend.local.process import Program
from backend.settings import environment
from tests.support.servers import running

PROJECT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Simulator:
    """A Google that runs. `root` replaces every Google host."""

    root: str

    def reset(self) -> None:
        """Forget all mail, tokens, faults and subscriptions."""
        requests.post(f"{self.root}/simulator/reset", timeout=10).raise_for_status()

    def answers(self) -> bool:
        try:
            return requests.get(f"{self.root}/simulator/healthz", timeout=2).ok
        except requests.RequestException:
            return False


@contextmanager
def running_simulator(folder: Path) -> Iterator[Simulator]:
    """Started with nothing in it; push deliveries are switched on by the tests that want them."""
    port = free_port()
    simulator = Simulator(f"http://127.0.0.1:{port}")
    program = Program(
        name="simulator",
        argv=(
            *(sys.executable, "-m", "backend.simulator"),
            *("--port", str(port), "--data", str(folder / "data")),
        ),
        log=folder / "simulator.log",
        environment=environment(),
        ready=lambda _pid: simulator.answers(),
        cwd=PROJECT,
    )
    with running(program):
        yield simulator
