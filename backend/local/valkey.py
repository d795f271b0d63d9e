"""An embedded Redis-compatible server (Valkey, else Redis), run as our child.

Append-only, or everything since the last snapshot would be gone after a crash. Losing it all costs
speed, never mail: the truth is in Postgres.
"""

from dataclasses import dataclass, field
from pathlib import Path

import redis

from backend.local.accounts import Account, make_private_folder, write_private_file
from backend.local.binaries import find_valkey
from backend.local.ports import LOOPBACK
from backend.local.postgres import SERVER_ENVIRONMENT
from backend.local.process import Program


@dataclass(frozen=True, kw_only=True)
class ValkeyServer:
    """One server. Other users of the machine reach loopback too, so there is a password."""

    root: Path
    port: int
    password: str = field(repr=False)
    account: Account | None
    durable: bool = True

    @property
    def url(self) -> str:
        """For web, workers and schedule."""
        return f"redis://:{self.password}@{LOOPBACK}:{self.port}/0"


def valkey_program(server: ValkeyServer, *, log: Path) -> Program:
    """Write the server's configuration and say how to start it."""
    make_private_folder(server.root, server.account)
    program = find_valkey(copies=server.root.parent, account=server.account)
    configuration = server.root / "valkey.conf"
    lines = [
        f"bind {LOOPBACK}",
        f"port {server.port}",
        f'dir "{server.root}"',
        f"requirepass {server.password}",
        f"appendonly {'yes' if server.durable else 'no'}",
        'save ""',
    ]
    # A file, since the words on a command line can be read by every user of the machine.
    write_private_file(configuration, "\n".join(lines) + "\n", server.account)
    return Program(
        name="Valkey" if "valkey" in program.name else "Redis",
        argv=(str(program), str(configuration)),
        log=log,
        environment=SERVER_ENVIRONMENT,
        ready=lambda _pid: _answers(server.url),
        account=server.account,
        address=f"{LOOPBACK}:{server.port}",
    )


def _answers(url: str) -> bool:
    client = redis.Redis.from_url(url, socket_connect_timeout=2, socket_timeout=2)
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False
    finally:
        client.close()
