"""One connection as lines and pieces.

Separate from the session because surplus bytes, read at the end of a message, must be pushed back.
"""

import asyncio

LONGEST_LINE = 4096
"""Bytes of a command: addresses of bounces and in other scripts are long."""
IDLE = 300
"""Seconds (RFC 5321 §4.5.3.2.7)."""
PIECE = 64 * 1024


class LineTooLong(Exception):
    """A command longer than any valid one; it was read to its end."""


class Wire:
    """Reading and writing with a limit on idle time. Raises TimeoutError when nothing comes."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer, self._held = reader, writer, b""

    async def line(self) -> bytes | None:
        """The next command without its end; None at the end of the connection."""
        too_long = False
        while b"\n" not in self._held:
            if len(self._held) > LONGEST_LINE:
                too_long, self._held = True, b""
            piece = await self._read()
            if not piece:
                return None
            self._held += piece
        line, _, self._held = self._held.partition(b"\n")
        if too_long or len(line) > LONGEST_LINE:
            raise LineTooLong
        return line.removesuffix(b"\r")

    async def some(self, most: int = PIECE) -> bytes:
        """Available bytes, up to so many; empty at the end of the connection."""
        if not self._held:
            self._held = await self._read()
        piece, self._held = self._held[:most], self._held[most:]
        return piece

    def give_back(self, rest: bytes) -> None:
        """Pushes bytes back, to be read next."""
        self._held = rest + self._held

    async def say(self, *lines: str) -> None:
        """Sends lines. While more commands wait in the buffer they are sent with later replies."""
        self._writer.write("".join(f"{line}\r\n" for line in lines).encode())
        if not self._held:
            await self._writer.drain()

    async def _read(self) -> bytes:
        async with asyncio.timeout(IDLE):
            return await self._reader.read(PIECE)
