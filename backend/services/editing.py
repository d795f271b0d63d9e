"""Edits a record by hand: fields are checked, merged with concurrent edits, written together or not
at all, recorded with who and when, and undone.

Separate from `accounts` and `contacts`, which list the fields. The caller holds the lock on the
record's row, so a field cannot change between the check and the write.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from backend.domain.customers.edits import Change, Clash, Typed, Unusable, merge
from backend.domain.ids import MemberId
from backend.domain.people.actor import Actor
from backend.domain.summaries.edits import EditLine, FieldChange, FormField, Kind
from backend.errors import Conflict, EditClash, InputError, NotFound, SettledAlready
from backend.store import audit, edits, team
from backend.store.edits import Made, Subject
from backend.store.models import RecordEdit

LONGEST_SHOWN = 80
GONE_COLLEAGUE = "This colleague is no longer in your team. Choose another one."


@dataclass(frozen=True, kw_only=True)
class Field:
    """A field of a record: its present value as text, how typed text is parsed, and how it is
    stored.

    `words` formats its text where options do not.
    """

    name: str
    label: str
    now: str
    read: Callable[[str], str]
    write: Callable[[str], None]
    kind: Kind = Kind.TEXT
    hint: str = ""
    options: Sequence[tuple[str, str]] = ()
    words: Callable[[str], str] | None = None

    def show(self, value: str) -> str:
        """The value in words; an id by its name."""
        words = dict(self.options).get(value, value) if value else ""
        if value and self.words is not None:
            words = self.words(value)
        return words if len(words) <= LONGEST_SHOWN else words[:LONGEST_SHOWN] + "…"

    def form(self) -> FormField:
        """The field as a form shows it."""
        return FormField(
            name=self.name,
            label=self.label,
            value=self.now,
            kind=self.kind,
            hint=self.hint,
            options=tuple(self.options),
        )


def save(
    session: Session,
    actor: Actor,
    subject: Subject,
    fields: Sequence[Field],
    typed: Mapping[str, Typed],
    now: datetime,
) -> int | None:
    """Write the changed fields. Returns the id of the edit, or None when nothing changes.

    Raises InputError with a sentence for each invalid field, EditClash for those that a colleague
    changed meanwhile. Either way nothing is written.
    """
    wanted = _read(fields, typed)
    changes: dict[str, str] = {}
    clashing = []
    for field in fields:
        if field.name in wanted:
            match merge(wanted[field.name], typed[field.name].was, field.now):
                case Change(value):
                    changes[field.name] = value
                case Clash():
                    clashing.append(field)
                case _:
                    pass
    if clashing:
        raise _clash(session, actor, subject, clashing)
    return _write(session, actor, subject, fields, changes, now) if changes else None


def undo(
    session: Session,
    actor: Actor,
    edit: RecordEdit,
    subject: Subject,
    fields: Sequence[Field],
    now: datetime,
) -> None:
    """Restore the previous values. Raises Conflict when one was changed since."""
    if edit.undone_at is not None:
        raise SettledAlready("This change was undone already.")
    known = {field.name: field for field in fields}
    for name, (_, after) in edit.changed.items():
        if name not in known:
            raise NotFound("What was changed is no longer there, so it cannot be undone.")
        if known[name].now != after:
            raise Conflict(f"Nothing was undone: {known[name].label} was changed again since.")
    for name, (before, _) in edit.changed.items():
        try:
            known[name].write(known[name].read(before) if before else "")
        except Unusable as error:
            raise Conflict(f"Nothing was undone. {known[name].label}: {error}") from error
    edit.undone_at, edit.undone_by = now, actor.member_id
    audit.note(session, actor, f"{_noun(subject)}.edit_undone", str(subject), now=now)


def read_or_note(read: Callable[[str], str], text: str, field: str, wrong: dict[str, str]) -> str:
    """The typed text as it is kept; empty, with the sentence noted in `wrong`, if unusable."""
    try:
        return read(text)
    except Unusable as error:
        wrong[field] = str(error)
        return ""


def lines(made: Sequence[Made], fields: Sequence[Field]) -> tuple[EditLine, ...]:
    """Edits as they are shown, the newest first."""
    known = {field.name: field for field in fields}
    return tuple(
        EditLine(
            id=one.row.id,
            by=one.made_by or "Somebody",
            at=one.row.made_at,
            changes=tuple(
                FieldChange(
                    label=known[name].label if name in known else "A trait that was removed",
                    before=known[name].show(before) if name in known else before,
                    after=known[name].show(after) if name in known else after,
                )
                for name, (before, after) in one.row.changed.items()
            ),
            undone_by=one.undone_by,
            undone_at=one.row.undone_at,
            may_undo=one.row.undone_at is None
            and all(
                name in known and known[name].now == after
                for name, (_, after) in one.row.changed.items()
            ),
        )
        for one in made
    )


def colleagues(session: Session) -> tuple[tuple[str, str], ...]:
    """Everybody who was ever on the team, as choices; those who left are marked."""
    return tuple(
        (str(one.id), one.name if one.deactivated_at is None else f"{one.name} (left)")
        for one in team.members(session)
    )


def read_colleague(session: Session) -> Callable[[str], str]:
    """Parses the choice of a colleague: an active member's id, or empty."""
    active = {str(one.id) for one in team.members(session) if one.deactivated_at is None}

    def read(text: str) -> str:
        if text and text not in active:
            raise Unusable(GONE_COLLEAGUE)
        return text

    return read


