"""The command that writes the add-on's manifest with this installation's own address."""

from pathlib import Path

import click

from addon.deployment import deployment_for
from backend.local.attach import settings_here


@click.command()
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write to this file instead of the terminal.",
)
def deployment(output: Path | None) -> None:
    """Print deployment.json for this installation, to be handed to Google."""
    text = deployment_for(settings_here().public_url)
    if output is None:
        click.echo(text, nl=False)
    else:
        output.write_text(text, encoding="utf-8")
