"""The environment of the parts that `rapport up` starts.

What the operator has set always wins; what is unset is filled in so that the product works on one
machine. Without a Google client of their own, everything points at the simulator.
"""

from collections.abc import Mapping
from pathlib import Path

from backend.local.installation import Installation
from backend.settings import Settings

SIMULATED_ADDON = {
    "RAPPORT_ADDON_SERVICE_ACCOUNT": "service-1@gcp-sa-gsuiteaddons.rapport.example",
    "RAPPORT_ADDON_AUDIENCES": "addon.apps.rapport.example",
}
SIMULATED_MAIL = {
    "RAPPORT_CAPTURE_DOMAIN": "log.lumenworks.example",
    "RAPPORT_AUTHSERV_ID": "mx.rapport-local.example",
}
"""The domain of Smart BCC, and the mail server in front of it, which the simulator plays."""
SIMULATED_PUSH = {
    "RAPPORT_PUSH_TOPIC": "projects/rapport-local/topics/gmail",
    "RAPPORT_PUSH_SERVICE_ACCOUNT": "push@rapport-local.example",
}


def uses_simulator(env: Mapping[str, str]) -> bool:
    """Whether Google is played by the simulator: when no client of a real one is configured."""
    return not env.get("RAPPORT_GOOGLE_CLIENT_ID")


def local_environment(
    env: Mapping[str, str], *, data_dir: Path, installation: Installation
) -> dict[str, str]:
    """`env` with every default that this machine can provide."""
    settings = Settings.from_environment(env)
    given = {name: value for name, value in env.items() if value}
    public_url = given.get("RAPPORT_PUBLIC_URL", f"http://127.0.0.1:{settings.port}").rstrip("/")
    filled = {
        "PYTHONUNBUFFERED": "1",  # or the logs would lag
        "RAPPORT_PUBLIC_URL": public_url,
        "RAPPORT_SECRET_KEYS": installation.secret_key,
        "RAPPORT_DATA_DIR": str(data_dir),
        "RAPPORT_LMTP_ADDRESS": f"127.0.0.1:{installation.lmtp_port}",
    }
    if uses_simulator(env):
        filled |= {
            "RAPPORT_GOOGLE_ROOT": f"http://127.0.0.1:{settings.simulator_port}",
            "RAPPORT_GOOGLE_CLIENT_ID": "simulator.apps.rapport.example",
            "RAPPORT_GOOGLE_CLIENT_SECRET": installation.google_client_secret,
            "RAPPORT_PUSH_AUDIENCE": f"{public_url}/hooks/gmail-push",
            **SIMULATED_ADDON,
            **SIMULATED_MAIL,
            **SIMULATED_PUSH,
        }
    return {**filled, **given}
