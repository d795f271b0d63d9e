"""The one exception tree: a class says what to do about it, its message is for its reader.

    RapportError
    ├── InputError              the person can correct it: field and sentence        422
    ├── AuthenticationFailed    the caller is not who it must be                     401
    ├── NotAllowed              a role or a policy forbids it                        403
    ├── ConsentRefused          Google gave no permission; `code` is its word        409
    ├── NotFound                it is not there, or not for this reader              404
    ├── Conflict                somebody was faster: show the new state              409
    │   ├── EditClash               both changed one field: ask which shall stay
    │   └── SettledAlready          a second click, or a colleague did it: nothing is left to do 303
    ├── MailboxTrouble          the owner must act before this mailbox works
    │   ├── MailboxDisconnected     authorise again
    │   ├── ScopeMissing            allow one more permission
    │   └── MailboxBlocked          an administrator must act
    ├── TryLater                nothing is wrong with the request; `after` says when 503
    │   ├── RateLimited             the provider named a limit
    │   ├── ProviderUnavailable     the provider did not answer properly
    │   ├── Interrupted             this process is ending: another continues
    │   ├── LimiterUnavailable      Redis is gone: nothing may leave
    │   └── StoreUnavailable        Postgres is gone
    ├── HistoryExpired          the cursor is too old: resync
    ├── MessageGone             one message is no longer there: skip it
    ├── TooCostly               one message would take too long to read: set it aside
    ├── SendRefused             the provider said no before accepting; safe to change and try again
    ├── SendUnknown             the outcome of a send is not known: only SENT mail may settle it
    └── ConfigurationError      the operator must change a setting                   exit code 2
        └── ClientRefused           Google does not accept our OAuth client

Each edge catches `RapportError` once: as a card, a page, problem JSON or a retry decision.
"""

from collections.abc import Mapping
from datetime import datetime


class RapportError(Exception):
    """An error we can explain. `str(error)` is a sentence for the reader."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class InputError(RapportError):
    """The input cannot be used. `fields` maps each field's name to its sentence."""

    def __init__(self, sentence: str, fields: Mapping[str, str] | None = None) -> None:
        super().__init__(sentence)
        self.fields = dict(fields or {})


class AuthenticationFailed(RapportError):
    """The caller could not prove who it is."""


class ConsentRefused(RapportError):
    """Google gave no permission. `for_admin` is the sentence for the operator; `passes` means that
    a retry is enough.
    """

    def __init__(self, sentence: str, *, code: str, for_admin: str, passes: bool) -> None:
        super().__init__(sentence)
        self.code = code
        self.for_admin = for_admin
        self.passes = passes


class NotAllowed(RapportError):
    """A role or a policy forbids this."""


class NotFound(RapportError):
    """It does not exist, or not for this reader."""


class Conflict(RapportError):
    """Another person was faster, or the version shown was stale. Show the new state."""


class EditClash(Conflict):
    """Fields that somebody else changed meanwhile. `fields` maps each to its sentence, `theirs` to
    what it says now. Nothing was written.
    """

    def __init__(self, fields: Mapping[str, str], theirs: Mapping[str, str]) -> None:
        super().__init__(" ".join(fields.values()))
        self.fields = dict(fields)
        self.theirs = dict(theirs)


class SettledAlready(Conflict):
    """What was asked is done already, by a second click or by a colleague. `gone` means that the
    page of the thing itself is no longer there.
    """

    def __init__(self, sentence: str, *, gone: bool = False) -> None:
        super().__init__(sentence)
        self.gone = gone


class MailboxTrouble(RapportError):
    """A mailbox does not work until its owner or an administrator acts."""


class MailboxDisconnected(MailboxTrouble):
    """Google no longer accepts our authorisation for the mailbox."""


class ScopeMissing(MailboxTrouble):
    """A required permission was not granted. `scopes` names them."""

    def __init__(self, sentence: str, scopes: tuple[str, ...] = ()) -> None:
        super().__init__(sentence)
        self.scopes = scopes


class MailboxBlocked(MailboxTrouble):
    """The account or the domain forbids access; an administrator must act."""


class TryLater(RapportError):
    """Nothing is wrong with the request. `after`, when known, is the next moment worth trying."""

    def __init__(self, sentence: str, after: datetime | None = None) -> None:
        super().__init__(sentence)
        self.after = after


class RateLimited(TryLater):
    """The provider named a limit. `project_wide` means all mailboxes must pause."""

    def __init__(
        self, sentence: str, after: datetime | None = None, *, project_wide: bool = False
    ) -> None:
        super().__init__(sentence, after)
        self.project_wide = project_wide


class ProviderUnavailable(TryLater):
    """The provider did not answer, or answered with a failure of its own."""


class Interrupted(TryLater):
    """Our process is shutting down and leaves the rest to another."""


class LimiterUnavailable(TryLater):
    """Redis cannot be reached, so no limit can be checked and nothing may leave."""


class StoreUnavailable(TryLater):
    """Postgres cannot be reached."""


class HistoryExpired(RapportError):
    """Gmail no longer knows our cursor. The mailbox must be resynced."""


class MessageGone(RapportError):
    """One message no longer exists in Gmail. Skip it, never its whole page."""


class TooCostly(RapportError):
    """Reading one message would take too long. Set it aside and continue with the next.

    `gmail_id` names it where a batch was read, so that it is not read once more.
    """

    gmail_id: str = ""


class SendRefused(RapportError):
    """The provider refused before accepting. `after` is set when a limit was the reason, and
    `project_wide` when it was the limit of all mailboxes.
    """

    def __init__(
        self,
        sentence: str,
        *,
        code: str = "refused",
        after: datetime | None = None,
        project_wide: bool = False,
    ) -> None:
        super().__init__(sentence)
        self.code = code
        self.after = after
        self.project_wide = project_wide


class SendUnknown(RapportError):
    """The request may have been accepted. Never post again: look in the mailbox's SENT mail.
    `after` is set when the answer named a time to ask again.
    """

    def __init__(self, sentence: str, after: datetime | None = None) -> None:
        super().__init__(sentence)
        self.after = after


class ConfigurationError(RapportError):
    """A setting is missing or contradicts another. Exit code 2."""


class ClientRefused(ConfigurationError):
    """Google does not accept our OAuth client: its id or secret is wrong, or it was deleted."""
