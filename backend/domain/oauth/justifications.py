"""Why each scope is asked for, and why no narrower one does: for reviewers, admins and members.

Google asks for one such text for each sensitive or restricted scope (OAuth App Verification), and
the privacy page has to name the use of each. A test holds it against every scope that is asked for.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from backend.domain.oauth.scopes import AUTH, READ, SEND


@dataclass(frozen=True)
class Justification:
    """What a scope is used for, and why a narrower one is not enough."""

    used_for: str
    not_narrower: str


WHO = Justification(
    "To know who signs in, and to show their name.",
    "Without them members cannot be distinguished.",
)
JUSTIFICATIONS: Mapping[str, Justification] = {
    "openid": WHO,
    AUTH + "userinfo.email": WHO,
    AUTH + "userinfo.profile": WHO,
    READ: Justification(
        "To bring the mail exchanged with known customers into their shared history, and to keep "
        "it up to date. Mail with nobody known is looked at and not stored.",
        "gmail.metadata has no text of a message, which is what the history shows; "
        "gmail.addons.current.message scopes end with the open message.",
    ),
    SEND: Justification(
        "To send what a member has written in Rapport, from that member's own address.",
        "It is the narrowest scope that sends.",
    ),
    AUTH + "gmail.addons.execute": Justification(
        "To show the side panel in Gmail.",
        "Every Gmail add-on needs it.",
    ),
    AUTH + "gmail.addons.current.message.metadata": Justification(
        "To see who an opened message is from and to, so that the panel shows the customer.",
        "It has headers only, and of the open message alone.",
    ),
    AUTH + "gmail.addons.current.message.action": Justification(
        "To read the open message when a member presses Log.",
        "It works only after a click, and for the open message alone.",
    ),
    AUTH + "script.locale": Justification(
        "To show times in the reader's own time zone.",
        "Google passes the zone with no other scope.",
    ),
}
