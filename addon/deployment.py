"""deployment.json for one installation: the same file with its own address in it.

Google is handed the result (`gcloud workspace-add-ons deployments replace`), the simulator as well.
"""

from pathlib import Path

FILE = Path(__file__).resolve().parent / "deployment.json"
PLACEHOLDER = "https://rapport.example.com"
"""The address in the file that is kept with the code."""


def deployment_for(public_url: str) -> str:
    """The manifest as text, with every address on `public_url` (without a slash at its end)."""
    return FILE.read_text(encoding="utf-8").replace(PLACEHOLDER, public_url)
