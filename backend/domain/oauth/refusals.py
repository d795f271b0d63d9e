"""Why Google gave no permission: what happened, who can fix it, and what that person does next.

A refusal comes back to us, or is shown on a page at Google without a way back. The texts of the
second kind are shown before a person leaves for Google.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from backend.errors import ConsentRefused

CODE = re.compile(r"[a-z][a-z_]{0,60}\Z")
UNREADABLE = "unreadable"


class Mender(StrEnum):
    """Who can do something about a refusal."""

    PERSON = "person"
    ADMIN = "admin"
    OPERATOR = "operator"
    NOBODY = "nobody"


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """One answer from Google. `on_googles_page` is what Google shows when there is no way back."""

    code: str
    mender: Mender
    happened: str
    member: str
    admin: str
    on_googles_page: str = ""

    @property
    def passes(self) -> bool:
        """Whether a retry is enough."""
        return self.mender is Mender.NOBODY

    def told(self, *, as_admin: bool) -> str:
        """What happened and what the reader does next."""
        return f"{self.happened} {self.admin if as_admin else self.member}"


TRUST = (
    "In Google Admin under Security, Access and data control, API controls, tick Trust internal "
    "apps, or set each client ID that Admin setup shows to Trusted. Google takes up to a day."
)
BY_POLICY = Refusal(
    code="admin_policy_enforced",
    mender=Mender.ADMIN,
    happened="Your Google Workspace administrator has not allowed Rapport yet, so nobody of your "
    "domain can connect.",
    member="Ask your administrator to trust Rapport: the page Admin setup says how. Then start "
    "again.",
    admin=TRUST,
    on_googles_page="Access blocked: Authorization Error. Error 400: admin_policy_enforced",
)
UNREVIEWED = Refusal(
    code="access_not_configured",
    mender=Mender.ADMIN,
    happened="Your Google Workspace administrator has not looked at Rapport yet.",
    member="Press Request access on Google's page, tell your administrator, and start again once "
    "it is allowed.",
    admin=TRUST,
    on_googles_page="Your admin needs to review Rapport. Error 400: access_not_configured",
)
OUTSIDER = Refusal(
    code="org_internal",
    mender=Mender.PERSON,
    happened="The Google account you chose is not one of your company's, and Rapport is open to "
    "those only.",
    member="Start again and choose your work account.",
    admin="Start again and choose a work account. Where colleagues belong to another Google "
    "organisation, the operator sets Google Auth Platform, Audience, to External.",
    on_googles_page="Access blocked. Error 403: org_internal",
)
NOT_A_TESTER = Refusal(
    code="not_a_test_user",
    mender=Mender.OPERATOR,
    happened="Rapport's Google project is in testing, and you are not on its list of test users.",
    member="Ask an admin of Rapport to have you put on the list.",
    admin="Google Auth Platform, Audience: set it to Internal, or add the person as a test user.",
    on_googles_page="Rapport has not completed the Google verification process. "
    "Error 403: access_denied",
)
WRONG_ADDRESS = Refusal(
    code="redirect_uri_mismatch",
    mender=Mender.OPERATOR,
    happened="Google does not know the address that Rapport asked it to send you back to.",
    member="Nothing is wrong with your account. Tell an admin of Rapport.",
    admin="Enter both redirect addresses that Admin setup shows at the OAuth client, exactly as "
    "shown there, and check RAPPORT_PUBLIC_URL.",
    on_googles_page="Access blocked: this app's request is invalid. "
    "Error 400: redirect_uri_mismatch",
)
WRONG_CLIENT = Refusal(
    code="invalid_client",
    mender=Mender.OPERATOR,
    happened="Google does not accept Rapport's own credentials: the client ID or its secret is "
    "wrong, or the client was deleted.",
    member="Nothing is wrong with your account. Tell an admin of Rapport; nobody can sign in or "
    "connect until it is mended.",
    admin="Compare RAPPORT_GOOGLE_CLIENT_ID and RAPPORT_GOOGLE_CLIENT_SECRET with the client in "
    "Google Auth Platform, make a new secret if need be, restart, and run rapport doctor.",
    on_googles_page="Access blocked: Authorization Error. Error 401: invalid_client",
)
CANCELLED = Refusal(
    code="access_denied",
    mender=Mender.PERSON,
    happened="You did not press Allow at Google, so it gave Rapport no permission.",
    member="Start again and press Allow.",
    admin="Start again and press Allow.",
)
USED_UP = Refusal(
    code="invalid_grant",
    mender=Mender.PERSON,
    happened="Google did not accept this way back: it was used already, or it took too long.",
    member="Start again.",
    admin="Start again. If it stays like this, check that the server's clock is right.",
)
TOO_LATE = Refusal(
    code="too_late",
    mender=Mender.PERSON,
    happened="This way back from Google was used already or took longer than ten minutes.",
    member="Start again.",
    admin="Start again.",
)
PASSING = Refusal(
    code="server_error",
    mender=Mender.NOBODY,
    happened="Google's sign-in has a passing trouble, so nothing was changed here.",
    member="Try again in a minute.",
    admin="Try again in a minute. Google's status page tells of longer ones.",
)
UNVERIFIED = Refusal(
    code="unverified",
    mender=Mender.OPERATOR,
    happened="Google's sign-in could not be verified.",
    member="Start again. If it stays like this, tell an admin of Rapport.",
    admin="Start again. If it stays like this, check the server's clock and that no proxy changes "
    "Google's answers.",
)
UNKNOWN = Refusal(
    code="",
    mender=Mender.OPERATOR,
    happened="Google refused for a reason that Rapport does not know.",
    member="Start again. If it stays like this, tell an admin of Rapport.",
    admin="Start again. If it stays like this, look up Google's code in the log.",
)

SAME_AS: Mapping[str, Refusal] = {
    **{
        one.code: one
        for one in (
            *(BY_POLICY, UNREVIEWED, OUTSIDER, WRONG_ADDRESS, WRONG_CLIENT, NOT_A_TESTER),
            *(CANCELLED, USED_UP, TOO_LATE, PASSING, UNVERIFIED),
        )
    },
    **dict.fromkeys(("deleted_client", "disabled_client", "unauthorized_client"), WRONG_CLIENT),
    **dict.fromkeys(
        (
            *("temporarily_unavailable", "internal_failure", "internal_error", "backend_error"),
            *("rate_limit_exceeded", "unreachable"),
        ),
        PASSING,
    ),
}
WHERE_NOBODY_RETURNS = tuple(
    one
    for one in (BY_POLICY, UNREVIEWED, OUTSIDER, NOT_A_TESTER, WRONG_ADDRESS, WRONG_CLIENT)
    if one.on_googles_page
)
"""What Google shows on a page of its own, the likeliest first."""


def refusal_for(code: str) -> Refusal:
    """The refusal for a code, which it keeps as Google gave it.

    >>> refusal_for("temporarily_unavailable").passes, refusal_for("deleted_client").mender
    (True, <Mender.OPERATOR: 'operator'>)
    """
    return SAME_AS.get(code, UNKNOWN)


def refused(code: str) -> ConsentRefused:
    """The error for one of Google's codes."""
    refusal = refusal_for(code)
    return ConsentRefused(
        refusal.told(as_admin=False),
        code=readable(code),
        for_admin=refusal.told(as_admin=True),
        passes=refusal.passes,
    )


def readable(code: str) -> str:
    """A well-formed code. It arrives through a browser, and is logged and counted.

    >>> readable("server_error"), readable("<b>")
    ('server_error', 'unreadable')
    """
    return code if CODE.match(code) else UNREADABLE
