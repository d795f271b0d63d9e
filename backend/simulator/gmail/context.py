"""What a handler is given: the world, its mailbox, and the request with its parameters parsed."""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass

from backend.simulator.gmail.call import Json
from backend.simulator.gmail.errors import bad_request, not_found
from backend.simulator.mail import ids, mailbox
from backend.simulator.mail.mailbox import Filed
from backend.simulator.world import World


@dataclass(frozen=True)
class Context:
    """One authorised call. `db` is inside the store's lock, and a transaction if it writes."""

    world: World
    db: sqlite3.Connection
    mailbox: str
    scopes: frozenset[str]
    params: Mapping[str, str]
    query: Mapping[str, list[str]]
    body: Json
    media: bytes | None = None

    def text(self, name: str, default: str = "") -> str:
        return self.query.get(name, [default])[-1]

    def flag(self, name: str) -> bool:
        return self.text(name).lower() == "true"

    def number(self, name: str, default: int, *, most: int) -> int:
        """A whole number from 1 on; more than allowed is cut down, as Google does."""
        written = self.text(name)
        if not written:
            return default
        if not written.isdigit():
            raise bad_request(f"Invalid value '{written}' for {name}")
        return min(int(written), most) or default

    def message(self, name: str = "id") -> Filed:
        """The message the path names."""
        found = mailbox.find(self.db, self.mailbox, self.ident(self.params[name]))
        if found is None:
            raise not_found()
        return found

    def ident(self, text: str) -> int:
        try:
            return ids.parse_id(text)
        except ids.UnknownIdError as error:
            raise bad_request("Invalid id value") from error

    def strings(self, name: str, body: Json | None = None) -> list[str]:
        """A list of strings of the body, empty when it is left out."""
        value = (self.body if body is None else body).get(name, [])
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise bad_request(f"Invalid value at '{name}'")
        return list(value)
