"""Decides which conversation each message of a batch belongs to, and which conversations are one.

Gmail's thread id counts inside one mailbox; Message-IDs, the message's own and those it cites,
connect mailboxes. Subjects never do.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from backend.domain.ids import ConversationId, MessageId, PendingId
from backend.domain.threads.ties import Party, Tie, Ties, holds


class Tied(Protocol):
    """What placing reads of a message. `keys` are all Message-IDs it may be tied by, `thread_id` is
    Gmail's where it is meaningful, `reports_on` the Message-ID of our message, and
    `reported_identity` tells which one where several have it.
    """

    ties: Ties
    reports_on: str | None
    reported_identity: bytes | None

    @property
    def identity(self) -> bytes: ...
    @property
    def left(self) -> bool: ...
    @property
    def send_id(self) -> PendingId | None: ...
    @property
    def thread_id(self) -> str | None: ...
    @property
    def keys(self) -> tuple[str, ...]: ...


T = TypeVar("T", bound=Tied)


@dataclass(frozen=True, kw_only=True)
class FilingFacts:
    """Messages by identity, with their subjects and conversations; conversations by Gmail's
    thread id (the latest first), by Message-ID seen or cited, and by the id of a pending message
    written in them.

    `bearers` are the messages that have a Message-ID, as identity and conversation: several when it
    was used more than once. `parties` holds who is on these conversations, `followed` which of them
    somebody follows, and `apart` the pairs that somebody split. Fresh ids that are not used are
    lost, which costs nothing.
    """

    messages: Mapping[bytes, MessageId]
    subjects: Mapping[bytes, str]
    homes: Mapping[bytes, ConversationId]
    threads: Mapping[str, Sequence[ConversationId]]
    followed: frozenset[ConversationId]
    keys: Mapping[str, ConversationId]
    bearers: Mapping[str, Mapping[bytes, ConversationId]]
    sends: Mapping[str, ConversationId]
    parties: Mapping[ConversationId, Party]
    apart: frozenset[frozenset[ConversationId]]
    message_ids: Sequence[MessageId]
    conversation_ids: Sequence[ConversationId]


class Placing(Generic[T]):
    """The threads of a batch, grown as its messages are placed one by one."""

    def __init__(self, known: FilingFacts) -> None:
        self._known = known
        self._free_ids = iter(known.conversation_ids)
        self._absorbed: dict[ConversationId, ConversationId] = {}
        self._homes = dict(known.homes)
        self._by_gmail = {thread: list(found) for thread, found in known.threads.items()}
        self._by_key = dict(known.keys)
        self._known_gmail = {(t, one) for t, found in known.threads.items() for one in found}
        self._known_keys = dict(known.keys)
        self._bearers = {key: dict(found) for key, found in known.bearers.items()}
        self._parties = dict(known.parties)
        self.started: dict[ConversationId, T] = {}
        """New conversations, each with its first message."""
        self.merges: list[tuple[ConversationId, ConversationId]] = []
        """Conversations that merge into another, in the order to apply: absorbed, kept."""

    def place(self, mail: T) -> ConversationId:
        """The conversation of this message: the one it joins, or a new one.

        The first lead decides; the others are merged with it, unless a person split them.
        """
        found = list(dict.fromkeys(self.settled(one) for one in self._leads(mail)))
        joined: list[ConversationId] = []
        for one in found:
            if not any(self._apart(one, other) for other in joined):
                joined.append(one)
        conversation_id = min(joined) if joined else self._start(mail)
        for absorbed in joined:
            if absorbed != conversation_id:
                self._merge(absorbed, conversation_id)
        self._note(mail, conversation_id)
        return conversation_id

    def settled(self, conversation_id: ConversationId) -> ConversationId:
        """Where a message placed earlier in the batch is now, after later ones merged."""
        while conversation_id in self._absorbed:
            conversation_id = self._absorbed[conversation_id]
        return conversation_id

    @property
    def new_threads(self) -> list[tuple[str, ConversationId]]:
        """Gmail's threads that newly lead to a conversation."""
        pairs = [(thread, one) for thread, found in self._by_gmail.items() for one in found]
        return [pair for pair in pairs if pair not in self._known_gmail]

    @property
    def new_keys(self) -> list[tuple[str, ConversationId]]:
        """Message-IDs that newly lead to a conversation."""
        return [(key, one) for key, one in self._by_key.items() if self._known_keys.get(key) != one]

    def _leads(self, mail: T) -> Iterator[ConversationId]:
        """The conversations it belongs to, the strongest evidence first."""
        if mail.identity in self._homes:
            yield self._homes[mail.identity]
        if mail.reports_on:
            bearers = self._bearers.get(mail.reports_on, {})
            about = bearers.get(mail.reported_identity or b"")
            found = [about, self._by_key.get(mail.reports_on), *bearers.values()]
            yield from [one for one in found if one is not None][:1]
            return
        if mail.left and str(mail.send_id) in self._known.sends:
            yield self._known.sends[str(mail.send_id)]
        for key in mail.ties.cited:
            yield from self._cited(mail, key)
        own = self._by_key.get(mail.ties.own) if mail.ties.own else None
        if own is not None and not self._is_taken(mail) and self._holds(Tie.CITED, mail, own):
            yield own
        for one in self._by_gmail.get(mail.thread_id or "", ()):
            if one in self._known.followed or self._holds(Tie.THREAD, mail, one):
                yield one

    def _cited(self, mail: T, key: str) -> Sequence[ConversationId]:
        """Where a cited id leads. An id that several messages have leads only where exactly one of
        their conversations fits; a follower of a conversation wants its replies, from anybody.
        """
        bearers = self._bearers.get(key)
        if bearers:
            homes = {self.settled(one) for one in bearers.values()}
            fitting = [one for one in homes if self._holds(Tie.CITED, mail, one)]
            fitting = fitting or [one for one in homes if one in self._known.followed]
            return fitting if len(fitting) == 1 else ()
        ghost = self._by_key.get(key)
        fits = ghost is not None and self._holds(Tie.GHOST, mail, ghost)
        return (ghost,) if ghost is not None and fits else ()

    def _is_taken(self, mail: T) -> bool:
        """Whether other content already has this Message-ID."""
        return any(one != mail.identity for one in self._bearers.get(mail.ties.own or "", ()))

    def _holds(self, tie: Tie, mail: T, conversation_id: ConversationId) -> bool:
        others = self._parties.get(self.settled(conversation_id), Party())
        return holds(tie, mail.ties.party, others)

    def _apart(self, one: ConversationId, other: ConversationId) -> bool:
        return frozenset({one, other}) in self._known.apart

    def _note(self, mail: T, conversation_id: ConversationId) -> None:
        """Records where the message leads from now on. An id that already leads elsewhere continues
        to, except that the message that has the id outweighs those that cite it.
        """
        found = self._by_gmail.setdefault(mail.thread_id, []) if mail.thread_id else []
        if conversation_id not in found:
            found.insert(0, conversation_id)
        for key in mail.keys:
            self._by_key.setdefault(key, conversation_id)
        own = mail.ties.own
        if own and not self._is_taken(mail):
            self._by_key[own] = conversation_id
        if own:
            self._bearers.setdefault(own, {})[mail.identity] = conversation_id
        self._homes[mail.identity] = conversation_id
        party = self._parties.get(conversation_id, Party())
        self._parties[conversation_id] = party | mail.ties.party

    def _start(self, mail: T) -> ConversationId:
        conversation_id = next(self._free_ids)
        self.started[conversation_id] = mail
        return conversation_id

    def _merge(self, absorbed: ConversationId, kept: ConversationId) -> None:
        """Merges one conversation into another: everything moves, nothing is lost."""
        self._absorbed[absorbed] = kept
        self.merges.append((absorbed, kept))
        self._parties[kept] = self._parties.get(kept, Party()) | self._parties.pop(
            absorbed, Party()
        )
        for found in self._by_gmail.values():
            found[:] = dict.fromkeys(kept if one == absorbed else one for one in found)
        self._by_key = {k: kept if v == absorbed else v for k, v in self._by_key.items()}
        self._known_gmail = {(t, kept if v == absorbed else v) for t, v in self._known_gmail}
        self._known_keys = {k: kept if v == absorbed else v for k, v in self._known_keys.items()}
