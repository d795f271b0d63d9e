"""Lets a command in a second terminal find the product that `rapport up` runs in the first.

While it runs, the addresses and keys of its parts are in a file that only its user can read.
"""

import json
from collections.abc import Mapping
from pathlib import Path

from backend.local.accounts import write_private_file
from backend.local.data_dir import DataDir, default_paths
from backend.settings import Settings, environment

FILE = "environment.json"


def publish_environment(data_dir: DataDir, env: Mapping[str, str]) -> None:
    """Write the parts' environment to the file, for as long as they run."""
    ours = {name: value for name, value in env.items() if name.startswith("RAPPORT_")}
    write_private_file(data_dir.path / FILE, json.dumps(ours, indent=2) + "\n", None)


def forget_environment(data_dir: DataDir) -> None:
    """Remove the file."""
    (data_dir.path / FILE).unlink(missing_ok=True)


def environment_here() -> dict[str, str]:
    """The environment of this process, filled in from a product that runs on this machine."""
    env = environment()
    settings = Settings.from_environment(env)
    if settings.database_url is not None:
        return env
    paths = default_paths() if settings.data_dir is None else (settings.data_dir.resolve(),)
    for path in paths:
        published = _read(path / FILE)
        if published:
            return {**env, **published}
    return env


def settings_here() -> Settings:
    """The same as settings."""
    return Settings.from_environment(environment_here())


def _read(file: Path) -> dict[str, str]:
    try:
        found: dict[str, str] = json.loads(file.read_text(encoding="utf-8"))
    except OSError:
        return {}
    return found
