"""The command `rapport`. Each command is one call into a part; none of them decides anything.

A setting that is missing or wrong ends in one sentence and exit code 2, everything else that we
can explain in one sentence and exit code 1.
"""

import os
import sys
from pathlib import Path

import click

from backend.errors import ConfigurationError, RapportError
from backend.settings import Settings, environment

EXISTING_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
FILE_OR_FOLDER = click.Path(exists=True, path_type=Path)


class Commands(click.Group):
    """Explains our own errors in their sentence, without a stack trace."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except ConfigurationError as error:
            click.echo(error.sentence, err=True)
            ctx.exit(2)
        except RapportError as error:
            click.echo(error.sentence, err=True)
            ctx.exit(1)


@click.group(cls=Commands, name="rapport")
def main() -> None:
    """Rapport: a CRM that lives beside Gmail."""


@main.command()
@click.option(
    "--mbox",
    type=FILE_OR_FOLDER,
    multiple=True,
    help="An mbox file or Maildir to fill a simulated mailbox with, such as a Google Takeout.",
)
def up(mbox: tuple[Path, ...]) -> None:
    """Start everything in this terminal, with servers of its own."""
    # Only this command needs the embedded servers.
    from backend.local.up import up as run_everything  # noqa: PLC0415

    run_everything(mbox)


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
def web(host: str) -> None:
    """Serve the console, the add-on, the API and the hooks."""
    from backend.local.services import web_argv  # noqa: PLC0415

    become(*web_argv(Settings.from_environment(), host))


@main.command()
def worker() -> None:
    """Run jobs. Start as many as you like, on as many machines."""
    become(sys.executable, "-m", "worker")


@main.command()
def schedule() -> None:
    """Start what is periodic. Exactly one of these must run."""
    become(sys.executable, "-m", "worker.schedule")


@main.command(context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def simulator(arguments: tuple[str, ...]) -> None:
    """Start a Google that runs on this machine. Its options: rapport simulator --help."""
    become(sys.executable, "-m", "backend.simulator", *arguments)


@main.command()
def migrate() -> None:
    """Bring the database to the newest schema. Connects as the owner of the tables."""
    from backend.store.migrations import head, upgrade  # noqa: PLC0415

    settings = Settings.from_environment()
    upgrade(settings.migration_database_url or settings.require("database_url"))
    click.echo(f"The database is at {head()}.")


def become(*argv: str) -> None:
    """Replace this process, so that signals and the exit code are the program's own."""
    os.execve(argv[0], argv, environment())  # noqa: S606 - there is no shell to start


if __name__ == "__main__":
    main(prog_name="rapport")
