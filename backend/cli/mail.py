"""`rapport inspect-mail`: what the parser and the rules make of a mail file. Needs no server."""

import json
from pathlib import Path

import click

from backend.google.inspect import inspect_file


@click.command()
@click.option("--jsonl", is_flag=True, help="One line for each file.")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE…")
def inspect_mail(files: tuple[Path, ...], *, jsonl: bool) -> None:
    """Print one JSON object for each mail file, whatever its bytes."""
    for file in files:
        found = inspect_file(file)
        click.echo(json.dumps(found) if jsonl else as_json(found))


def as_json(found: dict[str, object]) -> str:
    """Readable letters, but for halves of characters that no encoding can write."""
    text = json.dumps(found, indent=2, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:
        return json.dumps(found, indent=2)
    return text
