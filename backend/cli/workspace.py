"""`rapport create-workspace`: a workspace and its first admin, without a browser.

A person who can run commands here owns the installation, so it asks for no set-up code. An
installation may hold any number of workspaces, and a person may belong to several.
"""

import click

from backend.cli.outside import outside_world
from backend.errors import InputError
from backend.local.attach import settings_here
from backend.services import founding
from backend.services.founding import Founded, Wanted

OPTIONS = {
    "name": "--name",
    "admin": "--admin",
    "domains": "--internal-domain",
    "time_zone": "--time-zone",
}
"""The option of each field that a refusal names."""


@click.command()
@click.option("--name", required=True, help="What the team calls it, such as the company's name.")
@click.option(
    "--admin", required=True, metavar="EMAIL", help="The Google address of its first admin."
)
@click.option(
    "--internal-domain",
    "domains",
    multiple=True,
    metavar="DOMAIN",
    help="A domain of the team's own, whose internal mail is never logged. May be given several "
    "times. Without it, the domain of the admin's address.",
)
@click.option(
    "--time-zone", default="UTC", show_default=True, help="The admin's, such as Europe/Berlin."
)
def create_workspace(name: str, admin: str, domains: tuple[str, ...], time_zone: str) -> None:
    """Make a workspace and its first admin, who then signs in with Google."""
    settings = settings_here()
    wanted = Wanted(name=name, admin=admin, domains=domains, time_zone=time_zone)
    with outside_world(settings) as deps:
        try:
            made = founding.found(deps, wanted)
        except InputError as error:
            lines = [f"{OPTIONS[field]}: {sentence}" for field, sentence in error.fields.items()]
            raise InputError("\n".join([error.sentence, *lines])) from error
    click.echo(summary(made, settings.public_url))


def summary(made: Founded, public_url: str) -> str:
    """What was made, and what comes next."""
    internal = (
        f"Internal: {', '.join(made.domains)}." if made.domains else "No internal domain yet."
    )
    lines = [f"{made.name} is here, and {made.admin} is its admin. {internal}"]
    if made.also_in:
        lines.append(
            f"{made.admin} also belongs to {', '.join(made.also_in)}, and chooses at sign-in."
        )
    lines.append(f"Next: sign in as {made.admin} at {public_url}/signin?next=/first-steps")
    return "\n".join(lines)
