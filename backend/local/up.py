"""`rapport up`: the whole product in one terminal, in the order in which the parts need each other.

Servers named by RAPPORT_DATABASE_URL and RAPPORT_REDIS_URL are used instead of the embedded ones,
and with a Google client configured the simulator stays out.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from backend.errors import ConfigurationError
from backend.local.accounts import Account, server_account
from backend.local.attach import forget_environment, publish_environment
from backend.local.data_dir import DataDir, choose_data_dir, locked
from backend.local.environment import local_environment, uses_simulator
from backend.local.installation import Installation, read_or_make_installation
from backend.local.loading import MailLoading, require_readable
from backend.local.ports import require_free
from backend.local.postgres import PostgresServer, create_roles_and_database, postgres_program
from backend.local.services import Parts, require_simulator
from backend.local.supervisor import Stopped, Supervisor
from backend.local.valkey import ValkeyServer, valkey_program
from backend.settings import Settings, environment

SEEDED, BEGUN_EMPTY = "seeded", "begun-empty"
"""Files in the data folder: the example company is in, or is to stay out."""

WITHOUT_COMPANY = (
    "Without the example company. While there is no workspace, `doctor` in a second terminal "
    "prints the set-up code."
)


def up(mbox: Sequence[Path] = (), *, empty: bool = False) -> None:
    """Run until Ctrl-C. Raises ConfigurationError or NotReady, with everything stopped again.

    With `empty` the example company stays out, now and at every later start of this data folder.
    """
    for archive in mbox:
        require_readable(archive)
    env = environment()
    settings = Settings.from_environment(env)
    if uses_simulator(env):
        require_simulator()
    embedded = settings.database_url is None or settings.redis_url is None
    account = server_account() if embedded else None
    data_dir = choose_data_dir(settings.data_dir, account)
    with locked(data_dir):
        if empty:
            begin_empty(data_dir)
        require_free(settings.port, what="the product", setting="RAPPORT_PORT")
        if uses_simulator(env):
            require_free(
                settings.simulator_port, what="the simulator", setting="RAPPORT_SIMULATOR_PORT"
            )
        print(f"{'data':18}{data_dir.path}", flush=True)
        installation = read_or_make_installation(data_dir)
        children = local_environment(env, data_dir=data_dir.path, installation=installation)
        start = _Start(Supervisor(), data_dir, installation, account)
        start.run_until_stopped(children, mbox)
        print(f"Stopped. The data stays in {data_dir.path}", flush=True)


@dataclass(frozen=True)
class _Start:
    """One start, from servers to the line that says it is ready."""

    supervisor: Supervisor
    data_dir: DataDir
    installation: Installation
    account: Account | None

    def run_until_stopped(self, children: dict[str, str], mbox: Sequence[Path]) -> None:
        """Start, watch, and in any case stop."""
        self.supervisor.obey_signals()
        try:
            parts = self._start(children, mbox)
            loading = MailLoading(parts.settings.simulator_port, is_over=not mbox)
            self.supervisor.watch(also=loading.tell)
        except Stopped:
            pass
        finally:
            print("Stopping.", flush=True)
            forget_environment(self.data_dir)
            self.supervisor.stop()

    def _start(self, children: dict[str, str], mbox: Sequence[Path]) -> Parts:
        children, migrating = self._start_servers(children)
        publish_environment(self.data_dir, migrating)
        parts = Parts(children, Settings.from_environment(children), self.data_dir)
        start, run = self.supervisor.start, self.supervisor.run
        run(replace(parts.command("migrations", "migrate"), environment=migrating))
        simulated = "RAPPORT_GOOGLE_ROOT" in children
        if simulated:
            run(
                parts.command(
                    "add-on manifest", "deployment", "--output", str(parts.deployment_file)
                )
            )
            start([parts.simulator(mbox)])
        start([parts.web(), *parts.workers(), parts.schedule(), *parts.smart_bcc()])
        if simulated:
            self._seed_once(parts)
        print(ready_line(parts.settings, simulated=simulated), flush=True)
        if is_begun_empty(self.data_dir):
            print(WITHOUT_COMPANY, flush=True)
        print("Ctrl-C stops everything.", flush=True)
        return parts

    def _start_servers(self, given: dict[str, str]) -> tuple[dict[str, str], dict[str, str]]:
        """Environments for the product and for migrations, once the servers answer."""
        children = dict(given)
        # The owner's address is for migrations alone: web and workers must not have it.
        owner_url = children.pop("RAPPORT_MIGRATION_DATABASE_URL", None)
        if "RAPPORT_DATABASE_URL" not in given:
            server = self._postgres()
            log = self.data_dir.log("postgres")
            self.supervisor.start([postgres_program(server, log=log)])
            create_roles_and_database(server)
            children["RAPPORT_DATABASE_URL"] = server.app_url()
            owner_url = server.owner_url()
        if "RAPPORT_REDIS_URL" not in given:
            valkey = self._valkey()
            self.supervisor.start([valkey_program(valkey, log=self.data_dir.log("valkey"))])
            children["RAPPORT_REDIS_URL"] = valkey.url
        owner = {"RAPPORT_MIGRATION_DATABASE_URL": owner_url} if owner_url else {}
        return children, {**children, **owner}

    def _postgres(self) -> PostgresServer:
        return PostgresServer(
            root=self.data_dir.path / "postgres",
            port=self.installation.postgres_port,
            superuser_password=self.installation.superuser_password,
            owner_password=self.installation.owner_password,
            app_password=self.installation.app_password,
            account=self.account,
        )

    def _valkey(self) -> ValkeyServer:
        return ValkeyServer(
            root=self.data_dir.path / "valkey",
            port=self.installation.valkey_port,
            password=self.installation.valkey_password,
            account=self.account,
        )

    def _seed_once(self, parts: Parts) -> None:
        """Fill an empty product with the example workspace. Later changes stay."""
        done = self.data_dir.path / SEEDED
        if not done.exists() and not is_begun_empty(self.data_dir):
            self.supervisor.run(parts.command("seed", "seed"))
            done.touch()


def begin_empty(data_dir: DataDir) -> None:
    """Keep the example company out. Raises ConfigurationError when it is there already."""
    if (data_dir.path / SEEDED).exists():
        raise ConfigurationError(
            f"The example company is in {data_dir.path} already. Name another folder by "
            "RAPPORT_DATA_DIR to begin without it."
        )
    (data_dir.path / BEGUN_EMPTY).touch()


def is_begun_empty(data_dir: DataDir) -> bool:
    """Whether this data folder was begun without the example company."""
    return (data_dir.path / BEGUN_EMPTY).exists()


def ready_line(settings: Settings, *, simulated: bool) -> str:
    """The line that scripts and people wait for."""
    addresses = [f"product {settings.public_url}"]
    if simulated:
        addresses.append(f"simulator {settings.google_root}")
    return f"Ready: {', '.join(addresses)}"
