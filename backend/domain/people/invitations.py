"""An invitation: who may be asked, how long it waits, and how it ends."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from email.utils import parseaddr
from enum import StrEnum

from backend.domain.mail.address import MAX_ADDRESS_CHARS, address_key, clean_name, is_valid_address
from backend.domain.people.invitee_lists import Entry
from backend.domain.people.roles import Role

LIFETIME = timedelta(days=30)
MOST_AT_ONCE = 200
MAX_LINE = 2 * MAX_ADDRESS_CHARS


class Ending(StrEnum):
    """How an invitation ended. One that has expired is still there and can be sent again."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    REVOKED = "revoked"


@dataclass(frozen=True)
class Invitee:
    """A person to invite. The name may be unknown until they sign in with Google; `role` is their
    own, if the list names one.
    """

    email: str
    name: str = ""
    role: Role | None = None

    @property
    def key(self) -> str:
        """The address's key for comparison."""
        return address_key(self.email)


def letter(workspace: str, sign_in: str) -> tuple[str, str]:
    """Subject and text of an invitation, for any sender and channel.

    >>> letter("Lumen Works", "https://crm.example/signin")[0]
    'Join Lumen Works on Rapport'
    """
    text = (
        f"Hello,\n\nI have invited you to {workspace} on Rapport. Sign in with the Google account "
        f"of this address and accept:\n\n{sign_in}\n"
    )
    return f"Join {workspace} on Rapport", text


TO_DO = {
    "accepting": "Sign in with the Google account of this address and accept the invitation",
    "signing-in": "Sign in with the Google account of this address and connect your Gmail",
    "gmail": "Your Gmail is not connected, so the team's history misses your mail. Sign in and "
    "press Connect Gmail",
    "panel": "You have not opened Rapport in Gmail yet. Open any mail in Gmail and press Rapport's "
    "icon at its right: it shows who the mail is from, and logs it. Everything else is here",
    "sync": "Your Gmail is connected, but cannot be read right now. Sign in, and Email settings "
    "says what to do",
}


def reminder(workspace: str, missing: str, sign_in: str) -> tuple[str, str]:
    """Subject and text that remind somebody of what comes next (`summaries.coverage.Missing`).

    >>> reminder("Lumen Works", "gmail", "https://crm.example/signin")[0]
    'Your next step in Lumen Works on Rapport'
    """
    text = f"Hello,\n\n{TO_DO[missing]}:\n\n{sign_in}\n"
    return f"Your next step in {workspace} on Rapport", text


def read_invitees(entries: Sequence[Entry]) -> tuple[tuple[Invitee, ...], tuple[str, ...]]:
    """The people of a list, deduplicated, and the entries that are not addresses.

    >>> read_invitees([("Kim <kim@ours.example>", None), ("nobody", None)])[1]
    ('nobody',)
    """
    found: dict[str, Invitee] = {}
    wrong: list[str] = []
    for line, role in entries:
        name, email = parseaddr(line) if len(line) <= MAX_LINE else ("", "")
        if email and is_valid_address(email) and (key := address_key(email)):
            found.setdefault(key, Invitee(email, clean_name(name), role))
        else:
            wrong.append(clean_name(line)[:60])
    return tuple(found.values()), tuple(wrong)
