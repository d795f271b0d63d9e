"""`rapport seed`: the example company, with one colleague's mailbox connected already.

The simulator describes the company over HTTP; the colleague's consent is given on its page, as a
person would. Against real Google there is nothing to seed.
"""

import json
from email.message import Message
from typing import IO
from urllib.error import HTTPError, URLError
from urllib.parse import parse_qs, urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

import click

from backend.cli.outside import member, outside_world
from backend.deps import Deps
from backend.domain.people.roles import Role
from backend.errors import ConfigurationError, ProviderUnavailable
from backend.google.oauth import MAILBOX_SCOPES
from backend.local.attach import settings_here
from backend.services import connecting, seeding

TIMEOUT = 30
"""Seconds for one request to the simulator."""

COLLEAGUE = Role.LEADER
"""The role of the colleague whose mailbox is connected, so that there is history to look at."""


class StayHere(HTTPRedirectHandler):
    """A client that does not follow redirects: the target is the answer."""

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str
    ) -> None:
        """Never follow."""


@click.command()
def seed() -> None:
    """Fill an empty product with an example company. Needs the simulator."""
    settings = settings_here()
    if settings.google_root is None:
        raise ConfigurationError("The example company needs the simulator: start `rapport up`.")
    told = fetch(settings.google_root + "/simulator/company")
    company = seeding.company_of(told)
    with outside_world(settings) as deps:
        seeding.seed(deps, told)
        for person in company.people:
            if person.role is COLLEAGUE:
                connect(deps, person.email)
    click.echo(f"{company.workspace.name} is here.")


def fetch(address: str) -> object:
    """JSON from the simulator."""
    try:
        with build_opener().open(address, timeout=TIMEOUT) as answer:
            found: object = json.load(answer)
            return found
    except (URLError, ValueError) as error:
        raise ProviderUnavailable("The simulator did not answer.") from error


def connect(deps: Deps, email: str) -> None:
    """Connect a colleague's mailbox, unless it was connected before."""
    actor = member(deps, email)
    if connecting.is_connected(deps, actor):
        return
    asked = urlsplit(connecting.begin(deps, actor, return_to="/"))
    fields = [(name, values[0]) for name, values in parse_qs(asked.query).items()]
    fields += [("email", email), ("decision", "allow")]
    fields += [("granted", scope) for scope in MAILBOX_SCOPES]
    request = Request(  # noqa: S310 - the root is this machine's own, checked by the settings
        asked._replace(query="").geturl(), data=urlencode(fields).encode()
    )
    back = {name: values[0] for name, values in parse_qs(urlsplit(sent_to(request)).query).items()}
    arrived = connecting.finish(
        deps,
        actor,
        state=back.get("state", ""),
        code=back.get("code", ""),
        error=back.get("error", ""),
    )
    if isinstance(arrived, connecting.Unconfirmed):
        connecting.confirm(deps, actor, state=arrived.state, display_name=actor.name)


def sent_to(request: Request) -> str:
    """Where the simulator redirects to."""
    try:
        build_opener(StayHere).open(request, timeout=TIMEOUT)
    except HTTPError as answer:
        return answer.headers.get("Location", "")
    except URLError as error:
        raise ProviderUnavailable("The simulator did not answer.") from error
    raise ProviderUnavailable("The simulator did not send the colleague back.")
