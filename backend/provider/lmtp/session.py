"""One LMTP conversation: which command may follow which, and one reply per recipient.

4xx answers every transient failure (database, disk, overload): the sender's server retries for
days. 5xx answers only what can never work, because it makes that server send a bounce.
"""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Generic, ParamSpec, Protocol, TypeVar

import structlog

from backend.domain.paging import whole_id
from backend.errors import Conflict, NotFound, TryLater
from backend.provider.lmtp.content import Content
from backend.provider.lmtp.unstuffing import Unstuffer
from backend.provider.lmtp.wire import LineTooLong, Wire

log = structlog.get_logger(__name__)
R = TypeVar("R")
T = TypeVar("T")
P = ParamSpec("P")

MOST_RECIPIENTS = 100
MOST_ERRORS = 20
"""Invalid commands after which the connection ends."""

PATH = re.compile(r"<([^<>\s]{0,512})>(.*)", re.DOTALL)
XTEXT = re.compile(r"\+([0-9A-F]{2})")
UNAVAILABLE = "[UNAVAILABLE]"

OK, OK_SENDER, OK_RECIPIENT = "250 2.0.0 OK", "250 2.1.0 OK", "250 2.1.5 OK"
TOO_LARGE = "552 5.3.4 This mail is larger than Rapport takes"
NO_ROOM = "452 4.3.1 There is no room for this mail right now"
PASSING = "451 4.3.0 Rapport can't store mail right now, try again"


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """The envelope: the return path, and the client that gave the message to our mail server."""

    mail_from: str
    client: str | None
    helo: str | None


