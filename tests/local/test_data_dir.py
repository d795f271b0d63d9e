"""Where the local product keeps its data, and who may start on it."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from backend.errors import ConfigurationError
from backend.local.accounts import server_account
from backend.local.data_dir import LOG_KEPT_UP_TO, DataDir, choose_data_dir, locked
from backend.local.installation import read_or_make_installation
from backend.local.ports import LOOPBACK, free_port, require_free
from tests.support.servers import reachable_folder

HOLD_THE_LOCK = """
import sys, pathlib
from backend.local.data_dir import DataDir, locked
with locked(DataDir(pathlib.Path(sys.argv[1]))):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_start_on_the_same_data_learns_who_has_it(tmp_path: Path) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD_THE_LOCK, tmp_path],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with (
            pytest.raises(ConfigurationError, match=f"process {holder.pid}"),
            locked(DataDir(tmp_path)),
        ):
            pytest.fail("two starts hold the lock")
        holder.kill()
    with locked(DataDir(tmp_path)):
        assert (tmp_path / "lock").read_text() == str(os.getpid())


def test_passwords_and_ports_stay_from_start_to_start(tmp_path: Path) -> None:
    first = read_or_make_installation(DataDir(tmp_path))
    second = read_or_make_installation(DataDir(tmp_path))
    assert first == second
    assert (tmp_path / "installation.json").stat().st_mode & 0o777 == 0o600
    assert first.owner_password not in repr(first)


def test_a_servers_port_that_somebody_took_is_replaced(tmp_path: Path) -> None:
    first = read_or_make_installation(DataDir(tmp_path))
    with listening_on(first.postgres_port):
        second = read_or_make_installation(DataDir(tmp_path))
    assert second.postgres_port != first.postgres_port
    assert second.valkey_port == first.valkey_port
    assert second.owner_password == first.owner_password


def test_a_port_in_use_is_one_sentence_that_names_the_setting() -> None:
    port = free_port()
    with (
        listening_on(port),
        pytest.raises(ConfigurationError, match=f"Port {port} is in use.*RAPPORT_PORT"),
    ):
        require_free(port, what="the product", setting="RAPPORT_PORT")
    require_free(port, what="the product", setting="RAPPORT_PORT")


def test_a_folder_in_a_closed_home_is_refused_with_a_way_out() -> None:
    account = server_account()
    with reachable_folder() as folder:
        home = folder / "home"
        home.mkdir(mode=0o700)
        if account is None:
            assert choose_data_dir(home / "data", account).path == home / "data"
        else:
            with pytest.raises(ConfigurationError, match=r"cannot reach.*/var/lib/rapport"):
                choose_data_dir(home / "data", account)


def test_a_log_that_has_grown_large_is_put_aside_once(tmp_path: Path) -> None:
    data_dir = DataDir(tmp_path)
    log = data_dir.log("web")
    log.write_bytes(b"x" * (LOG_KEPT_UP_TO + 1))
    assert not data_dir.log("web").exists()
    assert (tmp_path / "logs" / "web.old.log").exists()


def listening_on(port: int) -> socket.socket:
    return socket.create_server((LOOPBACK, port))
