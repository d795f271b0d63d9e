"""The system account that the embedded servers run as.

Postgres refuses to run as root, so root hands both servers to an account that every machine has.
Any other user runs them under their own account.
"""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path

CANDIDATES = ("postgres", "nobody")


@dataclass(frozen=True)
class Account:
    """A system account without privileges."""

    name: str
    uid: int
    gid: int


def server_account() -> Account | None:
    """The account for the servers when we are root; None means: as ourselves."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    chosen = next(known[name] for name in CANDIDATES if name in known)
    return Account(chosen.pw_name, chosen.pw_uid, chosen.pw_gid)


def can(account: Account | None, test: str, path: Path) -> bool:
    """Ask by trying: `test` is an option of test(1), such as -x or -r."""
    asked = subprocess.run(
        ["test", test, str(path)],
        cwd="/",
        check=False,
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
    )
    return asked.returncode == 0


def make_private_folder(path: Path, account: Account | None) -> None:
    """A folder that only the account (or, without one, the current user) can enter."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.chmod(0o700)
    if account:
        os.chown(path, account.uid, account.gid)


def write_private_file(path: Path, text: str, account: Account | None) -> None:
    """A file that only the account (or we) can read, complete or not there at all."""
    draft = path.with_suffix(".new")
    draft.unlink(missing_ok=True)
    draft.touch(mode=0o600)
    draft.write_text(text, encoding="utf-8")
    if account:
        os.chown(draft, account.uid, account.gid)
    draft.rename(path)
