"""Forecasts of waiting mail, written in one statement: planning costs little else."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from backend.domain.ids import PendingId
from backend.domain.sending.outlook import Shown
from backend.store.asking import as_json, run
from backend.store.statements import command, sql

WRITE = command(sql("write_forecasts"))


def write(session: Session, forecasts: Mapping[PendingId, Shown]) -> None:
    """Store these forecasts on mail that still waits."""
    planned = [
        {"id": key, "at": one.forecast_at, "reason": one.reason, "details": one.reason_details}
        for key, one in forecasts.items()
    ]
    run(session, WRITE.bind(planned=as_json(planned)))
