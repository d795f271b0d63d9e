"""`rapport rotate-keys`."""

import click

from backend.cli.outside import outside_world
from backend.local.attach import settings_here
from backend.services import rotating
from backend.services.rotating import Rotated


@click.command()
def rotate_keys() -> None:
    """Reseal everything with the first key of RAPPORT_SECRET_KEYS, to retire the others."""
    with outside_world(settings_here()) as deps:
        rotated = rotating.rotate_keys(deps)
    for sentence in sentences(rotated):
        click.echo(sentence)
    if not rotated.done:
        raise click.exceptions.Exit(1)


def sentences(rotated: Rotated) -> list[str]:
    """What was done, what still depends on an older key, and what to do next."""
    lines = [f"Sealed with the first key now: the tokens of {rotated.mailboxes} more mailboxes."]
    if rotated.key_of_hashes:
        lines.append("Sealed with the first key now: the key that hashes are made with.")
    if rotated.open_ways:
        lines.append(
            f"{rotated.open_ways} people are on their way to Google with an older key. Run this "
            "again in ten minutes."
        )
    if rotated.lost:
        numbers = ", ".join(map(str, rotated.lost))
        lines.append(
            f"The tokens of these mailboxes were sealed with a key that is not in the list: "
            f"{numbers}. Put that key back into RAPPORT_SECRET_KEYS and run this again, or have "
            "their owners connect them again."
        )
    if rotated.done:
        lines.append(
            "Nothing depends on an older key. Leave only the first in RAPPORT_SECRET_KEYS, and "
            "start web, workers and schedule again."
        )
    return lines
