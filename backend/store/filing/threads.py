"""Which conversation each message of a batch belongs to: joins what exists, merges what it
connects.

Gmail's thread id counts inside one mailbox; Message-IDs, the mail's own and those it cites,
connect mailboxes. Subjects never do.
"""

from collections.abc import Iterator, Sequence

from sqlalchemy.orm import Session

from backend.domain.ids import ConversationId
from backend.domain.threads.ties import Party, Tie, holds
from backend.store.absorbing import absorb
from backend.store.bulk import write_rows
from backend.store.filing.item import Filing, FilingPlace
from backend.store.filing.known import Known
from backend.store.filing.rows import Row, Rows
from backend.store.models import Conversation


class Threads:
    """What is known of the batch's threads, grown as its messages are placed one by one."""

    def __init__(self, session: Session, place: FilingPlace, known: Known) -> None:
        self._session, self._place, self._known = session, place, known
        self._free_ids = iter(known.conversation_ids)
        self._absorbed: dict[ConversationId, ConversationId] = {}
        self._homes = dict(known.homes)
        self._by_gmail = {thread: list(found) for thread, found in known.threads.items()}
        self._by_key = dict(known.keys)
        self._known_gmail = {(t, one) for t, found in known.threads.items() for one in found}
        self._known_keys = dict(known.keys)
        self._bearers = {key: dict(found) for key, found in known.bearers.items()}
        self._parties = dict(known.parties)
        self.started: dict[ConversationId, Row] = {}
        """Rows of new conversations that are not written yet."""

    def place(self, item: Filing) -> ConversationId:
        """The conversation of this message: the one it joins, or a new one.

        The first lead decides; the others are merged with it, unless a person took them apart.
        """
        found = list(dict.fromkeys(self.settled(one) for one in self._leads(item)))
        joined: list[ConversationId] = []
        for one in found:
            if not any(self._apart(one, other) for other in joined):
                joined.append(one)
        conversation_id = min(joined) if joined else self._start(item)
        for absorbed in joined:
            if absorbed != conversation_id:
                self._merge(absorbed, conversation_id)
        self._note(item, conversation_id)
        return conversation_id

    def settled(self, conversation_id: ConversationId) -> ConversationId:
        """Where a message placed earlier in the batch is now, after later ones merged."""
        while conversation_id in self._absorbed:
            conversation_id = self._absorbed[conversation_id]
        return conversation_id

    def rows(self) -> Rows:
        """What leads where, as far as it is new."""
        workspace_id = self._place.workspace_id
        return {
            "gmail_threads": [
                {
                    "workspace_id": workspace_id,
                    "mailbox_id": self._place.mailbox_id,
                    "thread_id": thread_id,
                    "conversation_id": conversation_id,
                }
                for thread_id, found in self._by_gmail.items()
                for conversation_id in found
                if (thread_id, conversation_id) not in self._known_gmail
            ],
            "thread_ids": [
                {"workspace_id": workspace_id, "rfc_id": key, "conversation_id": conversation_id}
                for key, conversation_id in self._by_key.items()
                if self._known_keys.get(key) != conversation_id
            ],
        }

    def _leads(self, item: Filing) -> Iterator[ConversationId]:
        """The conversations it belongs to, what says it best first."""
        if item.identity in self._homes:
            yield self._homes[item.identity]
        if item.reports_on:
            bearers = self._bearers.get(item.reports_on, {})
            found = [self._by_key.get(item.reports_on), *bearers.values()]
            yield from [one for one in found if one is not None][:1]
            return
        if item.left and str(item.send_id) in self._known.sends:
            yield self._known.sends[str(item.send_id)]
        for key in item.ties.cited:
            yield from self._cited(item, key)
        own = self._by_key.get(item.ties.own) if item.ties.own else None
        if own is not None and not self._is_taken(item) and self._holds(Tie.CITED, item, own):
            yield own
        for one in self._by_gmail.get(item.thread_id or "", ()):
            if one in self._known.followed or self._holds(Tie.THREAD, item, one):
                yield one

    def _cited(self, item: Filing, key: str) -> Sequence[ConversationId]:
        """Where an id leads that the mail cites. One that several mails have leads only where a
        single conversation of theirs fits; whoever follows one wants its answers, of anybody.
        """
        bearers = self._bearers.get(key)
        if bearers:
            homes = {self.settled(one) for one in bearers.values()}
            fitting = [one for one in homes if self._holds(Tie.CITED, item, one)]
            fitting = fitting or [one for one in homes if one in self._known.followed]
            return fitting if len(fitting) == 1 else ()
        ghost = self._by_key.get(key)
        fits = ghost is not None and self._holds(Tie.GHOST, item, ghost)
        return (ghost,) if ghost is not None and fits else ()

    def _is_taken(self, item: Filing) -> bool:
        """Whether other content has the mail's Message-ID already."""
        return any(one != item.identity for one in self._bearers.get(item.ties.own or "", ()))

    def _holds(self, tie: Tie, item: Filing, conversation_id: ConversationId) -> bool:
        others = self._parties.get(self.settled(conversation_id), Party())
        return holds(tie, item.ties.party, others)

    def _apart(self, one: ConversationId, other: ConversationId) -> bool:
        return frozenset({one, other}) in self._known.apart

    def _note(self, item: Filing, conversation_id: ConversationId) -> None:
        """What the message leads to from now on. An id that leads elsewhere goes on doing so, but
        the mail that has it says it better than those that cite it.
        """
        found = self._by_gmail.setdefault(item.thread_id, []) if item.thread_id else []
        if conversation_id not in found:
            found.insert(0, conversation_id)
        for key in item.keys:
            self._by_key.setdefault(key, conversation_id)
        own = item.ties.own
        if own and not self._is_taken(item):
            self._by_key[own] = conversation_id
        if own:
            self._bearers.setdefault(own, {})[item.identity] = conversation_id
        self._homes[item.identity] = conversation_id
        party = self._parties.get(conversation_id, Party())
        self._parties[conversation_id] = party | item.ties.party

    def _start(self, item: Filing) -> ConversationId:
        conversation_id = next(self._free_ids)
        at = item.fetched.internal_date
        self.started[conversation_id] = {
            "id": conversation_id,
            "workspace_id": self._place.workspace_id,
            "subject": item.fetched.parsed.subject,
            "owner_contact_id": item.people.owner,
            "message_count": 0,
            "first_message_at": at,
            "last_message_at": at,
        }
        return conversation_id

    def _merge(self, absorbed: ConversationId, kept: ConversationId) -> None:
        """One conversation turns out to be part of another: everything moves, nothing is lost."""
        self._write_started()
        self._absorbed[absorbed] = kept
        absorb(self._session, absorbed, kept)
        self._parties[kept] = self._parties.get(kept, Party()) | self._parties.pop(
            absorbed, Party()
        )
        for found in self._by_gmail.values():
            found[:] = dict.fromkeys(kept if one == absorbed else one for one in found)
        self._by_key = {k: kept if v == absorbed else v for k, v in self._by_key.items()}
        self._known_gmail = {(t, kept if v == absorbed else v) for t, v in self._known_gmail}
        self._known_keys = {k: kept if v == absorbed else v for k, v in self._known_keys.items()}

    def _write_started(self) -> None:
        """New conversations must be there before something moves to them or from them."""
        if self.started:
            write_rows(self._session, Conversation, list(self.started.values()))
            self.started = {}
