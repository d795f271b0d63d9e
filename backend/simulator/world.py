"""The simulated world: everything one running simulator knows and does, behind one object."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from backend.simulator import people
from backend.simulator.clock import Clock
from backend.simulator.config import Config, Seed
from backend.simulator.faults import Fault, FaultKind, Faults
from backend.simulator.grants import ACCESS_TOKEN_LIFE, Grants
from backend.simulator.keys import Keys
from backend.simulator.mail.mailbox import Mailroom
from backend.simulator.mail.postman import Postman
from backend.simulator.mail.relay import QUEUED, Relay, Undeliverable
from backend.simulator.payloads import Payloads
from backend.simulator.people import Person
from backend.simulator.push import Pusher
from backend.simulator.quota import Quota
from backend.simulator.seed import templates
from backend.simulator.store import Store
from backend.simulator.takeout.loading import Loader


class World:
    """Kept at `app.extensions["world"]`."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.clock = Clock()
        self.keys = Keys.in_folder(config.data)
        self.store = Store(None if config.data is None else config.data / "simulator.sqlite3")
        self.faults = Faults()
        self.quota = Quota(self.clock, config.quota)
        self.grants = Grants(self.store, self.clock)
        self.mailroom = Mailroom(self.store)
        self.postman = Postman(self.mailroom, self.clock, config.relay)
        self.relay = Relay(self.store, self.clock, config.relay, self._tell_sender)
        self.payloads = Payloads(self.store)
        self.search_lag = config.search_lag
        self.resets = 0
        self.pusher = Pusher(
            *(self.keys, self.clock, self.faults), target=config.push, retry=config.push_retry
        )
        self.loader = Loader(self.store, self.mailroom, self.clock)
        self._templates = templates.Templates(self.clock)
        self.faults.act_at_once = self._act_at_once
        self.pusher.history_of = self.watched_history
        self.store.on_change = self._announce
        if self.store.is_blank():
            self.store.become(self._templates.of(config.seed))
        if self.relay.waiting():
            self.relay.wake()
        if config.mail_archives:
            self.loader.start(config.mail_archives, config.archive_owner)

    def mint_access_token(
        self,
        email: str,
        scopes: Sequence[str],
        client_id: str,
        *,
        ttl: timedelta = ACCESS_TOKEN_LIFE,
    ) -> str:
        """A live access token for this person, without asking them."""
        return self.grants.issue_access(email, scopes, client_id=client_id, life=ttl)

    def mint_message_token(
        self, email: str, message_id: int, client_id: str, *, scopes: Sequence[str]
    ) -> str:
        """An add-on's token, good for one open message only."""
        return self.grants.issue_access(email, scopes, client_id=client_id, message=message_id)

    def sign(self, claims: Mapping[str, object]) -> str:
        """A JWT (RS256) under the key that is served where Google serves its keys."""
        return self.keys.sign(claims)

    def people(self) -> list[Person]:
        """Everybody with a mailbox, the team first."""
        with self.store.read() as db:
            return people.everybody(db)

    def person(self, email: str) -> Person | None:
        with self.store.read() as db:
            return people.find(db, email)

    def reset(self, seed: Seed | None = None, *, keeping_grants: bool = False) -> None:
        """Back to how it began: mail, tokens, faults, watches, counters."""
        self.resets += 1
        self.faults.clear()
        self.clock.ahead = timedelta(0)
        self.search_lag = self.config.search_lag
        self.store.become(
            self._templates.of(seed or self.config.seed), keeping_grants=keeping_grants
        )
        self.payloads.forget()
        self.pusher.forget()
        self.pusher.aim(self.config.push, retry=self.config.push_retry)
        self.quota.reset()
        self.quota.mode = self.config.quota
        self.quota.multiplier = 1.0

    def close(self) -> None:
        """Stop delivering and let go of the data."""
        self.pusher.stop()
        self.relay.stop()
        self.store.close()
        self._templates.close()

    def watched_history(self, mailbox: str) -> int | None:
        """The mailbox's history id while somebody watches it."""
        with self.store.read() as db:
            row = db.execute(
                "SELECT person.history FROM watch JOIN person ON person.email = watch.mailbox"
                " WHERE watch.mailbox = ? AND watch.expires_at > ?",
                (mailbox, self.clock.now_ms()),
            ).fetchone()
        return None if row is None else int(row["history"])

    def _announce(self, mailboxes: frozenset[str]) -> None:
        if QUEUED in mailboxes:
            self.relay.wake()
        for mailbox in mailboxes - {QUEUED}:
            self.pusher.changed(mailbox)

    def _tell_sender(self, lost: Undeliverable) -> None:
        with self.store.write() as db:
            self.postman.undeliverable(db, lost)

    def _act_at_once(self, fault: Fault) -> None:
        wanted = fault.match.get("user")
        for person in self.people():
            if wanted not in {None, person.email}:
                continue
            if fault.kind is FaultKind.TOKEN_REVOKE:
                self.grants.revoke_person(person.email)
            else:
                with self.store.write() as db:
                    self.mailroom.forget_history(db, person.email)
