"""The simulator as a process of its own: kept data, refusals, and the mbox of the command line."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event

import pytest
import requests

from backend.local.ports import free_port
from tests.simulator.google import KIM, Google, mail, newest, send

PROJECT = Path(__file__).resolve().parents[2]


@contextmanager
def started(data: Path, *more: str, module: str = "backend.simulator") -> Iterator[Google]:
    port = free_port()
    argv = [sys.executable, "-m", module, "--port", str(port), "--data", str(data)]
    process = subprocess.Popen([*argv, *more], cwd=PROJECT, stdout=subprocess.DEVNULL)
    google = Google(f"http://127.0.0.1:{port}")
    try:
        wait_for(google, "/simulator/healthz", "status", "ok")
        yield google
    finally:
        google.close()
        process.kill()
        process.wait()


def wait_for(google: Google, path: str, member: str, value: str) -> None:
    for _ in range(200):
        try:
            if google.get(path)[member] == value:
                return
        except requests.ConnectionError:
            pass
        Event().wait(0.1)
    pytest.fail(f"{path} never said {member} {value}")


def test_a_killed_simulator_keeps_mail_tokens_and_key(tmp_path: Path) -> None:
    with started(tmp_path, "--empty") as google:
        token = google.token(KIM)
        send(google.users(), mail(KIM, "Kept"))
        keys = google.get("/oauth2/v1/certs").keys()
    with started(tmp_path, "--empty") as google:
        assert newest(google.users(token=token))["snippet"] == "Hello there."
        assert google.get("/oauth2/v1/certs").keys() == keys


def test_an_mbox_is_loaded_beside_serving(tmp_path: Path) -> None:
    archive = tmp_path / "mail.mbox"
    one = b"From a@b Wed Sep 06 08:00:00 2023\nFrom: a@b.example\nSubject: Old\n\nx\n\n"
    archive.write_bytes(one * 30)
    with started(tmp_path / "data", "--empty", "--mbox", str(archive)) as google:
        wait_for(google, "/simulator/loading", "state", "finished")
        assert google.users().getProfile(userId="me").execute()["messagesTotal"] == 30


def test_a_checked_simulator_tells_what_google_would_not_answer(tmp_path: Path) -> None:
    with started(tmp_path, "--empty", module="tests.simulator.checked") as google:
        google.users().getProfile(userId="me").execute()
        assert google.get("/simulator/findings") == {"checked": 1, "findings": []}


def test_a_taken_port_is_one_sentence(tmp_path: Path) -> None:
    with started(tmp_path, "--empty") as google:
        ended = run("--port", google.root.rpartition(":")[2])
    assert ended.returncode == 2
    assert "cannot be used" in ended.stdout


@pytest.mark.parametrize(
    "arguments",
    [["--host", "0.0.0.0"], ["--host", "192.0.2.1"], ["--push-endpoint", "https://example.com/p"]],
)
def test_it_does_not_leave_the_machine(arguments: list[str]) -> None:
    ended = run("--port", str(free_port()), *arguments)
    assert ended.returncode == 2
    assert "this machine only" in ended.stdout
    assert "Traceback" not in ended.stderr


def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
    """A start that is expected to end at once."""
    argv = [sys.executable, "-m", "backend.simulator", *arguments]
    return subprocess.run(
        argv, cwd=PROJECT, capture_output=True, text=True, timeout=30, check=False
    )
