"""A message as it arrives: the first megabyte in memory, the rest in an unnamed file.

A message that is too large, or for which the disk has no room, is still read to its end: LMTP
replies only there.
"""

import hashlib
from tempfile import SpooledTemporaryFile

IN_MEMORY = 1024 * 1024


class Content:
    """Bytes with their size and hash. `too_large` and `no_room` say why it is refused."""

    def __init__(self, most: int) -> None:
        self.file = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - closed by `close`
        self.size, self._most = 0, most
        self.too_large = self.no_room = False
        self._hash = hashlib.sha256()

    def add(self, piece: bytes) -> None:
        """Append a piece."""
        self.size += len(piece)
        self.too_large = self.too_large or self.size > self._most
        if self.too_large or self.no_room:
            return
        self._hash.update(piece)
        try:
            self.file.write(piece)
        except OSError:
            self.no_room = True

    @property
    def sha256(self) -> bytes:
        """The hash of everything added."""
        return self._hash.digest()

    def close(self) -> None:
        """Releases the memory or the file."""
        self.file.close()