def member_or_none(value: str) -> MemberId | None:
    """The id in a field's text."""
    return MemberId(int(value)) if value else None


def _read(fields: Sequence[Field], typed: Mapping[str, Typed]) -> Mapping[str, str]:
    """The values to store. Fields left as shown are not checked."""
    wanted, wrong = {}, {}
    for field in fields:
        one = typed.get(field.name)
        if one is None or one.value == one.was:
            continue
        try:
            wanted[field.name] = field.read(one.value)
        except Unusable as error:
            wrong[field.name] = str(error)
    if wrong:
        raise InputError(" ".join(wrong.values()), wrong)
    return wanted


def _write(
    session: Session,
    actor: Actor,
    subject: Subject,
    fields: Sequence[Field],
    changes: Mapping[str, str],
    now: datetime,
) -> int:
    known = {field.name: field for field in fields}
    for name, value in changes.items():
        known[name].write(value)
    changed = {name: [known[name].now, value] for name, value in changes.items()}
    audit.note(session, actor, f"{_noun(subject)}.edited", str(subject), now=now)
    return edits.add(session, actor, subject, changed, now)


def _clash(
    session: Session, actor: Actor, subject: Subject, clashing: Sequence[Field]
) -> EditClash:
    made = edits.made(session, subject)
    sentences = {field.name: _meanwhile(actor, field, made) for field in clashing}
    return EditClash(sentences, {field.name: field.now for field in clashing})


def _meanwhile(actor: Actor, field: Field, made: Sequence[Made]) -> str:
    """Who changed the field, when, and its present value."""
    last = next((one for one in made if field.name in one.row.changed), None)
    who = "Somebody"
    if last is not None:
        undone = last.row.undone_at is not None
        at = (last.row.undone_at if undone else None) or last.row.made_at
        who = f"{(last.undone_by if undone else last.made_by) or 'Somebody'} at "
        who += at.astimezone(ZoneInfo(actor.time_zone)).strftime("%H:%M")
    said = f"“{field.show(field.now)}”" if field.now else "empty"
    return (
        f"{field.label} was changed meanwhile ({who}): it is {said} now, and yours is not saved. "
        "Save again to put yours in its place."
    )


def _noun(subject: Subject) -> str:
    return "account" if subject.account_id is not None else "contact"
