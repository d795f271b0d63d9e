"""The card of an open email over HTTP, beside a floor that answers from the same tables.

Run: python -m tests.benchmarks.card [contacts …] [--messages N]. Both run under the product's web
server with two processes; load comes from this process, one connection after the other request.
Printed are medians of three rounds and the ratios of that very run (goal lines P1 to P4 and P11).
"""

import argparse
import http.client
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from statistics import median, quantiles

import orjson
import psycopg

from backend.local.ports import free_port
from backend.local.postgres import DATABASE
from backend.store.migrations import upgrade
from tests.benchmarks.card_data import Size, load
from tests.benchmarks.card_floor import LOG_TABLE
from tests.benchmarks.stand_in import Keys, StandIn
from tests.support.servers import running_postgres, running_valkey

ROUNDS, SECONDS = 3, 4.0
TICKS = os.sysconf("SC_CLK_TCK")
"""Parts of a second in which Linux counts CPU time."""

SERVICE_ACCOUNT, CLIENT = "addons@bench.example", "addon.bench.example"
OPENED = 20_000
PUBLIC = "http://127.0.0.1:1"
OURS = ("-m", "backend.wsgi")
FLOOR = ("-c", "from tests.benchmarks.card_floor import serve_floor; serve_floor()")


@dataclass(frozen=True)
class Server:
    """A web server under load."""

    port: int
    pid: int

    def memory(self, kind: str) -> float:
        """Mean size of its processes in MB: Rss counts shared pages in each, Pss only once."""
        sizes = [
            int(line.split()[1]) / 1024
            for child in children(self.pid)
            for line in Path(f"/proc/{child}/smaps_rollup").read_text().splitlines()
            if line.startswith(f"{kind}:")
        ]
        return sum(sizes) / max(len(sizes), 1)

    def busy(self) -> float:
        """Milliseconds of CPU that its processes have used so far."""
        fields = [
            Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()
            for child in children(self.pid)
        ]
        return sum(int(one[11]) + int(one[12]) for one in fields) * 1000 / TICKS


