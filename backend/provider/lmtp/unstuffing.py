"""The text of DATA, piece by piece: finds its end, and removes the dots stuffed in front of lines
(RFC 5321 §4.5.2).

Only CRLF "." CRLF ends it, and only CRLF "." is unstuffed. A bare LF is content: servers that took
it for a line end allowed SMTP smuggling.
"""

BEGINNING = b"\r\n"
"""DATA begins as if after a line end."""
LONGEST_END = 4
"""Bytes that may still become the end once more arrive."""


class Unstuffer:
    """Feed it what arrives. `done` is set at the end; `rest` is what follows it."""

    def __init__(self) -> None:
        self._held = BEGINNING
        self._at_beginning = True
        self.done = False
        self.rest = b""

    def feed(self, piece: bytes) -> bytes:
        """The content so far that was not returned yet."""
        data = self._held + piece
        end = data.find(b"\r\n.\r\n")
        if end >= 0:
            self.rest, self.done, self._held = data[end + 5 :], True, b""
            return self._given(data[: end + 2])
        cut = max(len(data) - LONGEST_END, 0)
        begun = data.find(b"\r", max(cut - 3, 0), cut)  # a CRLF and its dot stay together
        cut = begun if begun >= 0 else cut
        self._held = data[cut:]
        return self._given(data[:cut])

    def _given(self, data: bytes) -> bytes:
        content = data.replace(b"\r\n.", b"\r\n")
        if not self._at_beginning or not content:
            return content
        if len(content) < len(BEGINNING):
            self._held = content + self._held
            return b""
        self._at_beginning = False
        return content[len(BEGINNING) :]
