"""Puts the people, and with the company their mail, into an empty store."""

from datetime import datetime

from backend.simulator import people
from backend.simulator.config import Seed
from backend.simulator.people import Role
from backend.simulator.store import Store

TEAM = (
    ("robin@lumenworks.example", "Robin Vale", "Account executive"),
    ("kim@lumenworks.example", "Kim Doyle", "Head of customer success"),
    ("ana@lumenworks.example", "Ana Lindt", "Operations"),
)
OUTSIDERS = (("noor@elsewhere.example", "Noor Aziz", "Consultant"),)


def fill(store: Store, seed: Seed, *, now: datetime) -> None:
    """Everything is dated backwards from `now`."""
    del seed, now
    with store.write() as db:
        for email, name, title in TEAM:
            people.add(db, email, name=name, role=Role.TEAM, title=title)
        for email, name, title in OUTSIDERS:
            people.add(db, email, name=name, title=title)
