"""The command that writes or checks the add-on's manifest with this installation's own address."""

from pathlib import Path

import click

from addon.deployment import deployment_for
from addon.deployment_check import check
from backend.local.attach import settings_here


@click.command()
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write to this file instead of the terminal.",
)
@click.option("--check", "checked", is_flag=True, help="Check it instead of writing it.")
@click.option(
    "--installed",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="With --check: what `gcloud workspace-add-ons deployments describe rapport "
    "--format=json` printed, to compare.",
)
def deployment(*, output: Path | None, checked: bool, installed: Path | None) -> None:
    """Print deployment.json for this installation, to be handed to Google."""
    public_url = settings_here().public_url
    text = deployment_for(public_url)
    if checked:
        report(text, public_url, installed)
    elif output is None:
        click.echo(text, nl=False)
    else:
        output.write_text(text, encoding="utf-8")


def report(text: str, public_url: str, installed: Path | None) -> None:
    """One line for each check, with what to do where it fails; then the exit code is 1."""
    theirs = installed.read_text(encoding="utf-8", errors="replace") if installed else None
    found = list(check(text, public_url, theirs))
    for one in found:
        click.echo(f"{'wrong  ' if one.advice else 'ok     '}{one.what}")
        if one.advice:
            click.echo(f"       {one.advice}")
    if any(one.advice for one in found):
        raise click.exceptions.Exit(1)
