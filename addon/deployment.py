"""deployment.json for one installation: the same file with its own address in it.

The result goes to Google (`gcloud workspace-add-ons deployments replace`) and to the simulator.
"""

from pathlib import Path

FILE = Path(__file__).resolve().parent / "deployment.json"
PLACEHOLDER = "https://rapport.example.com"
"""The address in the file in the repository."""


def deployment_for(public_url: str) -> str:
    """The manifest as text, with every address on `public_url` (without a slash at its end)."""
    return FILE.read_text(encoding="utf-8").replace(PLACEHOLDER, public_url)
