"""A company at work in one process: real Postgres, real Redis, and the simulator as its Google.

What a person would do in a browser at Google is done here by plain requests to the consent page.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, TypeVar
from urllib.parse import parse_qs, urlsplit

import requests
from redis import Redis
from rq import Queue
from rq.job import Job
from rq.serializers import JSONSerializer

from backend.deps import Deps
from backend.domain.ids import MailboxId, MailboxKey
from backend.domain.mail.address import address_key
from backend.domain.people.actor import Actor
from backend.google.credentials import CredentialsCache
from backend.jobs import JobName, QueueName
from backend.limits import Limits
from backend.services import (
    client_check,
    connecting,
    reconciling,
    redacting,
    replanning,
    scheduler,
    seeding,
    sending,
    setup_checks,
    signing_in,
)
from backend.services.customer_lists import working
from backend.services.importing import looking_again, own_addresses, push, runs, syncing
from backend.services.smart_bcc import filing
from backend.settings import Settings
from backend.wiring import build_deps, build_redis, configure_logging
from tests.support.beginnings import Beginning
from tests.support.databases import AT_THE_END, Database
from tests.support.dns import dns_server
from tests.support.email_settings import save_email_settings
from tests.support.simulator import Simulator

T = TypeVar("T")

ROBIN = "robin@lumenworks.example"
KIM = "kim@lumenworks.example"
ANA = "ana@lumenworks.example"
DANA = "dana@northwind.example"
STRANGER = "lee@else.example"
PUBLIC_URL = "http://127.0.0.1:8000"
CAPTURE_DOMAIN = "log.lumenworks.example"
AUTHSERV_ID = "mx.lumenworks.example"
WORK: Mapping[JobName, Callable[..., None]] = {
    JobName.SYNC_MAILBOX: syncing.sync_mailbox,
    JobName.IMPORT_MAILBOX: runs.import_mailbox,
    JobName.RENEW_WATCH: push.renew_watch,
    JobName.LOOK_AGAIN: looking_again.look_again,
    JobName.AUDIT_MAILBOX: runs.audit_mailbox,
    JobName.READ_ADDRESSES: own_addresses.read_addresses,
    JobName.SEND_MAILBOX: sending.send_mailbox,
    JobName.SETTLE_DOUBTS: reconciling.settle_doubts,
    JobName.REPLAN_WORKSPACE: replanning.replan_workspace,
    JobName.FILE_INBOUND: filing.file_inbound,
    JobName.GO_ON_WITH_LIST: working.process,
    JobName.CHECK_CLIENT: client_check.check_again,
    JobName.CHECK_SETUP: setup_checks.run_checks,
    JobName.REDACT_MAILBOX: redacting.redact_mailbox,
}
"""What a worker does for each job."""

WORLDS: dict[tuple[tuple[str, str], ...], Deps] = {}
"""The outside world of the database at work, by the environment it was made from."""

KEY = "a-key-for-tests-that-is-long-enough-for-anybody"


@dataclass(frozen=True)
class Company:
    """One installation. `deps` is what services take; the rest looks at it from outside."""

    deps: Deps
    settings: Settings
    database: Database
    simulator: Simulator
    beginning: Beginning | None = None

    def actor(self, email: str = ROBIN) -> Actor:
        """A member, as signed in."""
        rows = self.rows(
            "SELECT workspace_id, id FROM team_members WHERE email_key = %s ORDER BY id",
            address_key(email),
        )
        return signing_in.actor_by_id(self.deps, rows[0][0], rows[0][1])

    def connect(self, email: str = ROBIN, **how: Any) -> MailboxId:
        """Connect the member's Gmail, up to the end of the web requests."""
        actor = self.actor(email)
        url = connecting.begin(self.deps, actor, return_to="/settings/email")
        answer = allow(url, how.pop("google_account", email), **how)
        match connecting.finish(self.deps, actor, **answer):
            case connecting.Connected(mailbox_id, _):
                return mailbox_id
            case connecting.Unconfirmed(state):
                name = actor.name
                return connecting.confirm(
                    self.deps, actor, state=state, display_name=name
                ).mailbox_id

    def connected(self, email: str = ROBIN) -> MailboxId:
        """Connected, imported and live."""

        def connect() -> MailboxId:
            mailbox_id = self.connect(email)
            self.work()
            return mailbox_id

        return self.begun(email, connect)

    def begun(self, step: str, take: Callable[[], T]) -> T:
        """What `take` returns: done once for all tests that take this step before any other, and
        copied. It must not leave anything in Redis.
        """
        if self.beginning is None:
            return take()
        return self.beginning.copied(self.deps, step, take)

    def work(self) -> int:
        """Do every job that waits, as a worker would, by this company's clock. Returns how many."""
        done = 0
        with Redis.from_url(str(self.settings.redis_url)) as redis:
            while (job := next_job(redis)) is not None:
                job.delete()
                self.deps.jobs.done(job.id)
                WORK[JobName(str(job.func_name).rpartition(".")[2])](self.deps, *job.args)
                done += 1
        return done

    def sweep(self) -> int:
        """What the schedule and a worker do together, until nothing is left to do."""
        scheduler.do_duties(self.deps)
        return self.work()

    def forget_redis(self) -> None:
        """Redis is emptied: jobs, hints and buckets are gone."""
        with Redis.from_url(str(self.settings.redis_url)) as redis:
            redis.flushall()

    def dump(self) -> str:
        """Every row of every table as text."""
        tables = [
            name
            for (name,) in self.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        ]
        rows = (self.rows(f"SELECT t::text FROM {name} t") for name in tables)
        return "\n".join(text for found in rows for (text,) in found)

    def later(self, **ahead: float) -> "Company":
        """The same company with its clock ahead."""
        shift, now = timedelta(**ahead), self.deps.now
        return replace(self, deps=replace(self.deps, now=lambda: now() + shift))

    def at(self, moment: datetime) -> "Company":
        """The same company while its clock shows this moment."""
        return replace(self, deps=replace(self.deps, now=lambda: moment))

    def with_limits(self, limits: Limits) -> "Company":
        """The same company held to other limits."""
        return replace(self, deps=replace(self.deps, limits=limits))

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """The real rows of the database, read past row security."""
        return self.database.connection.execute(query, values).fetchall()

    def value(self, query: str, *values: object) -> Any:
        """The one value of a query."""
        return self.rows(query, *values)[0][0]

    def key(self, mailbox_id: MailboxId) -> MailboxKey:
        """The ids that jobs take."""
        workspace_id = self.value("SELECT workspace_id FROM mailboxes WHERE id = %s", mailbox_id)
        return MailboxKey(workspace_id, mailbox_id)

    def receives(self, *to: str, **mail: object) -> str:
        """A mail comes in from outside; its id in the first mailbox."""
        answer = self.simulator.post("/simulator/mail", {"to": list(to or (ROBIN,)), **mail}).json()
        return str(answer["copies"][0]["id"])

    def gmail(self, email: str = ROBIN) -> "GmailAccount":
        """The member's own Gmail, as if in another window."""
        token = self.simulator.post("/simulator/session", {"email": email}).json()["access_token"]
        return GmailAccount(self.simulator.root, str(token))


