"""What the tests of the page hold: its server, and the add-on that is installed in it."""

import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from backend.simulator.app import create_app
from backend.simulator.config import Config, QuotaMode, Seed
from tests.simulator.page.add_on import AddOn, Json, deployment_of, serving_add_on
from tests.support.serving import serving

ROBIN = "robin@lumenworks.example"
ZONE = {"id": "Europe/Berlin", "offset": 3600000}


@dataclass(frozen=True)
class Installation:
    """What the tests hold: the page's server, and the add-on it calls."""

    root: str
    add_on: AddOn
    deployment: Path

    def ask(self, kind: str, **more: object) -> Json:
        """As the page's script asks."""
        answer = self.post(
            {"person": ROBIN, "kind": kind, "timeZone": ZONE, "locale": "en-GB", **more}
        )
        assert answer.ok, answer.text
        return dict(answer.json())

    def post(self, body: object) -> requests.Response:
        return requests.post(f"{self.root}/simulator/dispatch", json=body, timeout=20)

    def get(self, path: str, **query: str) -> requests.Response:
        return requests.get(f"{self.root}{path}", params=query, timeout=20)

    def fetch(self, path: str, headers: dict[str, str]) -> requests.Response:
        return requests.get(f"{self.root}{path}", headers=headers, timeout=20)

    def fresh(self) -> "Installation":
        """The add-on as it was installed, with nothing asked yet."""
        self.add_on.reset()
        self.install(deployment_of(self.add_on))
        return self

    def install(self, deployment: Json) -> None:
        self.deployment.write_text(json.dumps(deployment))

    def change(self, path: list[str], value: object) -> None:
        """The deployment with one thing changed."""
        deployment = deployment_of(self.add_on)
        place = deployment
        for name in path[:-1]:
            place = place[name]
        place[path[-1]] = value
        self.install(deployment)

    def message(self, **parts: object) -> dict[str, Any]:
        """A message in Robin's mailbox, inserted as Gmail's API allows."""
        session = requests.post(
            f"{self.root}/simulator/session", json={"email": ROBIN}, timeout=20
        ).json()
        answer = requests.post(
            f"{self.root}/gmail/v1/users/me/messages",
            json=parts,
            headers={"Authorization": f"Bearer {session['access_token']}"},
            timeout=20,
        )
        assert answer.ok, answer.text
        return dict(answer.json())


@contextmanager
def serving_installation(folder: Path, seed: Seed) -> Iterator[Installation]:
    """Both servers, with Robin in the team."""
    path = folder / "deployment.json"
    config = Config(deployment=path, quota=QuotaMode.OFF, seed=seed)
    app = create_app(config)
    with closing(app.extensions["world"]), serving_add_on() as add_on, serving(app) as root:
        person = {"email": ROBIN, "name": "Robin Vale", "role": "team"}
        requests.post(f"{root}/simulator/people", json=person, timeout=20)
        yield Installation(root, add_on, path)
