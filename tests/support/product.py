"""A product started by `rapport up` as a person would start it, and looked at from outside."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from backend.local.ports import free_port
from backend.settings import environment
from tests.support.processes import eventually, is_alive

PROJECT = Path(__file__).resolve().parents[2]
READY_WITHIN = 180.0  # seconds; a busy machine with two cores has taken 50


@dataclass(frozen=True)
class Place:
    """One data folder and the two ports, for any number of starts after each other."""

    data: Path
    port: int
    simulator_port: int

    @classmethod
    def inside(cls, folder: Path) -> "Place":
        return cls(folder / "data", free_port(), free_port())

    def environment(self, extra: Mapping[str, str]) -> dict[str, str]:
        inherited = {
            name: value for name, value in environment().items() if not name.startswith("RAPPORT_")
        }
        return {
            **inherited,
            "RAPPORT_DATA_DIR": str(self.data),
            "RAPPORT_PORT": str(self.port),
            "RAPPORT_SIMULATOR_PORT": str(self.simulator_port),
            **extra,
        }

    def published(self) -> dict[str, str]:
        """What the running product tells commands of a second terminal."""
        found: dict[str, str] = json.loads((self.data / "environment.json").read_text())
        return found


@dataclass(frozen=True)
class Product:
    """A start of `rapport up`, with what it printed."""

    place: Place
    process: subprocess.Popen[bytes]
    output: Path

    def printed(self) -> str:
        return self.output.read_text()

    def is_ready(self) -> bool:
        return "\nReady: " in self.printed()

    def ended(self) -> bool:
        return self.process.poll() is not None

    def children(self) -> dict[str, int]:
        """Process ids of the parts, by what their command line says they are."""
        marks = {
            "postgres": "/postgres ",
            "valkey": "-server ",
            "simulator": "backend.simulator",
            "web": "backend.wsgi",
            "schedule": "worker.schedule",
            "smart-bcc": "backend.hooks.smart_bcc",
            "worker prompt": "-m worker prompt ",
            "worker patient": "-m worker patient ",
        }
        lines = {pid: f"{command_line(pid)} " for pid in child_pids(self.process.pid)}
        return {
            name: pid for name, mark in marks.items() for pid, line in lines.items() if mark in line
        }

    def press_ctrl_c(self) -> None:
        self.process.send_signal(signal.SIGINT)

    def wait(self) -> int:
        return self.process.wait(timeout=60)


@contextmanager
def started(place: Place, output: Path, **extra: str) -> Iterator[Product]:
    """A start, wherever it gets to; killed with all its parts if the test left it running."""
    with output.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "backend.cli", "up"],
            cwd=PROJECT,
            env=place.environment(extra),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    product = Product(place, process, output)
    try:
        yield product
    finally:
        if process.poll() is None:
            for _ in range(2):  # the second one kills
                process.send_signal(signal.SIGINT)
        process.wait(timeout=60)


@contextmanager
def running_product(place: Place, output: Path, **extra: str) -> Iterator[Product]:
    """A start that has printed its line that it is ready."""
    with started(place, output, **extra) as product:
        eventually(lambda: product.is_ready() or product.ended(), within=READY_WITHIN)
        assert product.is_ready(), product.printed()
        yield product


def child_pids(parent: int) -> list[int]:
    """Living children of a process, from /proc."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == parent and is_alive(int(folder.name)):
            found.append(int(folder.name))
    return found


def command_line(pid: int) -> str:
    try:
        words = (Path("/proc") / str(pid) / "cmdline").read_bytes().split(b"\0")
    except OSError:
        return ""
    return " ".join(word.decode(errors="replace") for word in words if word)


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)
