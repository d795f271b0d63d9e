"""The supervisor, with small programs: order, restarts, failures, and how it ends."""

import os
import signal
import sys
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from backend.local.process import Child, NotReady, Program
from backend.local.supervisor import Stopped, Supervisor
from tests.support.processes import eventually, is_alive

WAIT = "import signal; signal.pause()"
DEAF = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True)\n"


@pytest.fixture
def supervisor() -> Supervisor:
    return Supervisor()


def program(
    folder: Path, name: str, code: str, ready: Callable[[int], bool] = lambda _pid: True
) -> Program:
    return Program(
        name=name,
        argv=(sys.executable, "-c", code),
        log=folder / f"{name}.log",
        environment={},
        ready=ready,
        grace=timedelta(seconds=0.5),
    )


def test_each_part_gets_one_line_when_it_is_ready(
    supervisor: Supervisor, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    supervisor.start([program(tmp_path, "one", WAIT), program(tmp_path, "two", WAIT)])
    supervisor.stop()
    assert [line.split() for line in capsys.readouterr().out.splitlines()] == [
        ["one", "ready"],
        ["two", "ready"],
    ]


def test_a_part_that_ends_before_it_is_ready_is_named_with_its_log(
    supervisor: Supervisor, tmp_path: Path
) -> None:
    broken = program(tmp_path, "web", "print('no such table')", ready=lambda _pid: False)
    with pytest.raises(NotReady, match="web ended with exit code 0") as refused:
        supervisor.start([broken])
    assert "no such table" in str(refused.value)


def test_a_step_that_fails_is_named_with_its_log(supervisor: Supervisor, tmp_path: Path) -> None:
    with pytest.raises(NotReady, match="migrations failed") as refused:
        supervisor.run(program(tmp_path, "migrations", "raise SystemExit('locked')"))
    assert "locked" in str(refused.value)


def test_a_part_that_falls_is_started_again(
    supervisor: Supervisor, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pids = tmp_path / "pids"
    code = f"import os; open({str(pids)!r}, 'a').write(f'{{os.getpid()}}\\n'); {WAIT}"

    def seen() -> list[int]:
        return [int(line) for line in pids.read_text().split()] if pids.exists() else []

    supervisor.start([program(tmp_path, "worker", code, ready=lambda pid: pid in seen())])
    os.kill(seen()[0], signal.SIGKILL)
    stop_when(supervisor, lambda: len(seen()) == 2)
    supervisor.watch()
    supervisor.stop()
    assert len(set(seen())) == 2
    assert "worker was ended by SIGKILL; starting it again in 0.5 s" in capsys.readouterr().out


def test_a_part_that_keeps_falling_is_given_growing_pauses(
    supervisor: Supervisor, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    supervisor.start([program(tmp_path, "worker", "pass")])
    stop_when(supervisor, lambda: False, at_most=4)
    supervisor.watch()
    supervisor.stop()
    lines = [line for line in capsys.readouterr().out.splitlines() if "starting" in line]
    assert [line.split(" again in ")[1].split(" s.")[0] for line in lines[:3]] == ["0.5", "1", "2"]


def test_parts_end_in_reverse_order(supervisor: Supervisor, tmp_path: Path) -> None:
    ended = tmp_path / "ended"
    code = (
        "import signal, sys\n"
        f"def end(*_): open({str(ended)!r}, 'a').write(NAME + ' '); sys.exit()\n"
        "signal.signal(signal.SIGTERM, end); print('armed', flush=True); signal.pause()"
    )
    names = ["postgres", "web", "worker"]
    programs = [
        program(tmp_path, name, f"NAME = {name!r}\n{code}", ready=says(tmp_path, name, "armed"))
        for name in names
    ]
    supervisor.start(programs)
    supervisor.stop()
    assert ended.read_text().split() == names[::-1]


def test_a_part_that_does_not_end_is_killed_and_named(
    supervisor: Supervisor, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = DEAF + "while True: signal.pause()"
    supervisor.start([program(tmp_path, "deaf", code, ready=says(tmp_path, "deaf", "deaf"))])
    supervisor.stop()
    assert "deaf did not end in time and was killed." in capsys.readouterr().out


def test_ctrl_c_during_a_step_ends_the_step(supervisor: Supervisor, tmp_path: Path) -> None:
    stop_when(supervisor, (tmp_path / "seed.log").exists)
    with pytest.raises(Stopped):
        supervisor.run(program(tmp_path, "seed", WAIT))


def test_a_killed_child_takes_what_it_started_with_it(tmp_path: Path) -> None:
    code = "import os; print(os.fork(), flush=True); import signal; signal.pause()"
    child = Child(program(tmp_path, "parent", code, ready=says(tmp_path, "parent", "\n0\n")))
    child.wait_until_ready()
    child.kill()
    child.stop()
    grandchild = int((tmp_path / "parent.log").read_text().split()[0])
    assert eventually(lambda: not is_alive(grandchild))


def says(folder: Path, name: str, word: str) -> Callable[[int], bool]:
    return lambda _pid: word in f"\n{(folder / f'{name}.log').read_text()}"


def stop_when(
    supervisor: Supervisor, condition: Callable[[], bool], *, at_most: float = 20
) -> None:
    """Ask the supervisor to stop, from a thread, once something is so."""

    def ask() -> None:
        eventually(condition, within=at_most)
        supervisor.stopping.set()

    threading.Thread(target=ask, daemon=True).start()
