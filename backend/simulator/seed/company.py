"""The company whose mail the simulator holds, read from its data files."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Somebody:
    """A person who writes or receives seeded mail."""

    email: str
    name: str
    title: str
    company: str

    @property
    def first(self) -> str:
        return self.name.partition(" ")[0]

    @property
    def written(self) -> str:
        return f"{self.name} <{self.email}>"


@dataclass(frozen=True)
class Customer:
    """An account with its people, the most senior first and finance among them."""

    name: str
    domain: str
    owner: Somebody
    seats: int
    site: str
    people: tuple[Somebody, ...]

    def one(self, part: str) -> Somebody:
        """Who plays a part in a conversation: senior, second, third, finance."""
        if part == "finance":
            return next((one for one in self.people if _handles_money(one)), self.people[-1])
        return self.people[{"senior": 0, "second": 1, "third": 2}[part]]


@cache
def data(name: str) -> Any:
    return json.loads((HERE / f"{name}.json").read_text(encoding="utf-8"))


@cache
def team() -> tuple[Somebody, ...]:
    return tuple(
        Somebody(one["email"], one["name"], one["title"], "Lumen Works")
        for one in data("company")["people"]
    )


@cache
def member(name: str) -> Somebody:
    """By first name or by address."""
    return next(one for one in team() if name in {one.email, one.email.partition("@")[0]})


@cache
def outsiders() -> tuple[Somebody, ...]:
    """People with a mailbox here who belong to no customer."""
    return tuple(
        Somebody(one["email"], one["name"], one["title"], "")
        for one in data("company")["outsiders"]
    )


@cache
def customers() -> tuple[Customer, ...]:
    return tuple(
        Customer(
            account["name"],
            account["domain"],
            member(account["owner_email"]),
            account["seats"],
            account["site"],
            _people_of(account["name"]),
        )
        for account in data("company")["accounts"]
    )


def described() -> dict[str, object]:
    """What the product seeds itself with, so that it knows whom the mail is from."""
    company = data("company")
    return {name: company[name] for name in ("workspace", "people", "accounts", "contacts")}


def _people_of(account: str) -> tuple[Somebody, ...]:
    return tuple(
        Somebody(one["emails"][0], one["name"], one["title"], account)
        for one in data("company")["contacts"]
        if account in one["accounts"]
    )


def _handles_money(person: Somebody) -> bool:
    words = ("finance", "account", "controller", "book", "bursar")
    return any(word in person.title.lower() for word in words)
