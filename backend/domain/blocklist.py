"""The never-log list: whose mail and which subjects no path may store (M1).

Separate because it outranks every reason to keep a mail and is asked before anybody is matched. One
list holds the entries of the workspace and the personal ones of the mailbox's owner.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from backend.domain.address import domain_of
from backend.domain.envelope import Envelope, domain_and_parents
from backend.domain.reasons import Reason


class EntryKind(StrEnum):
    """What an entry names."""

    ADDRESS = "address"
    DOMAIN = "domain"
    SUBJECT = "subject"


class Scope(StrEnum):
    """Whom an entry binds: the whole workspace, or one member's mailboxes."""

    WORKSPACE = "workspace"
    PERSONAL = "personal"


REASONS: Mapping[EntryKind, Reason] = {
    EntryKind.ADDRESS: Reason.NEVER_LOG_ADDRESS,
    EntryKind.DOMAIN: Reason.NEVER_LOG_DOMAIN,
    EntryKind.SUBJECT: Reason.NEVER_LOG_SUBJECT,
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the list: an address key, a domain with its subdomains, or words of a subject."""

    kind: EntryKind
    value: str
    scope: Scope = Scope.WORKSPACE


@dataclass(frozen=True, slots=True)
class Blocked:
    """The entry that forbids logging, and the address it met; none when the subject did."""

    entry: Entry
    reason: Reason
    address: str | None


@dataclass(frozen=True, slots=True)
class NeverLog:
    """The list, ready to be asked about many messages. Build it with `never_log`."""

    addresses: Mapping[str, Entry]
    domains: Mapping[str, Entry]
    subjects: tuple[tuple[re.Pattern[str], Entry], ...]


def never_log(entries: Iterable[Entry]) -> NeverLog:
    """Index the entries. Where both scopes name the same thing, the workspace's is the one told."""
    ordered = sorted(entries, key=lambda entry: entry.scope is Scope.WORKSPACE)
    return NeverLog(
        addresses={e.value: e for e in ordered if e.kind is EntryKind.ADDRESS},
        domains={e.value: e for e in ordered if e.kind is EntryKind.DOMAIN},
        subjects=tuple(
            (_whole_words(e.value), e)
            for e in reversed(ordered)
            if e.kind is EntryKind.SUBJECT and e.value.strip()
        ),
    )


def blocked(envelope: Envelope, subject: str, entries: NeverLog) -> Blocked | None:
    """The first entry met: by address, then by domain, then by subject, From before To before Cc.

    Bcc counts too: a mail with a hidden copy to a lawyer would store the lawyer's address.

    >>> entries = never_log([Entry(EntryKind.DOMAIN, "legal.example")])
    >>> mail = Envelope("mia@alpha.example", cc=("jo@uk.legal.example",))
    >>> found = blocked(mail, "Contract", entries)
    >>> found.address, found.reason.value
    ('jo@uk.legal.example', 'never_log_domain')
    >>> blocked(Envelope("jo@notlegal.example"), "Contract", entries) is None
    True
    """
    return (
        _by_address(envelope, entries)
        or _by_domain(envelope, entries)
        or _by_subject(subject, entries)
    )


def _by_address(envelope: Envelope, entries: NeverLog) -> Blocked | None:
    for _, key in envelope:
        if entry := entries.addresses.get(key):
            return Blocked(entry, REASONS[entry.kind], key)
    return None


def _by_domain(envelope: Envelope, entries: NeverLog) -> Blocked | None:
    for _, key in envelope:
        for domain in domain_and_parents(domain_of(key)):
            if entry := entries.domains.get(domain):
                return Blocked(entry, REASONS[entry.kind], key)
    return None


def _by_subject(subject: str, entries: NeverLog) -> Blocked | None:
    text = subject.casefold()
    for words, entry in entries.subjects:
        if words.search(text):
            return Blocked(entry, REASONS[entry.kind], None)
    return None


def _whole_words(value: str) -> re.Pattern[str]:
    """Words as words: "pay" must not hide "payment". Any space between them counts as one.

    >>> bool(_whole_words("salary review").search("re: salary  review 2026"))
    True
    """
    words = (re.escape(word) for word in value.casefold().split())
    return re.compile(r"(?<!\w)" + r"\s+".join(words) + r"(?!\w)")
