"""The tokens of an event: who Google is, who the person is, and what may be read.

These are the only real secrets of a call, and each has its own rule.
"""

from collections.abc import Mapping
from datetime import timedelta

from backend.simulator.page.asking import Asked
from backend.simulator.people import Person
from backend.simulator.world import World

ID_TOKEN_LIFE = timedelta(hours=1)
ISSUER = "https://accounts.google.com"
EMAIL_SCOPE = "https://www.googleapis.com/auth/userinfo.email"
MESSAGE_SCOPES = "https://www.googleapis.com/auth/gmail.addons.current.message."


def system_token(world: World, url: str) -> str:
    """Says that Google calls. The audience is the exact address called, query included."""
    account = world.config.addon_service_account
    number = str(int.from_bytes(account.encode()[:8]))
    who = {"sub": number, "azp": number, "email": account, "email_verified": True}
    return _signed(world, {"aud": url, **who})


def user_token(world: World, person: Person) -> str:
    """Says who the person is. The audience is the add-on's own client."""
    client = world.config.addon_client_id
    who = {"sub": person.sub, "email": person.email, "email_verified": True}
    return _signed(world, {"aud": client, "azp": client, **who})


def authorization(
    world: World, person: Person, url: str, scopes: tuple[str, ...]
) -> dict[str, object]:
    """The authorizationEventObject. The user's ID token comes only with the email scope."""
    token = world.mint_access_token(person.email, scopes, world.config.addon_client_id)
    result: dict[str, object] = {
        "userOAuthToken": token,
        "systemIdToken": system_token(world, url),
        "authorizedScopes": list(scopes),
    }
    if EMAIL_SCOPE in scopes:
        result["userIdToken"] = user_token(world, person)
    return result


def message_token(world: World, asked: Asked, scopes: tuple[str, ...]) -> str:
    """Opens the message in view and its thread, nothing else."""
    own = [scope for scope in scopes if scope.startswith(MESSAGE_SCOPES)]
    client = world.config.addon_client_id
    return world.mint_message_token(
        asked.person, int(asked.context.message_id, 16), client, scopes=own
    )


def _signed(world: World, claims: Mapping[str, object]) -> str:
    now = world.clock.now()
    times = {"iat": int(now.timestamp()), "exp": int((now + ID_TOKEN_LIFE).timestamp())}
    return world.sign({"iss": ISSUER, **claims, **times})
