"""A local installation's generated secrets: passwords, keys, and the servers' ports."""

import json
import secrets
from dataclasses import asdict, dataclass, field, replace

from backend.local.accounts import write_private_file
from backend.local.data_dir import DataDir
from backend.local.ports import free_port, is_free


def _secret() -> str:
    return secrets.token_urlsafe(48)


@dataclass(frozen=True, kw_only=True)
class Installation:
    """Kept in one file that only we can read. Losing it locks one out of the data."""

    postgres_port: int = field(default_factory=free_port)
    valkey_port: int = field(default_factory=free_port)
    lmtp_port: int = field(default_factory=free_port)
    superuser_password: str = field(default_factory=_secret, repr=False)
    owner_password: str = field(default_factory=_secret, repr=False)
    app_password: str = field(default_factory=_secret, repr=False)
    valkey_password: str = field(default_factory=_secret, repr=False)
    secret_key: str = field(default_factory=_secret, repr=False)
    google_client_secret: str = field(default_factory=_secret, repr=False)


def read_or_make_installation(data_dir: DataDir) -> Installation:
    """The same as last time, except for a port that another program has taken since."""
    path = data_dir.path / "installation.json"
    if path.exists():
        installation = Installation(**json.loads(path.read_text(encoding="utf-8")))
    else:
        installation = Installation()
    if not is_free(installation.postgres_port):
        installation = replace(installation, postgres_port=free_port())
    if not is_free(installation.valkey_port):
        installation = replace(installation, valkey_port=free_port())
    if not is_free(installation.lmtp_port):
        installation = replace(installation, lmtp_port=free_port())
    write_private_file(path, json.dumps(asdict(installation), indent=2) + "\n", None)
    return installation
