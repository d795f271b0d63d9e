"""Commands that become a process of the product: everything at once, or one part."""

import os
import sys
from pathlib import Path

import click

from backend.local.attach import environment_here
from backend.local.services import require_simulator, web_argv
from backend.local.up import up as run_everything


@click.command()
@click.option(
    "--mbox",
    type=click.Path(exists=True, path_type=Path),
    multiple=True,
    help="An mbox file or Maildir to fill a simulated mailbox with, such as a Google Takeout.",
)
@click.option(
    "--empty",
    is_flag=True,
    help="Without the example company: set the workspace up yourself, as on a real server.",
)
def up(mbox: tuple[Path, ...], *, empty: bool) -> None:
    """Start everything in this terminal, with servers of its own."""
    run_everything(mbox, empty=empty)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
def web(host: str) -> None:
    """Serve the console, the add-on and the hooks."""
    become(*web_argv(host))


@click.command()
@click.argument("role", type=click.Choice(["prompt", "patient"]), required=False)
def worker(role: str | None) -> None:
    """Run jobs. Start as many as you like, on as many machines.

    A prompt one keeps clear of imports, a patient one does them; without a role it does all.
    """
    become(sys.executable, "-m", "worker", *([role] if role else []))


@click.command()
def schedule() -> None:
    """Start what is periodic. At least one must run; several share the work."""
    become(sys.executable, "-m", "worker.schedule")


@click.command("smart-bcc")
def smart_bcc() -> None:
    """Take mail for Smart BCC by LMTP, from a mail server such as Postfix or Exim."""
    become(sys.executable, "-m", "backend.hooks.smart_bcc")


@click.command(context_settings={"ignore_unknown_options": True}, add_help_option=False)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def simulator(arguments: tuple[str, ...]) -> None:
    """Start a Google that runs on this machine, with the options of its own --help."""
    require_simulator()
    become(sys.executable, "-m", "backend.simulator", *arguments)


def become(*argv: str) -> None:
    """Replace this process, so that signals and the exit code are the program's own."""
    os.execve(argv[0], argv, environment_here())  # noqa: S606 - there is no shell to start
