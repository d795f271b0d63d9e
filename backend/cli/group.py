"""The list of commands, and how an error that we can explain ends: in one sentence.

A setting that is missing or wrong is exit code 2, everything else exit code 1.
"""

import click

from backend.cli.database import migrate
from backend.cli.doctor import doctor
from backend.cli.processes import schedule, simulator, up, web, worker
from backend.errors import ConfigurationError, RapportError


class Commands(click.Group):
    """Explains our own errors in their sentence, without a stack trace."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command that was named."""
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


for command in (up, web, worker, schedule, simulator, migrate, doctor):
    rapport.add_command(command)
