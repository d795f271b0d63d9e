"""Goal line P6: the share of a mailbox's token bucket that an import uses, and refusals (none).

Run: python -m tests.benchmarks.quota [mails]. The real client imports from the simulator, which
charges Gmail's units and refuses at Gmail's rate. 300 mails take about a minute.
"""

import sys
import tempfile
from datetime import datetime
from pathlib import Path
from time import perf_counter

import redis
import requests

from backend.limits import MAILBOX_BURST, MAILBOX_UNITS, Limits
from backend.local.postgres import DATABASE
from backend.store.migrations import upgrade
from tests.support.company import DANA, ROBIN, company_settings, furnished, opened_company
from tests.support.databases import Database
from tests.support.servers import running_postgres, running_valkey
from tests.support.simulator import running_simulator


def main(mails: int) -> None:
    """Print one line."""
    with (
        tempfile.TemporaryDirectory() as folder,
        running_postgres() as postgres,
        running_valkey() as valkey,
        running_simulator(Path(folder)) as simulator,
    ):
        upgrade(postgres.owner_url())
        urls = (postgres.owner_url(), postgres.app_url(), postgres.superuser_url(DATABASE))
        database = Database(*urls)
        furnished(simulator)
        settings = company_settings(database, valkey.url, simulator)
        with opened_company(database, simulator, settings) as company:
            for number in range(mails):
                company.receives(ROBIN, **{"from": DANA, "subject": f"Mail {number}"})
            simulator.post("/simulator/quota", {"mode": "real"})
            paced = company.with_limits(Limits(redis.Redis.from_url(valkey.url)))
            paced.connect(ROBIN)
            start = perf_counter()
            while paced.value("SELECT state FROM mailboxes") != "live":
                paced.work()
                paced.sweep()
            taken = perf_counter() - start
        used = requests.get(f"{simulator.root}/simulator/usage", timeout=20).json()["users"][ROBIN]
    report(mails, taken, used)


def report(mails: int, taken: float, used: dict[str, str]) -> None:
    """Units per mail, and what of the bucket (burst and rate) was used while it lasted."""
    first, last = (datetime.fromisoformat(used[f"{end}_call_at"]) for end in ("first", "last"))
    span = (last - first).total_seconds()
    share = int(used["units"]) / (MAILBOX_BURST + MAILBOX_UNITS * span)
    refused = int(used["refused_403"]) + int(used["refused_429"])
    print(
        f"P6  {mails} mails in {taken:.0f} s, {int(used['units']) / mails:.1f} units a mail, "
        f"{share:.2f} of the bucket used, {refused} refused"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 300)
