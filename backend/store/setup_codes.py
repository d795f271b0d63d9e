"""Set-up codes: found by their hash, never stored in clear. Only the newest one works."""

import hashlib
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from backend.store.models import SetupCode


def replace(session: Session, code: str, *, now: datetime, expires: datetime) -> None:
    """Insert a new code and end every other."""
    open_ones = update(SetupCode).where(SetupCode.used_at.is_(None))
    session.execute(open_ones.where(SetupCode.replaced_at.is_(None)).values(replaced_at=now))
    session.add(SetupCode(code_hash=hash_of(code), made_at=now, expires_at=expires))


def find(session: Session, code: str) -> SetupCode | None:
    """The row of a code, in any state."""
    return session.get(SetupCode, hash_of(code))


def hash_of(code: str) -> bytes:
    """The stored form of a code."""
    return hashlib.sha256(code.encode()).digest()