@dataclass(frozen=True)
class GmailAccount:
    """Plain calls of the Gmail API with all rights."""

    root: str
    token: str

    def get(self, path: str, **query: str) -> dict[str, Any]:
        """One read."""
        return self._call("GET", path, params=query)

    def post(self, path: str, body: object) -> dict[str, Any]:
        """One change."""
        return self._call("POST", path, json=body)

    def delete(self, path: str) -> None:
        """One deletion."""
        self._call("DELETE", path)

    def _call(self, verb: str, path: str, **more: Any) -> dict[str, Any]:
        answer = requests.request(
            verb,
            f"{self.root}/gmail/v1/users/me/{path}",
            headers={"Authorization": f"Bearer {self.token}"},
            timeout=20,
            **more,
        )
        assert answer.ok, answer.text
        return dict(answer.json()) if answer.content else {}


def next_job(redis: Redis) -> Job | None:
    """The next job of the first queue that has one, taken off it."""
    for name in QueueName:
        queue = Queue(name.value, connection=redis, serializer=JSONSerializer)
        if not queue.is_empty():
            return queue.fetch_job(str(queue.pop_job_id()))
    return None


def allow(
    url: str,
    email: str,
    *,
    untick: tuple[str, ...] = (),
    cancel: bool = False,
    instead: Mapping[str, str] = MappingProxyType({}),
) -> dict[str, str]:
    """Choose the account at Google and press Allow; what the redirect brings back.

    `instead` asks for something else than the product does today.
    """
    asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    asked |= instead
    decision = "cancel" if cancel else "allow"
    granted = [scope for scope in asked["scope"].split() if scope not in untick]
    form: dict[str, str | list[str]] = {
        **asked,
        "email": email,
        "decision": decision,
        "granted": granted,
    }
    answer = requests.post(url.partition("?")[0], data=form, allow_redirects=False, timeout=20)
    assert answer.status_code == 302, answer.text
    back = {k: v[0] for k, v in parse_qs(urlsplit(answer.headers["Location"]).query).items()}
    return {name: back.get(name, "") for name in ("state", "code", "error")}


