"""Inserts many rows in one statement: one JSON document that Postgres turns into rows.

The usual bulk insert sends a statement for each set of non-empty columns, and COPY does not work
under row-level security.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Result, text
from sqlalchemy.orm import Session

from backend.store.asking import as_json
from backend.store.models import Base


def write_rows(
    session: Session, table: type[Base], rows: Sequence[Mapping[str, object]], ending: str = ""
) -> Result[Any]:
    """Insert rows that all have the same columns. `ending` is ON CONFLICT or RETURNING."""
    name = table.__tablename__
    columns = ", ".join(f'"{column}"' for column in rows[0])
    statement = (
        f"INSERT INTO {name} ({columns}) SELECT {columns} "  # noqa: S608 - names of our own tables
        f"FROM json_populate_recordset(CAST(NULL AS {name}), CAST(:rows AS json)) {ending}"
    )
    return session.execute(text(statement), {"rows": as_json(rows)})
