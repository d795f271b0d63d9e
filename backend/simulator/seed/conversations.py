"""Plans the seeded conversations: which script with which customer, when, and in whose words.

Everything follows from one fixed number, so each start tells the same stories; only the dates move.
"""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from backend.simulator.seed.company import Customer, Somebody, customers, data, member
from backend.simulator.seed.files import attachment
from backend.simulator.seed.writing import Written, greeted

Conversation = list[Written]
Script = dict[str, Any]

SCRIPTS_PER_CUSTOMER = 9
STRIDE = 7  # coprime to the number of scripts, so that nobody gets one twice
SPAN = timedelta(days=89)
QUIET = timedelta(hours=21)  # before now, so that the newest mail is one written by hand
WORKING_HOURS = (8, 17)
SATURDAY = 5
MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


def all_conversations(now: datetime) -> Iterator[Conversation]:
    """Every scripted conversation, with customers and among the team."""
    dice = random.Random(2026)  # noqa: S311 - the same company at each start
    scripts: list[Script] = data("conversations")
    for row, customer in enumerate(customers()):
        for column in range(SCRIPTS_PER_CUSTOMER):
            script = scripts[(row * 3 + column * STRIDE) % len(scripts)]
            yield _with_customer(script, customer, _Times(dice, now), dice)
    for script in data("internal"):
        yield _among_team(script, _Times(dice, now), dice)


class _Times:
    """Moments of one conversation: a start in the last months, then hours to days between."""

    def __init__(self, dice: random.Random, now: datetime) -> None:
        self._dice = dice
        self._latest = now - QUIET
        self.at = _at_work(now - QUIET - SPAN * dice.random(), dice)

    def advance(self) -> datetime:
        """The next moment, in working hours, before everything that is written by hand."""
        later = _at_work(
            self.at + timedelta(hours=self._dice.choice((1, 2, 4, 19, 26))), self._dice
        )
        gap = timedelta(minutes=self._dice.randint(3, 40))
        self.at = min(max(later, self.at + gap), max(self._latest, self.at + gap))
        return self.at


def _at_work(moment: datetime, dice: random.Random) -> datetime:
    """The moment itself, or the nearest one before it in working hours: never after it."""
    first, last = WORKING_HOURS
    # Drawn even when not used: the stories that follow must not depend on today's date.
    hour, minute, second = dice.randint(first, last - 1), dice.randint(0, 59), dice.randint(0, 59)
    if moment.weekday() < SATURDAY and first <= moment.hour < last:
        return moment
    day = moment if moment.hour >= last else moment - timedelta(days=1)
    day -= timedelta(days=max(0, day.weekday() - SATURDAY + 1))
    return day.replace(hour=hour, minute=minute, second=second)


def _with_customer(
    script: Script, customer: Customer, times: _Times, dice: random.Random
) -> Conversation:
    other = customer.one(script["with"])
    second = customer.one("third" if script["with"] == "second" else "second")
    values = _values(customer, second, times.at, dice)
    cast = {"team": customer.owner, "customer": other, "second": second}
    told: Conversation = []
    for turn in script["turns"]:
        sender = cast.get(turn["by"]) or member(turn["by"])
        copied = turn.get("cc")
        cc = () if copied is None else (cast.get(copied) or member(copied),)
        to = other if sender.company == "Lumen Works" else customer.owner
        paragraphs = tuple(text.format(**values) for text in turn["text"])
        told.append(
            Written(
                sender,
                (to,),
                tuple(one for one in cc if one not in {sender, to}),
                script["subject"].format(**values),
                greeted(to, paragraphs, first=not told),
                times.at if not told else times.advance(),
                _files(turn, values["number"]),
            )
        )
    return told


def _among_team(script: Script, times: _Times, dice: random.Random) -> Conversation:
    people = [member(name) for name in script["people"]]
    told: Conversation = []
    for name, text in script["turns"]:
        sender = member(name)
        others = [one for one in people if one != sender]
        files = _files(script, str(dice.randint(100, 999))) if not told else ()
        told.append(
            Written(
                sender,
                tuple(others[:1]),
                tuple(others[1:]),
                script["subject"],
                tuple(text),
                times.at if not told else times.advance(),
                files,
            )
        )
    return told


def _values(
    customer: Customer, second: Somebody, at: datetime, dice: random.Random
) -> dict[str, str]:
    lower = dice.randint(18, 90) * 100
    return {
        "account": customer.name,
        "site": customer.site,
        "seats": str(customer.seats),
        "fewer": str(max(5, customer.seats * dice.randint(3, 8) // 10)),
        "second": second.first,
        "month": MONTHS[at.month % 12],
        "last_month": MONTHS[at.month - 2],
        "day": str(dice.choice((11, 12, 16, 17, 18, 19, 24, 25, 26, 27))),
        "number": f"LW-{at:%y}{dice.randint(1000, 9999)}",
        "lower": f"{lower:,}",
        "amount": f"{int(lower * 1.1):,}",
        "percent": str(dice.randint(11, 34)),
    }


def _files(turn: Script, number: str) -> tuple[Any, ...]:
    return (attachment(turn["attach"], number),) if "attach" in turn else ()
