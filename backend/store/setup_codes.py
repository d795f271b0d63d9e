"""Set-up codes: found by their hash, never by themselves. The newest one is the only one."""

import hashlib
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from backend.store.models import SetupCode


def replace(session: Session, code: str, *, now: datetime, expires: datetime) -> None:
    """Keep a new code and end every other."""
    open_ones = update(SetupCode).where(SetupCode.used_at.is_(None))
    session.execute(open_ones.where(SetupCode.replaced_at.is_(None)).values(replaced_at=now))
    session.add(SetupCode(code_hash=hash_of(code), made_at=now, expires_at=expires))


def find(session: Session, code: str) -> SetupCode | None:
    """The row of a code, whatever became of it."""
    return session.get(SetupCode, hash_of(code))


def hash_of(code: str) -> bytes:
    """What is stored of a code."""
    return hashlib.sha256(code.encode()).digest()
