"""The parts of the product as programs: command, readiness check, grace period.

Each is a process, so that the parts can also run on several machines.
"""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path

from backend.errors import ConfigurationError
from backend.local.checks import answers_ok, greets, worker_takes_jobs
from backend.local.data_dir import PROJECT, DataDir
from backend.local.ports import LOOPBACK
from backend.local.process import Program
from backend.settings import Settings

# A worker ends the job it has begun. A mail on its way should not be cut off, since only looking in
# the mailbox would tell whether it left; an import continues later where it was.
JOB_GRACE = {"prompt": timedelta(seconds=30), "patient": timedelta(seconds=6)}


def web_argv(host: str = LOOPBACK) -> tuple[str, ...]:
    """The web application, served as `serving` says."""
    return (sys.executable, "-m", "backend.wsgi", host)


def require_simulator() -> None:
    """Raises ConfigurationError where only the product is installed."""
    if find_spec("backend.simulator") is None:
        raise ConfigurationError(
            "The simulator is not part of this installation. It comes with the project's sources, "
            "where `python3 run.py` starts it; here, set RAPPORT_GOOGLE_CLIENT_ID and the other "
            "settings of a real installation."
        )


@dataclass(frozen=True)
class Parts:
    """Makes the programs of one start from the children's environment."""

    environment: Mapping[str, str]
    settings: Settings
    data_dir: DataDir

    def web(self) -> Program:
        """Console, add-on, API and hooks."""
        port = self.settings.port
        return replace(
            self._program("web", web_argv()),
            ready=lambda _pid: answers_ok(port, "/healthz"),
            address=f"http://{LOOPBACK}:{port}",
        )

    def workers(self) -> list[Program]:
        """One that stays free for live and outgoing mail, one that may be busy for long."""
        redis_url = self.settings.require("redis_url")
        return [
            replace(
                self._program(f"worker {role}", (sys.executable, "-m", "worker", role)),
                ready=lambda pid: worker_takes_jobs(redis_url, pid),
                grace=grace,
            )
            for role, grace in JOB_GRACE.items()
        ]

    def schedule(self) -> Program:
        """The process that starts everything periodic."""
        return self._program("schedule", (sys.executable, "-m", "worker.schedule"))

    def smart_bcc(self) -> list[Program]:
        """The process that takes mail by LMTP, where there is a domain for such mail."""
        if self.settings.capture_domain is None:
            return []
        address = self.settings.lmtp_address
        port = int(address.rpartition(":")[2])
        program = self._program("smart-bcc", (sys.executable, "-m", "backend.hooks.smart_bcc"))
        return [replace(program, ready=lambda _pid: greets(port), address=f"lmtp://{address}")]

    def simulator(self, mbox: Sequence[Path]) -> Program:
        """The simulated Google, in which this installation is registered."""
        settings, port = self.settings, self.settings.simulator_port
        known = {
            "--port": str(port),
            "--data": str(self.data_dir.path / "simulator"),
            "--deployment": str(self.deployment_file),
            "--cards": str(PROJECT / "tests" / "golden"),
            "--client-id": settings.require("google_client_id"),
            "--client-secret": settings.require("google_client_secret"),
            "--push-endpoint": f"{settings.public_url}/hooks/gmail-push",
            "--push-audience": settings.require("push_audience"),
            "--push-service-account": settings.require("push_service_account"),
            "--push-topic": settings.require("push_topic"),
            "--addon-service-account": settings.require("addon_service_account"),
            "--addon-client-id": _client_id_among(settings.addon_audiences),
        }
        argv = [sys.executable, "-m", "backend.simulator"]
        # With an equals sign: a value made of random characters may begin with a dash.
        argv += [f"{name}={value}" for name, value in known.items()]
        if settings.capture_domain and settings.authserv_id:
            lmtp = (settings.capture_domain, settings.lmtp_address, settings.authserv_id)
            argv += ["--capture", *lmtp]
        argv += [word for file in mbox for word in ("--mbox", str(file.resolve()))]
        return replace(
            self._program("simulator", tuple(argv)),
            ready=lambda _pid: answers_ok(port, "/simulator/healthz"),
            address=f"http://{LOOPBACK}:{port}",
        )

    @property
    def deployment_file(self) -> Path:
        """The add-on's manifest, as it is handed to Google."""
        return self.data_dir.path / "deployment.json"

    def command(self, name: str, *words: str) -> Program:
        """One of our own commands, run to its end."""
        return self._program(name, (sys.executable, "-m", "backend.cli", *words))

    def _program(self, name: str, argv: tuple[str, ...]) -> Program:
        log = self.data_dir.log(name.replace(" ", "-"))
        return Program(name=name, argv=argv, log=log, environment=self.environment, cwd=PROJECT)


def _client_id_among(audiences: Sequence[str]) -> str:
    """The add-on's OAuth client: the first audience that is not an address."""
    ids = [one for one in audiences if not one.startswith(("http://", "https://"))]
    if not ids:
        raise ConfigurationError(
            "RAPPORT_ADDON_AUDIENCES names no OAuth client id, and the simulator needs one. "
            "Unset it to have one made up."
        )
    return ids[0]
