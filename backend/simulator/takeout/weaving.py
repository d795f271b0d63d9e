"""Threads of an archive, whose mails come in any order: an answer may precede what it answers."""

from backend.simulator.mail.digest import Digest


class Weaver:
    """Remembers which Message-IDs belong to which thread, those only cited included."""

    def __init__(self) -> None:
        self._threads: dict[tuple[str, str], int] = {}

    def thread_for(self, seen: Digest) -> int | None:
        """The thread this mail belongs to, when one is known."""
        for ident in (seen.rfc_id, *seen.cited):
            thread = self._threads.get((ident, seen.subject_key))
            if ident and thread is not None:
                return thread
        return None

    def remember(self, seen: Digest, thread: int) -> None:
        for ident in (seen.rfc_id, *seen.cited):
            if ident:
                self._threads.setdefault((ident, seen.subject_key), thread)
