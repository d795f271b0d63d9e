"""One mail of an archive, with what the archive itself says about it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Found:
    """`labels` come from a folder's name or a file's flags; `done_bytes` is for the progress."""

    raw: bytes
    envelope: str = ""
    labels: tuple[str, ...] | None = None
    done_bytes: int = 0
