"""The list of commands, and the exit of an expected error: one sentence.

A setting that is missing or wrong is exit code 2, everything else exit code 1. A command's module
is loaded when the command is called: parsing one mail should not wait for the database's tools.
"""

from importlib import import_module

import click

from backend.errors import ConfigurationError, RapportError

COMMANDS = {
    "up": "backend.cli.processes",
    "web": "backend.cli.processes",
    "worker": "backend.cli.processes",
    "schedule": "backend.cli.processes",
    "smart-bcc": "backend.cli.processes",
    "simulator": "backend.cli.processes",
    "migrate": "backend.cli.database",
    "create-workspace": "backend.cli.workspace",
    "seed": "backend.cli.seed",
    "import-csv": "backend.cli.customers",
    "deployment": "backend.cli.deployment",
    "doctor": "backend.cli.doctor",
    "inspect-mail": "backend.cli.mail",
    "why": "backend.cli.answers",
    "audit": "backend.cli.answers",
    "rotate-keys": "backend.cli.keys",
}
"""Each command and the module that holds it, as the attribute of the same name."""


class Commands(click.Group):
    """Prints our own errors as one sentence, without a stack trace."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """In the order of the list."""
        return list(COMMANDS)

    def get_command(self, _ctx: click.Context, name: str) -> click.Command | None:
        """Load the command's module, if there is such a command."""
        if name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(COMMANDS[name]), name.replace("-", "_"))
        return command

    def invoke(self, ctx: click.Context) -> object:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except ConfigurationError as error:
            click.echo(error.sentence, err=True)
            ctx.exit(2)
        except RapportError as error:
            click.echo(error.sentence, err=True)
            ctx.exit(1)


@click.group(cls=Commands)
def rapport() -> None:
    """Rapport: a CRM that lives beside Gmail."""
