"""One message to Postgres with a few statements, and the one value of each answer.

Separate because the driver's own pipeline spends more time on a short statement than Postgres does:
a cursor for each, their queues, and a wait more. Here every statement is prepared once for each
connection and the answers are taken as they come.
"""

import itertools
import select
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias
from weakref import WeakKeyDictionary, WeakSet

import psycopg
from psycopg import adapt, errors
from psycopg.abc import Transformer
from psycopg.pq import ConnStatus, ExecStatus
from psycopg.pq.abc import PGconn, PGresult

Driver: TypeAlias = psycopg.Connection[Any]
Key: TypeAlias = tuple[bytes, tuple[int, ...]]
"""A statement with the types of its values: a small number has another than a large one."""

MOST_PREPARED = 200
"""Statements kept for each connection; further ones are planned at every run."""

PREPARED = "SELECT name FROM pg_prepared_statements"

_doubtful: WeakSet[Driver] = WeakSet()
_prepared: WeakKeyDictionary[Driver, dict[Key, bytes]] = WeakKeyDictionary()
_numbers = itertools.count()
"""Of names: none is used twice in a process, whichever thread asks."""


@dataclass(frozen=True, slots=True)
class Bound:
    """A statement with its values as they travel."""

    key: Key
    values: Sequence[Any]
    formats: Sequence[int]


def exchange(driver: Driver, asked: Iterable[tuple[bytes, Sequence[object]]]) -> list[Any]:
    """The value of each statement; None without a row. Raises what the driver raises."""
    pgconn, types = driver.pgconn, adapt.Transformer(driver)
    bound = [_bound(types, sql, values) for sql, values in asked]
    known = _known(driver)
    try:
        pgconn.enter_pipeline_mode()
        fresh = _send(pgconn, bound, known)
        results = list(_answers(pgconn))
        pgconn.exit_pipeline_mode()
    except BaseException:  # an answer may be on its way to whoever asks next
        driver.close()
        raise
    failed = next((one for one in results if one.status == ExecStatus.FATAL_ERROR), None)
    if failed is not None:
        raise errors.error_from_result(failed, driver.info.encoding)
    known.update(fresh)
    # Only what prepares a statement has no command of its own.
    return [_value(types, one) for one in results if one.command_status]


def doubt(driver: Driver) -> None:
    """A rollback came. The driver then drops all that is prepared, if some of it is its own."""
    _doubtful.add(driver)


def _known(driver: Driver) -> dict[Key, bytes]:
    known = _prepared.setdefault(driver, {})
    if driver in _doubtful:
        _doubtful.discard(driver)
        there = {name.encode() for (name,) in driver.execute(PREPARED, prepare=False)}
        for key in [key for key, name in known.items() if name not in there]:
            del known[key]
    return known


def _bound(types: Transformer, sql: bytes, values: Sequence[object]) -> Bound:
    given = types.dump_sequence(values, [adapt.PyFormat.AUTO] * len(values))
    return Bound((sql, types.types or ()), given, types.formats or ())


def _send(pgconn: PGconn, bound: Iterable[Bound], known: dict[Key, bytes]) -> dict[Key, bytes]:
    """Everything in one message. Returns what is prepared by it, and by which names."""
    fresh: dict[Key, bytes] = {}
    for one in bound:
        name = known.get(one.key) or fresh.get(one.key)
        if name is None and len(known) + len(fresh) >= MOST_PREPARED:
            sql, types = one.key
            pgconn.send_query_params(sql, one.values, types, one.formats)
            continue
        if name is None:
            name = fresh[one.key] = f"rapport_{next(_numbers)}".encode()
            pgconn.send_prepare(name, *one.key)
        pgconn.send_query_prepared(name, one.values, one.formats)
    pgconn.pipeline_sync()
    return fresh


def _answers(pgconn: PGconn) -> Iterator[PGresult]:
    """The answers up to the mark at the end of the message, as they come."""
    unsent, poll = pgconn.flush(), select.poll()
    while True:
        while unsent or pgconn.is_busy():
            poll.register(pgconn.socket, select.POLLIN | (select.POLLOUT if unsent else 0))
            poll.poll()
            pgconn.consume_input()
            unsent = pgconn.flush() if unsent else 0
        result = pgconn.get_result()
        if result is None:  # the end of one statement's answer, or of the connection
            if pgconn.status != ConnStatus.OK:
                raise psycopg.OperationalError("The connection ended before the answer did.")
            continue
        if result.status == ExecStatus.PIPELINE_SYNC:
            return
        yield result


def _value(types: Transformer, result: PGresult) -> Any:
    if not result.ntuples:
        return None
    types.set_pgresult(result)
    row: tuple[Any, ...] = types.load_row(0, tuple) or (None,)
    return row[0]
