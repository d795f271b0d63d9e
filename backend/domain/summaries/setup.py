"""What an admin has to put in place at Google, and what our own traffic says of it."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class GoogleClient:
    """An OAuth client that Google Admin has to let in, with exactly what it asks for."""

    key: str
    name: str
    client_id: str
    scopes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class SetupCheck:
    """One thing that was looked at, in words; `advice` says what to do where it does not work."""

    name: str
    works: bool
    sentence: str
    advice: str = ""
