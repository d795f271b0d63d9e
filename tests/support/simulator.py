"""The simulator of one test run: a process of its own, reached over loopback HTTP only.

Every Gmail answer it gives is held against Google's own description: what the product is tested
with must be what Google would have said.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import requests

from backend.local.environment import SIMULATED_ADDON, SIMULATED_PUSH
from backend.local.ports import free_port
from backend.local.process import Program
from backend.settings import environment
from tests.support.servers import running

PROJECT = Path(__file__).resolve().parents[2]
CLIENT_ID = "simulator.apps.rapport.example"
CLIENT_SECRET = "secret-of-the-simulated-client"


@dataclass(frozen=True)
class Simulator:
    """A Google that runs. `root` replaces every Google host."""

    root: str
    posted: list[str] = field(default_factory=list, repr=False, compare=False)
    """The control addresses that were called, in order."""
    kept: set[str] = field(default_factory=set, repr=False, compare=False)
    """The names of its copies."""

    @cached_property
    def company(self) -> Any:
        """Whom its mail is about: the same in every start."""
        return requests.get(f"{self.root}/simulator/company", timeout=20).json()

    def reset(self, *, seed: str = "company") -> None:
        """Forget tokens, faults and watches, and hold the mail of `seed` (company, empty)."""
        if seed in self.kept:
            self.put_back(seed)
            return
        self.post("/simulator/reset", {"seed": seed, "keep_grants": False})
        # Nothing is pushed, and no call is refused for its rate, until a test asks for it.
        self.aim_push(None)
        self.post("/simulator/quota", {"mode": "off"})
        self.keep(seed)

    def aim_push(self, endpoint: str | None, audience: str = "") -> None:
        """Where notifications go from now on."""
        account = SIMULATED_PUSH["RAPPORT_PUSH_SERVICE_ACCOUNT"]
        target = {"endpoint": endpoint, "audience": audience, "service_account": account}
        self.post("/simulator/push", target)

    def post(self, path: str, body: object) -> requests.Response:
        """A call to the control addresses."""
        self.posted.append(path)
        answer = requests.post(f"{self.root}{path}", json=body, timeout=30)
        answer.raise_for_status()
        return answer

    def clear_faults(self) -> None:
        """Behave again, also in the calls that a delay holds at the moment."""
        requests.delete(f"{self.root}/simulator/faults", timeout=30).raise_for_status()

    def keep(self, copy: str) -> None:
        """Remember people, mail and grants as `copy`."""
        self.kept.add(copy)
        self.post("/simulator/copies", {"keep": copy})

    def put_back(self, copy: str) -> None:
        """Be as it was when `copy` was kept; nothing pushed, no call refused for its rate."""
        self.post("/simulator/copies", {"put_back": copy})

    def usage(self, email: str) -> dict[str, Any]:
        """What the product has asked of a mailbox: units, and calls by method."""
        users = requests.get(f"{self.root}/simulator/usage", timeout=30).json()["users"]
        return dict(users.get(email, {}))

    def findings(self) -> list[str]:
        """What it answered since the last time that Google would not have. Forgets them."""
        found: list[str] = requests.delete(f"{self.root}/simulator/findings", timeout=30).json()[
            "findings"
        ]
        return found

    def answers(self) -> bool:
        try:
            return requests.get(f"{self.root}/simulator/healthz", timeout=2).ok
        except requests.RequestException:
            return False

    def settings(self) -> dict[str, str]:
        """The part of an installation's environment that points at this Google."""
        return {
            "RAPPORT_GOOGLE_ROOT": self.root,
            "RAPPORT_GOOGLE_CLIENT_ID": CLIENT_ID,
            "RAPPORT_GOOGLE_CLIENT_SECRET": CLIENT_SECRET,
            **SIMULATED_ADDON,
            **SIMULATED_PUSH,
        }


@contextmanager
def running_simulator(
    folder: Path, *more: str, deployment: Path = PROJECT / "addon" / "deployment.json"
) -> Iterator[Simulator]:
    """Started with its data in `folder`, and with `more` words on its command line."""
    port = free_port()
    simulator = Simulator(f"http://127.0.0.1:{port}")
    options = {
        "--port": str(port),
        "--data": str(folder / "data"),
        "--deployment": str(deployment),
        "--client-id": CLIENT_ID,
        "--client-secret": CLIENT_SECRET,
        "--push-topic": SIMULATED_PUSH["RAPPORT_PUSH_TOPIC"],
        "--push-service-account": SIMULATED_PUSH["RAPPORT_PUSH_SERVICE_ACCOUNT"],
        "--addon-service-account": SIMULATED_ADDON["RAPPORT_ADDON_SERVICE_ACCOUNT"],
        "--addon-client-id": SIMULATED_ADDON["RAPPORT_ADDON_AUDIENCES"],
    }
    words = [word for pair in options.items() for word in pair]
    program = Program(
        name="simulator",
        argv=(sys.executable, "-m", "tests.simulator.checked", *words, *more),
        log=folder / "simulator.log",
        environment=environment(),
        ready=lambda _pid: simulator.answers(),
        cwd=PROJECT,
    )
    with running(program):
        yield simulator
