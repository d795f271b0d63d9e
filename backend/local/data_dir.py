"""The folder that keeps the local product's data, and the lock that only one start can hold."""

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from backend.errors import ConfigurationError
from backend.local.accounts import Account, can

PROJECT = Path(__file__).resolve().parents[2]
LOG_KEPT_UP_TO = 10_000_000  # bytes, then it becomes NAME.old.log at the next start


@dataclass(frozen=True)
class DataDir:
    """Our files are ours alone; the servers' folders in it belong to their account."""

    path: Path

    def log(self, name: str) -> Path:
        """The log file of one part. One older file is kept."""
        folder = self.path / "logs"
        folder.mkdir(mode=0o700, exist_ok=True)
        log = folder / f"{name}.log"
        if log.exists() and log.stat().st_size > LOG_KEPT_UP_TO:
            log.replace(folder / f"{name}.old.log")
        return log


def default_paths() -> tuple[Path, Path]:
    """Beside the project; else, for a clone in root's closed home, where others can reach."""
    # Two clones are two products, so each gets a folder of its own.
    mark = hashlib.sha256(str(PROJECT).encode()).hexdigest()[:8]
    return PROJECT / ".rapport", Path("/var/lib/rapport") / f"{PROJECT.name}-{mark}"


def choose_data_dir(wanted: Path | None, account: Account | None) -> DataDir:
    """Make the folder, where the servers' account can reach it. Raises ConfigurationError."""
    if wanted is None:
        paths = default_paths()
        for path in paths:
            if _usable(path, account):
                return DataDir(path)
        raise ConfigurationError(
            f"Neither {paths[0]} nor {paths[1]} can hold the data. "
            "Name a folder in RAPPORT_DATA_DIR."
        )
    path = wanted.resolve()
    if not _usable(path, account):
        raise ConfigurationError(
            f"RAPPORT_DATA_DIR is {path}, which the account {account.name if account else ''} "
            "cannot reach, and PostgreSQL refuses to run as root. Choose a folder outside "
            "closed homes, such as /var/lib/rapport, or start Rapport as an ordinary user."
        )
    return DataDir(path)


def _usable(path: Path, account: Account | None) -> bool:
    try:
        path.mkdir(parents=True, exist_ok=True)
        if account and path.stat().st_uid == os.geteuid():
            path.chmod(0o711)  # passable, not readable: the servers' folders are inside
    except PermissionError as error:
        raise ConfigurationError(
            f"{path} cannot be written to. Name another folder in RAPPORT_DATA_DIR."
        ) from error
    return can(account, "-x", path)


@contextmanager
def locked(data_dir: DataDir) -> Iterator[None]:
    """Prevent a second start on the same data. The lock ends with the process."""
    with (data_dir.path / "lock").open("a+", encoding="ascii") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            lock.seek(0)
            raise ConfigurationError(
                f"The data in {data_dir.path} is in use by Rapport's process {lock.read()}. "
                "Stop that one first, or name another folder in RAPPORT_DATA_DIR."
            ) from error
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield
