"""Who may read a message, how much of it, and through which rule (M2, N6).

The same mail may be in several mailboxes whose owners chose differently. For readers without a copy
the most private choice wins; a person with a copy reads it in any case.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from backend.domain.ids import MemberId


class Visibility(StrEnum):
    """How much the team sees of a mail, the most private first."""

    METADATA = "metadata"
    SUBJECT = "subject"
    FULL = "full"

    @property
    def shows_subject(self) -> bool:
        """Whether the subject may be shown."""
        return self is not Visibility.METADATA

    @property
    def shows_text(self) -> bool:
        """Whether body, preview and attachments may be shown."""
        return self is Visibility.FULL


ORDER = tuple(Visibility)
SHARES: Mapping[Visibility, str] = {
    Visibility.METADATA: "only that it happened",
    Visibility.SUBJECT: "the subject only",
    Visibility.FULL: "all of it",
}


class SetFor(StrEnum):
    """The scope of a choice; the narrower beats the wider."""

    THREAD = "for this thread"
    RECORD = "for all mail with this contact"
    MAILBOX = "as for every mail"


class Sharing(StrEnum):
    """Whether a mail may be shared at all. Internal mail never is, whatever was chosen."""

    BY_CHOICE = "by_choice"
    INTERNAL = "internal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """A message in one mailbox. `readers` use that mailbox: its owner, or those of a shared one.

    `default` is the mailbox's; `records` (one for each contact with a choice of its own) and
    `thread` replace it, for this mailbox only. `name` says whose choice it is.
    """

    name: str
    readers: frozenset[MemberId]
    default: Visibility
    records: tuple[Visibility, ...] = ()
    thread: Visibility | None = None


@dataclass(frozen=True, slots=True)
class Viewer:
    """The reader."""

    member_id: MemberId


@dataclass(frozen=True, slots=True)
class Readable:
    """The viewer may see this much; `why` names the rule."""

    level: Visibility
    why: str


@dataclass(frozen=True, slots=True)
class Hidden:
    """The viewer must not learn that the mail exists. `why` is for those who know of it."""

    why: str


@dataclass(frozen=True, slots=True)
class Shared:
    """What the team sees, and whose choice it is. `overruled` wanted to share more."""

    level: Visibility
    name: str
    set_for: SetFor
    overruled: tuple[str, ...] = ()

    @property
    def rule(self) -> str:
        """The rule in words, as a part of a sentence."""
        choice = f"{self.name} shares {SHARES[self.level]}, {self.set_for}"
        if not self.overruled:
            return choice
        return f"{choice}, and the most private choice wins over {_listed(self.overruled)}"


Choice: TypeAlias = tuple[Visibility | None, MemberId | None]
"""What was chosen for a thread, and by whom; nobody in particular chose it for every mailbox."""


def choice_after_merge(one: Choice, other: Choice) -> Choice:
    """What holds for two threads that became one: never more than held for either. A choice to
    share more ends where it would open mail of the other thread.

    >>> private, open_to_all = (Visibility.METADATA, MemberId(1)), (Visibility.FULL, MemberId(2))
    >>> choice_after_merge(open_to_all, private)
    (<Visibility.METADATA: 'metadata'>, None)
    >>> choice_after_merge(private, (None, None)), choice_after_merge((None, None), open_to_all)
    ((<Visibility.METADATA: 'metadata'>, 1), (None, None))
    """
    if one == other:
        return one
    chosen = [(level, who) for level, who in (one, other) if level is not None]
    if all(level is Visibility.FULL for level, _ in chosen):
        return None, None
    by = {who for _, who in chosen}
    who = by.pop() if len(by) == 1 else None
    if who is not None and len(chosen) == 2:
        return min((level for level, _ in chosen), key=ORDER.index), who
    return Visibility.METADATA, who


def who_may_read(
    copies: Sequence[Copy], viewer: Viewer, *, sharing: Sharing = Sharing.BY_CHOICE
) -> Readable | Hidden:
    """Decide for one viewer.

    >>> kim = Copy(name="Kim Doyle", readers=frozenset({MemberId(1)}), default=Visibility.FULL)
    >>> ana = Copy(name="Ana Ruiz", readers=frozenset({MemberId(2)}), default=Visibility.METADATA)
    >>> who_may_read([kim], Viewer(MemberId(3)))
    Readable(level=<Visibility.FULL: 'full'>, why='Kim Doyle shares all of it, as for every mail.')
    >>> who_may_read([kim, ana], Viewer(MemberId(3))).why.partition(", and ")[2]
    'the most private choice wins over Kim Doyle. Ask Ana Ruiz to share more.'
    >>> who_may_read([kim, ana], Viewer(MemberId(1))).why
    'You can read it because it is in a mailbox of yours.'
    """
    if any(viewer.member_id in copy.readers for copy in copies):
        return Readable(Visibility.FULL, "You can read it because it is in a mailbox of yours.")
    if sharing is Sharing.INTERNAL or not copies:
        return Hidden(who_can_read(copies, sharing=sharing))
    shared = shared_with_team(copies)
    advice = "" if shared.level is Visibility.FULL else f" Ask {shared.name} to share more."
    return Readable(shared.level, f"{shared.rule}.{advice}")


def who_can_read(copies: Sequence[Copy], *, sharing: Sharing = Sharing.BY_CHOICE) -> str:
    """The line on every thread: who can read this, and through which rule.

    >>> kim = Copy(name="Kim Doyle", readers=frozenset({MemberId(1)}), default=Visibility.METADATA)
    >>> print(who_can_read([kim]))
    Only Kim Doyle can read it: Kim Doyle shares only that it happened, as for every mail.
    """
    if not copies:
        return "Nobody can read it: it is in no mailbox of this workspace."
    only = f"Only {_listed([copy.name for copy in copies])} can read it"
    if sharing is Sharing.INTERNAL:
        return f"{only}: internal mail is never shared."
    shared = shared_with_team(copies)
    match shared.level:
        case Visibility.FULL:
            return f"Your team can read it: {shared.rule}."
        case Visibility.SUBJECT:
            return f"{only}, and your team sees the subject: {shared.rule}."
        case Visibility.METADATA:
            return f"{only}: {shared.rule}."


def shared_with_team(copies: Sequence[Copy]) -> Shared:
    """What everybody else sees: the most private of the mailboxes' choices. Needs one copy."""
    choices = [(copy.name, *_choice(copy)) for copy in copies]
    name, level, set_for = min(choices, key=lambda choice: ORDER.index(choice[1]))
    overruled = tuple(other for other, chosen, _ in choices if chosen is not level)
    return Shared(level, name, set_for, overruled)


def _choice(copy: Copy) -> tuple[Visibility, SetFor]:
    """What one mailbox shares: the narrowest choice made, and of several contacts the most
    private.
    """
    if copy.thread is not None:
        return copy.thread, SetFor.THREAD
    if copy.records:
        return min(copy.records, key=ORDER.index), SetFor.RECORD
    return copy.default, SetFor.MAILBOX


def _listed(names: Sequence[str]) -> str:
    """Names as in a sentence: "Ana, Ben and Kim"."""
    *others, last = dict.fromkeys(names)
    return f"{', '.join(others)} and {last}" if others else last