class InThread(Protocol):
    """Runs blocking work beside the event loop."""

    def __call__(self, work: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> Awaitable[T]:
        """The answer of `work`, which is called in a thread."""


class Receiver(Protocol[R]):
    """Takes mail in. Both calls may block: they are made in threads."""

    most: int

    def find(self, recipient: str) -> R:
        """The owner of an address. Raises NotFound for an unknown one, Conflict for one that has
        ended, TryLater when the look-up fails.
        """

    def take(self, recipient: R, envelope: Envelope, content: Content) -> None:
        """Stores the message durably. Raises TryLater when that fails."""

    @property
    def is_busy(self) -> bool:
        """Whether no more mail should be begun."""


@dataclass
class Session(Generic[R]):
    """One connection. `in_thread` runs blocking work; `trusted` peers may report their clients."""

    wire: Wire
    receiver: Receiver[R]
    in_thread: InThread
    name: str
    greeted: bool = False
    errors: int = 0
    mail_from: str | None = None
    recipients: list[R] = field(default_factory=list)
    content: Content | None = None
    told: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """The commands by their names."""
        self._commands: Mapping[str, Callable[[str], Awaitable[bool]]] = {
            "LHLO": self._lhlo,
            "XFORWARD": self._xforward,
            "MAIL": self._mail,
            "RCPT": self._rcpt,
            "DATA": self._data,
            "BDAT": self._bdat,
            "RSET": self._rset,
            "NOOP": self._noop,
            "VRFY": self._vrfy,
        }

    async def run(self) -> None:
        """Talks until the client quits, is silent for too long, or sends too many invalid
        commands.
        """
        await self.wire.say(f"220 {self.name} LMTP Rapport")
        while self.errors < MOST_ERRORS:
            try:
                line = await self.wire.line()
            except LineTooLong:
                await self._wrong("500 5.5.2 Line too long")
                continue
            if line is None:
                return
            if not await self._obey(line.decode("utf-8", "replace")):
                return
        await self.wire.say("421 4.7.0 Too many errors")

    def close(self) -> None:
        """Discards a message that was begun."""
        self._reset()

    async def _obey(self, line: str) -> bool:
        """Executes one command. Whether the conversation continues."""
        verb, _, rest = line.partition(" ")
        verb = verb.upper()
        if verb == "QUIT":
            await self.wire.say("221 2.0.0 Bye")
            return False
        command = self._commands.get(verb)
        if command is None:
            await self._wrong("500 5.5.1 LMTP is spoken here: LHLO, not " + verb[:20])
        elif verb in NEEDS_GREETING and not self.greeted:
            await self._wrong("503 5.5.1 LHLO first")
        else:
            return await command(rest.strip())
        return True

    async def _wrong(self, answer: str) -> bool:
        self.errors += 1
        await self.wire.say(answer)
        return True

    async def _lhlo(self, rest: str) -> bool:
        if not rest:
            return await self._wrong("501 5.5.4 LHLO needs a name")
        self.greeted = True
        self._reset()
        await self.wire.say(
            f"250-{self.name}",
            "250-PIPELINING",
            "250-ENHANCEDSTATUSCODES",
            "250-8BITMIME",
            "250-SMTPUTF8",
            "250-CHUNKING",
            "250-XFORWARD NAME ADDR PROTO HELO SOURCE PORT",
            f"250 SIZE {self.receiver.most}",
        )
        return True

    async def _xforward(self, rest: str) -> bool:
        pairs = (one.partition("=") for one in rest.split())
        self.told |= {name.upper(): unquoted(value) for name, _, value in pairs}
        await self.wire.say(OK)
        return True

    async def _mail(self, rest: str) -> bool:
        found = path_of(rest, "FROM:")
        if self.mail_from is not None:
            return await self._wrong("503 5.5.1 A mail was begun already")
        if found is None:
            return await self._wrong("501 5.5.4 MAIL FROM:<address> is expected")
        address, parameters = found
        announced = whole_id(parameters.get("SIZE"))
        if announced is not None and announced > self.receiver.most:
            await self.wire.say(TOO_LARGE)
        elif self.receiver.is_busy:
            await self.wire.say("451 4.3.2 Too much mail at once, try again")
        else:
            self.mail_from = address
            await self.wire.say(OK_SENDER)
        return True

    async def _rcpt(self, rest: str) -> bool:
        found = path_of(rest, "TO:")
        if self.mail_from is None:
            return await self._wrong("503 5.5.1 MAIL first")
        if found is None:
            return await self._wrong("501 5.5.4 RCPT TO:<address> is expected")
        if len(self.recipients) >= MOST_RECIPIENTS:
            await self.wire.say("452 4.5.3 Too many recipients")
            return True
        await self.wire.say(await self._added(found[0]))
        return True

    async def _added(self, address: str) -> str:
        try:
            self.recipients.append(await self.in_thread(self.receiver.find, address))
        except NotFound as error:
            return f"550 5.1.1 {error.sentence}"
        except Conflict as error:
            return f"550 5.1.6 {error.sentence}"
        except TryLater as error:
            log.warning("lookup_failed", why=type(error).__name__)
            return PASSING
        except Exception:  # whatever it is, it is ours and passes
            log.exception("lookup_failed")
            return PASSING
        return OK_RECIPIENT

    async def _data(self, rest: str) -> bool:
        del rest
        if not self.recipients or self.content is not None:
            return await self._wrong("503 5.5.1 There is no recipient")
        await self.wire.say("354 End with a dot alone on a line")
        content = self.content = Content(self.receiver.most)
        unstuffer = Unstuffer()
        while not unstuffer.done:
            piece = await self.wire.some()
            if not piece:
                return False
            content.add(unstuffer.feed(piece))
        self.wire.give_back(unstuffer.rest)
        await self._deliver(content)
        return True

    async def _bdat(self, rest: str) -> bool:
        size, _, last = rest.partition(" ")
        left = whole_id(size)
        if left is None or last.strip().upper() not in {"", "LAST"}:
            return await self._wrong("501 5.5.4 BDAT size [LAST] is expected")
        content = self.content = self.content or Content(self.receiver.most)
        while left:
            piece = await self.wire.some(min(left, 64 * 1024))
            if not piece:
                return False
            left -= len(piece)
            content.add(piece)
        if not self.recipients:
            self._reset()
            return await self._wrong("503 5.5.1 There is no recipient")
        if last:
            await self._deliver(content)
        else:
            await self.wire.say(OK)
        return True

    async def _deliver(self, content: Content) -> None:
        """Stores it for each recipient and replies for each, in order."""
        envelope = Envelope(
            mail_from=self.mail_from or "",
            client=self.told.get("ADDR"),
            helo=self.told.get("HELO"),
        )
        answers = [await self._answer(one, envelope, content) for one in self.recipients]
        self._reset()
        await self.wire.say(*answers)

    async def _answer(self, recipient: R, envelope: Envelope, content: Content) -> str:
        if content.too_large:
            return TOO_LARGE
        if content.no_room:
            return NO_ROOM
        try:
            await self.in_thread(self.receiver.take, recipient, envelope, content)
        except TryLater as error:
            log.warning("mail_not_stored", why=type(error).__name__)
            return PASSING
        except Exception:  # nothing is wrong with the mail: it comes again
            log.exception("mail_not_stored")
            return PASSING
        return OK

    async def _rset(self, rest: str) -> bool:
        del rest
        self._reset()
        await self.wire.say(OK)
        return True

    async def _noop(self, rest: str) -> bool:
        del rest
        await self.wire.say(OK)
        return True

    async def _vrfy(self, rest: str) -> bool:
        del rest
        await self.wire.say("252 2.5.0 Send mail to it, and see")
        return True

    def _reset(self) -> None:
        if self.content is not None:
            self.content.close()
        self.mail_from, self.recipients, self.content = None, [], None


NEEDS_GREETING = frozenset({"XFORWARD", "MAIL", "RCPT", "DATA", "BDAT"})


def path_of(rest: str, word: str) -> tuple[str, Mapping[str, str]] | None:
    """The address between the brackets, and the parameters after it."""
    if not rest.upper().startswith(word):
        return None
    found = PATH.fullmatch(rest[len(word) :].strip())
    if found is None:
        return None
    pairs = (one.partition("=") for one in found[2].split())
    return found[1], {name.upper(): value for name, _, value in pairs}


def unquoted(value: str) -> str:
    """A value of XFORWARD (xtext, RFC 3461 §4); empty when unavailable.

    >>> unquoted("a+2Bb"), unquoted("[UNAVAILABLE]")
    ('a+b', '')
    """
    plain = XTEXT.sub(lambda found: chr(int(found[1], 16)), value)
    return "" if plain.upper() in {UNAVAILABLE, "[TEMPUNAVAIL]"} else plain.removeprefix("IPV6:")
