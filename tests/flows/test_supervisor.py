"""`rapport up` as a person meets it: one command, a line for each part, and a clean end."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import requests

from tests.support.databases import Database
from tests.support.processes import eventually, is_alive, pids_that_mention
from tests.support.product import Place, Product, kill, running_product, started
from tests.support.servers import reachable_folder

pytestmark = pytest.mark.flow


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with reachable_folder() as folder:
        yield folder


@pytest.fixture(scope="module")
def product(folder: Path) -> Iterator[Product]:
    """One start that the tests of this module share; each leaves it running."""
    with running_product(Place.inside(folder), folder / "printed") as product:
        yield product


def test_each_part_has_a_line_and_then_come_the_addresses(product: Product) -> None:
    lines = product.printed().splitlines()
    place = product.place
    parts = ["data", "PostgreSQL", "Valkey", "migrations", "simulator", "web", "worker", "schedule"]
    for part in parts:
        assert any(line.startswith(part) for line in lines), part
    ready = next(line for line in lines if line.startswith("Ready:"))
    assert f"http://127.0.0.1:{place.port}" in ready
    assert f"http://127.0.0.1:{place.simulator_port}" in ready
    assert requests.get(f"http://127.0.0.1:{place.port}/healthz", timeout=10).ok
    page = requests.get(f"http://127.0.0.1:{place.simulator_port}/simulator/healthz", timeout=10)
    assert page.ok


def test_a_second_start_on_the_same_data_is_told_who_has_it(product: Product, folder: Path) -> None:
    with started(product.place, folder / "second") as second:
        assert second.wait() == 2
        printed = second.printed()
    assert f"is in use by Rapport's process {product.process.pid}" in printed
    assert printed.count("\n") == 1


@pytest.mark.parametrize("setting", ["RAPPORT_PORT", "RAPPORT_SIMULATOR_PORT"])
def test_a_port_in_use_is_one_sentence(setting: str, product: Product, folder: Path) -> None:
    other = Place.inside(folder / setting)
    other.data.parent.mkdir(mode=0o711)
    taken = {"RAPPORT_PORT": product.place.port}.get(setting, product.place.simulator_port)
    with started(other, folder / "second", **{setting: str(taken)}) as second:
        assert second.wait() == 2
        printed = second.printed()
    assert printed.startswith(f"Port {taken} is in use, and ")
    assert f"set {setting} to another port" in printed
    assert printed.count("\n") == 1


@pytest.mark.parametrize(
    "part",
    ["simulator", "web", "schedule", "worker prompt", "worker patient", "valkey", "postgres"],
)
def test_a_part_that_is_killed_comes_back_and_the_others_stay(part: str, product: Product) -> None:
    before = product.children()
    kill(before[part])
    assert eventually(lambda: product.children().get(part, before[part]) != before[part])
    assert not product.ended()
    if part in {"web", "postgres"}:
        health = f"http://127.0.0.1:{product.place.port}/healthz"
        assert eventually(lambda: answers(health))


def test_no_part_but_the_migrations_is_told_the_owners_password(product: Product) -> None:
    owner_url = product.place.published()["RAPPORT_MIGRATION_DATABASE_URL"]
    for name, pid in product.children().items():
        told = Path(f"/proc/{pid}/environ").read_bytes()
        assert owner_url.encode() not in told, name


def answers(address: str) -> bool:
    try:
        return requests.get(address, timeout=2).ok
    except requests.RequestException:
        return False


def test_ctrl_c_during_the_start_ends_it_too() -> None:
    with reachable_folder() as folder:
        place = Place.inside(folder)
        with started(place, folder / "printed") as product:
            assert eventually(lambda: "PostgreSQL" in product.printed(), within=30)
            product.press_ctrl_c()
            assert product.wait() == 0
        assert eventually(lambda: not pids_that_mention(str(place.data)))


def test_servers_and_a_google_client_of_ones_own_replace_the_embedded_ones(
    database: Database, redis_url: str, folder: Path
) -> None:
    place = Place.inside(folder / "own")
    place.data.parent.mkdir(mode=0o711)
    own = {
        "RAPPORT_DATABASE_URL": database.app_url,
        "RAPPORT_MIGRATION_DATABASE_URL": database.owner_url,
        "RAPPORT_REDIS_URL": redis_url,
        "RAPPORT_GOOGLE_CLIENT_ID": "client.apps.googleusercontent.com",
        "RAPPORT_GOOGLE_CLIENT_SECRET": "secret",
    }
    with running_product(place, folder / "own-printed", **own) as product:
        printed = product.printed()
        assert set(product.children()) == {"web", "worker prompt", "worker patient", "schedule"}
        found = requests.get(f"http://127.0.0.1:{place.port}/readyz", timeout=10).json()
        assert found == {"ready": True, "missing": [], "worker": "alive", "schedule": "alive"}
        product.press_ctrl_c()
        assert product.wait() == 0
    for part in ("PostgreSQL", "Valkey", "simulator", "seed"):
        assert part not in printed
    assert f"Ready: product http://127.0.0.1:{place.port}\n" in printed


def test_it_ends_without_a_trace_and_a_second_start_keeps_the_data(
    product: Product, folder: Path
) -> None:
    """The last test of the module: it ends the shared start, by Ctrl-C, and then a second one."""
    place, data = product.place, str(product.place.data)
    with psycopg.connect(place.published()["RAPPORT_MIGRATION_DATABASE_URL"]) as owner:
        owner.execute("CREATE TABLE kept AS SELECT 'hello' AS word")
    product.press_ctrl_c()
    assert product.wait() == 0
    assert f"Stopped. The data stays in {data}" in product.printed()
    assert eventually(lambda: not pids_that_mention(data))

    with running_product(place, folder / "again") as again:
        assert "seed" not in again.printed()
        with psycopg.connect(place.published()["RAPPORT_MIGRATION_DATABASE_URL"]) as owner:
            assert owner.execute("SELECT word FROM kept").fetchall() == [("hello",)]
        parts = pids_that_mention(data)
        kill(again.process.pid)
        assert eventually(lambda: not any(map(is_alive, parts)))