def children(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()


@contextmanager
def served(program: Sequence[str], env: Mapping[str, str]) -> Iterator[Server]:
    """A web server with two processes, ready."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, *program], env={**os.environ, **env, "RAPPORT_PORT": str(port)}
    )
    try:
        for _ in range(200):
            try:
                connection = http.client.HTTPConnection("127.0.0.1", port, timeout=1)
                connection.request("GET", "/hello")
                connection.getresponse().read()
                break
            except OSError:
                time.sleep(0.1)
        yield Server(port, process.pid)
    finally:
        process.terminate()
        process.wait(20)


@dataclass(frozen=True)
class Figures:
    """Of one case: milliseconds, those of CPU that a request costs the web processes, and requests
    a second at four connections.
    """

    p50: float
    p99: float
    cpu: float
    rate: float

    def __str__(self) -> str:
        return (
            f"p50 {self.p50:7.2f} ms   p99 {self.p99:7.2f} ms   CPU {self.cpu:5.2f} ms"
            f"   c=4 {self.rate:7.0f}/s"
        )


Request = Callable[[], tuple[str, bytes, dict[str, str]]]


def measure(server: Server, request: Request) -> Figures:
    """Three rounds with one connection, then three with four."""
    round_(server, request, connections=1, seconds=1.5)
    busy = server.busy()
    alone = [round_(server, request, connections=1, seconds=SECONDS) for _ in range(ROUNDS)]
    busy = server.busy() - busy
    four = [round_(server, request, connections=4, seconds=SECONDS) for _ in range(ROUNDS)]
    return Figures(
        p50=median(median(times) * 1000 for times in alone),
        p99=median(quantiles(times, n=100)[98] * 1000 for times in alone),
        cpu=busy / sum(map(len, alone)),
        rate=median(len(times) / SECONDS for times in four),
    )


def round_(server: Server, request: Request, *, connections: int, seconds: float) -> list[float]:
    """Times of all answers; anything but a card ends the run."""
    times: list[float] = []
    end = time.perf_counter() + seconds

    def work() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
        while time.perf_counter() < end:
            path, body, headers = request()
            begun = time.perf_counter()
            connection.request("POST" if body else "GET", path, body or None, headers)
            answer = connection.getresponse()
            content = answer.read()
            times.append(time.perf_counter() - begun)
            if answer.status != 200 or b"Can't reach" in content or b"reference" in content:
                raise SystemExit(f"{path} answered {answer.status}: {content[:500]!r}")

    threads = [threading.Thread(target=work) for _ in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return times


class Requests:
    """The events that Gmail would post."""

    def __init__(self, keys: Keys, public_url: str) -> None:
        self._keys, self._url, self._numbers = keys, public_url, count(1)
        self._user = keys.sign(aud=CLIENT, sub="sub-robin", email="robin@ours.example")
        self._system = {
            path: keys.sign(aud=public_url + path, email=SERVICE_ACCOUNT)
            for path in ("/addon/message", "/addon/actions/log", "/card", "/log", "/fetch")
        }

    def event(self, path: str, gmail_id: str) -> tuple[str, bytes, dict[str, str]]:
        system = self._system[path]
        scopes = [
            "https://www.googleapis.com/auth/" + name
            for name in (
                *("gmail.addons.execute", "gmail.addons.current.message.readonly"),
                *("gmail.addons.current.message.action", "userinfo.email", "script.locale"),
                *("gmail.addons.current.message.metadata", "gmail.addons.current.action.compose"),
            )
        ]
        body = {
            "commonEventObject": {
                "hostApp": "GMAIL",
                "platform": "WEB",
                "userLocale": "en",
                "timeZone": {"id": "Europe/Berlin", "offset": 3600000},
                "parameters": {"message": gmail_id, "nonce": f"bench-{next(self._numbers)}"},
            },
            "authorizationEventObject": {
                "userOAuthToken": "user",
                "userIdToken": self._user,
                "systemIdToken": system,
                "authorizedScopes": scopes,
            },
            "gmail": {"messageId": gmail_id, "threadId": gmail_id, "accessToken": "message"},
        }
        headers = {"Authorization": f"Bearer {system}", "Content-Type": "application/json"}
        return path, orjson.dumps(body), headers

    def stored(self, path: str) -> Request:
        return lambda: self.event(path, format(1 + next(self._numbers) * 7919 % OPENED, "x"))

    def unseen(self, path: str) -> Request:
        return lambda: self.event(path, format(10**15 + next(self._numbers), "x"))


def run(size: Size) -> Figures:
    """Load and measure one size."""
    with running_postgres() as postgres, running_valkey() as valkey:
        upgrade(postgres.owner_url())
        begun = time.perf_counter()
        load(postgres.superuser_url(DATABASE), size)
        with psycopg.connect(postgres.superuser_url(DATABASE)) as connection:
            connection.execute(LOG_TABLE)
        took = time.perf_counter() - begun
        print(f"\n{size.contacts:,} contacts, {size.messages:,} messages (loaded in {took:.0f} s)")
        keys = Keys()
        env = {
            "RAPPORT_DATABASE_URL": postgres.app_url(),
            "RAPPORT_REDIS_URL": valkey.url,
            "RAPPORT_PUBLIC_URL": PUBLIC,
            "RAPPORT_SECRET_KEYS": "kU4e8Gm0tq-6sVb2yXw9Rj3nLc7hZ1pA5dFf",
            "RAPPORT_GOOGLE_ROOT": StandIn(keys, "lee@stranger.example", 4_000).root,
            "RAPPORT_GOOGLE_CLIENT_ID": "bench",
            "RAPPORT_GOOGLE_CLIENT_SECRET": "bench",
            "RAPPORT_ADDON_SERVICE_ACCOUNT": SERVICE_ACCOUNT,
            "RAPPORT_ADDON_AUDIENCES": CLIENT,
        }
        requests = Requests(keys, PUBLIC)
        least = measure_floor(env, requests)
        known = measure_cards(env, requests, least)
        for length in (4_000, 40_000):
            measure_log(env, requests, StandIn(keys, known_sender(size), length), length)
        return known


def floor_environment(env: Mapping[str, str]) -> dict[str, str]:
    """What the floor reads in its environment."""
    return {
        **env,
        "FLOOR_DATABASE_URL": env["RAPPORT_DATABASE_URL"],
        "FLOOR_AUDIENCE": PUBLIC + "/card",
        "FLOOR_CERTS": env["RAPPORT_GOOGLE_ROOT"] + "/oauth2/v1/certs",
    }


def measure_floor(env: Mapping[str, str], requests: Requests) -> Figures:
    """A bare answer, and the smallest card."""
    with served(FLOOR, floor_environment(env)) as floor:
        print(f"hello            {measure(floor, lambda: ('/hello', b'', {}))}")
        least = measure(floor, requests.stored("/card"))
    print(f"floor card       {least}")
    return least


def measure_cards(env: Mapping[str, str], requests: Requests, least: Figures) -> Figures:
    """The card of a known sender and of a stranger, and the size of a web process."""
    with served(OURS, env) as ours:
        known = measure(ours, requests.stored("/addon/message"))
        print(f"card             {known}")
        print(
            f"  P1 {known.p50 / least.p50:.2f}x p50 (<=2.5),"
            f" {known.p99 / least.p99:.2f}x p99 (<=4), {known.cpu / least.cpu:.2f}x CPU"
        )
        stranger = measure(ours, requests.unseen("/addon/message"))
        print(f"card, stranger   {stranger}")
        print(
            f"  P2 {stranger.p50 / known.p50:.2f}x own P1 (<=1.2),"
            f" {stranger.cpu / known.cpu:.2f}x CPU"
        )
        resident, own = ours.memory("Rss"), ours.memory("Pss")
        print(f"  P11 web process {resident:.0f} MB resident (<=85), {own:.0f} MB with fair shares")
    return known


def measure_log(env: Mapping[str, str], requests: Requests, sender: StandIn, length: int) -> None:
    """A click on Log for a mail of this length that is nowhere yet, beside a bare insert and a bare
    look into Gmail.
    """
    floor_env = {**floor_environment(env), "FLOOR_GMAIL": sender.root, "FLOOR_LENGTH": str(length)}
    with served(FLOOR, floor_env) as floor:
        insert = measure(floor, requests.unseen("/log"))
        look = measure(floor, requests.unseen("/fetch"))
    with served(OURS, {**env, "RAPPORT_GOOGLE_ROOT": sender.root}) as ours:
        figures = measure(ours, requests.unseen("/addon/actions/log"))
    print(f"floor log {length // 1000:2} KB  {insert}")
    print(f"floor look       {look}")
    print(f"log {length // 1000:2} KB        {figures}")
    print(
        f"  P4 {figures.p50 / insert.p50:.2f}x p50 of floor log (<=3),"
        f" {(figures.p50 - look.p50) / insert.p50:.2f}x without the look into Gmail,"
        f" {figures.cpu / insert.cpu:.2f}x CPU"
    )


def known_sender(size: Size) -> str:
    """The address of a contact that exists at every size."""
    return f"c1@a{1 + 1 % size.numbers['accounts']}.example"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("contacts", nargs="*", type=int, default=[100_000, 1_000_000])
    parser.add_argument("--messages", type=int, default=5_000_000)
    given = parser.parse_args()
    figures = [run(Size(contacts, given.messages)) for contacts in given.contacts]
    if len(figures) > 1:
        print(f"\nP3: {figures[-1].p50 / figures[0].p50:.2f}x from the least to the most (<=1.2)")


if __name__ == "__main__":
    main()
