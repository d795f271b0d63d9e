"""`rapport import-csv`: imports a company's customers from a spreadsheet's or another CRM's list.

Reads the file twice: once to check every line and once to upsert, so that a list with an error
changes nothing and a large one needs no memory.
"""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import click

from backend.cli.outside import in_workspace, member, outside_world
from backend.domain.customers.columns import MEANING, BadHeader, read_header
from backend.domain.customers.rows import BadLine, Line
from backend.errors import InputError
from backend.local.attach import settings_here
from backend.services.customer_lists import judging, writing
from backend.services.customer_lists.file import CustomerFile

COLUMNS = "\n".join(f"  {column:14}{meaning}" for column, meaning in MEANING.items())


@click.command(epilog=f"\b\nColumns, in any order; others are left out:\n{COLUMNS}")
@click.option("--as", "email", required=True, metavar="EMAIL", help="The colleague who adds them.")
@in_workspace
@click.option("--check", is_flag=True, help="Judge the list and write nothing.")
@click.option("--skip-errors", is_flag=True, help="Leave out lines that cannot be taken in.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_csv(file: Path, email: str, workspace: str, *, check: bool, skip_errors: bool) -> None:
    """Take in accounts and contacts from the CSV file FILE.

    A line stands for a person, for an account, or for both. What is there already is completed, an
    empty cell changes nothing, and the same list twice is the same list once. The column names of
    HubSpot, Salesforce, Google Contacts, Pipedrive and Outlook are understood. A column named like
    a trait of your accounts fills it. Somebody without an email address is named and left out, and
    so is what an optional column says in a way that cannot be read.
    """
    with outside_world(settings_here()) as deps:
        actor = member(deps, email, workspace)
        house = judging.house_of(deps, actor)
        source = CustomerFile(lambda: file.open("rb"))
        header = read_header(source.names, house.traits)
        if isinstance(header, BadHeader):
            raise InputError(header.sentence)
        if header.ignored:
            click.echo(f"Columns left out: {', '.join(header.ignored)}.", err=True)
        good, bad, left = report_lines(judging.judged(deps, actor, house, source.lines(header)))
        if bad and not (skip_errors or check):
            raise InputError(
                f"{lines(bad)} cannot be taken in, so nothing was written. Correct the list, or"
                " leave such lines out with --skip-errors."
            )
        if check:
            click.echo(f"{lines(good)} can be taken in, {bad:,} cannot.{left_out(left)}")
            raise click.exceptions.Exit(1 if bad else 0)
        again = judging.judged(deps, actor, house, source.lines(header))
        kept = (line for line in again if isinstance(line, Line) and not line.left_out)
        done: Counter[str] = Counter()
        for batch in writing.import_people(deps, actor, house, kept):
            done += batch
    click.echo(f"{summary(done)}{left_out(left)}")


def report_lines(judged: Iterable[Line | BadLine]) -> tuple[int, int, int]:
    """The number of good lines, of bad lines, and of lines with nothing to import; each error and
    omission is printed as it is found.
    """
    good = bad = left = 0
    for line in judged:
        for sentence in line.sentences if isinstance(line, BadLine) else line.notes:
            click.echo(f"line {line.number}: {sentence}", err=True)
        if isinstance(line, BadLine):
            bad += 1
        elif line.left_out:
            left += 1
        else:
            good += 1
    return good, bad, left


def left_out(number: int) -> str:
    """The summary's sentence on people left out; empty when there are none."""
    return f" {lines(number)} left out, as named above." if number else ""


def summary(done: Counter[str]) -> str:
    """What the list changed, in one sentence."""
    changes = [f"{number:,} {what}" for what, number in done.items() if what != "lines"]
    if not changes:
        return f"{lines(done['lines'])}, and all of it was there already."
    return f"{lines(done['lines'])}: {', '.join(changes)}."


def lines(number: int) -> str:
    """The number with its word."""
    return "1 line" if number == 1 else f"{number:,} lines"
