"""The steps at Google as a text, for the administrator who takes them and has no account here."""

from collections.abc import Sequence

SUBJECT = "Please allow Rapport in Google Workspace"


def steps_text(
    *,
    workspace: str,
    client_ids: Sequence[str],
    scopes: Sequence[str],
    redirects: Sequence[str],
    addon_scopes: Sequence[str],
) -> str:
    """The text of the message: plain, complete, each value on a line of its own."""
    return f"""Hello,

{workspace} would like to use Rapport beside Gmail. A super admin of Google Workspace allows it
once; it takes about five minutes.

1. Google Admin (https://admin.google.com) → Security → Access and data control → API controls.
   Settings → Internal apps → tick Trust internal apps. Or: Manage third-party app access →
   Configure new app, and set each of these client IDs to Trusted:

{_lines(client_ids)}

   With "Specific Google data" instead of Trusted, these are all the scopes:

{_lines(scopes)}

2. Google Auth Platform (https://console.cloud.google.com/auth), in the project of these clients:
   Audience: Internal. Data Access: the scopes above. Clients: these redirect addresses, letter
   for letter:

{_lines(redirects)}

3. Google Workspace Marketplace SDK → App Configuration: visibility Private, and exactly these
   scopes:

{_lines(addon_scopes)}

   Then Google Admin → Apps → Google Workspace Marketplace apps → Install app → the internal app.

Nothing of this lets Rapport change or delete mail: it reads and sends.
"""


def _lines(values: Sequence[str]) -> str:
    return "\n".join(f"   {one}" for one in values)