def company_settings(database: Database, redis_url: str, simulator: Simulator) -> Mapping[str, str]:
    """The environment of an installation."""
    return {
        "RAPPORT_DATABASE_URL": database.app_url,
        "RAPPORT_REDIS_URL": redis_url,
        "RAPPORT_PUBLIC_URL": PUBLIC_URL,
        "RAPPORT_CAPTURE_DOMAIN": CAPTURE_DOMAIN,
        "RAPPORT_AUTHSERV_ID": AUTHSERV_ID,
        "RAPPORT_DNS_SERVER": dns_server(),
        "RAPPORT_SECRET_KEYS": KEY,
        **simulator.settings(),
    }


@contextmanager
def opened_company(
    database: Database,
    simulator: Simulator,
    environment: Mapping[str, str],
    *,
    seed: str = "company",
) -> Iterator[Company]:
    """An installation with the simulator's company in it, made once for each database. `seed` says
    what mail the simulator holds.
    """
    configure_logging()
    settings = Settings.from_environment(environment)
    deps = outside_world(environment, settings)
    if not database.put_back():
        seeding.seed(deps, simulator.company)
        send_at_once(Company(deps, settings, database, simulator), simulator.company["people"])
        deps.keyed_hash.load()
        database.keep()
    deps.keyed_hash.load()  # as a web process does before it serves
    deps = hurried(deps, build_redis(settings))
    beginning = Beginning(database, simulator, deps, (seed,))
    yield Company(deps, settings, database, simulator, beginning)


def outside_world(environment: Mapping[str, str], settings: Settings) -> Deps:
    """The same for all tests of a database: connections, and what SQLAlchemy made of statements.
    What it knows of Google's tokens is new.
    """
    told = tuple(sorted(environment.items()))
    if told not in WORLDS:
        WORLDS[told] = build_deps(settings)
        AT_THE_END.extend([WORLDS[told].store.dispose, WORLDS.clear])
    google = WORLDS[told].google
    cache = CredentialsCache(google.cache.client_id, google.cache.client_secret, google.roots)
    return replace(WORLDS[told], google=replace(google, cache=cache))


def send_at_once(company: Company, people: Sequence[Mapping[str, Any]]) -> None:
    """Everybody chooses under Email settings that sending cannot be undone: most tests are about
    what comes after the seconds in which it can.
    """
    for person in people:
        save_email_settings(company.deps, company.actor(person["email"]), undo_seconds="0")


def furnished(simulator: Simulator) -> None:
    """A Google where only our team has mailboxes, and nothing is in them."""
    if "furnished" in simulator.kept:
        simulator.put_back("furnished")
        return
    simulator.reset(seed="empty")
    for person in simulator.company["people"]:
        told = {"email": person["email"], "name": person["name"], "role": "team"}
        simulator.post("/simulator/people", told)
    simulator.keep("furnished")


def hurried(deps: Deps, redis: Redis) -> Deps:
    """Without Gmail's rate: the simulator does not mind unless a test tells it to."""
    return replace(deps, limits=Limits(redis, mailbox_units=100_000))
