"""The list of commands, and the exit of an expected error: one sentence.

A setting that is missing or wrong is exit code 2, everything else exit code 1. A command's module
is loaded when the command is called: parsing one mail should not wait for the database's tools.
"""

import ast
from importlib import import_module
from pathlib import Path

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

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands with what each does, without loading what they need for it."""
        width = formatter.width - max(map(len, COMMANDS)) - 6
        listed = {name: click.Command(name, help=help_of(name)) for name in COMMANDS}
        with formatter.section("Commands"):
            formatter.write_dl(
                [(name, one.get_short_help_str(width)) for name, one in listed.items()]
            )

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


def help_of(name: str) -> str:
    """The command's docstring, read from its source: importing it may take seconds."""
    source = Path(__file__).with_name(COMMANDS[name].rpartition(".")[2] + ".py")
    parts = ast.parse(source.read_text(encoding="utf-8")).body
    functions = {part.name: part for part in parts if isinstance(part, ast.FunctionDef)}
    return ast.get_docstring(functions[name.replace("-", "_")]) or ""


@click.group(cls=Commands)
def rapport() -> None:
    """Rapport: a CRM that lives beside Gmail."""
