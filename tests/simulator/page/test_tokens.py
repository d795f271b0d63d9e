"""The tokens of a call, verified as an add-on does: with Google's own library and served keys."""

from typing import Any

import pytest
from google.auth.exceptions import InvalidValue
from google.auth.transport.requests import Request
from google.oauth2 import id_token

from backend.simulator.config import DEFAULT_CLIENT_ID, Config
from tests.simulator.page.installation import ROBIN, Installation


def claims_of(installation: Installation, token: str, audience: str) -> dict[str, Any]:
    certificates = f"{installation.root}/oauth2/v1/certs"
    return dict(
        id_token.verify_token(
            token,
            Request(),
            audience=audience,
            certs_url=certificates,
        )
    )


def test_the_system_token_is_for_the_exact_address_called(installation: Installation) -> None:
    installation.ask("homepage")
    received = installation.add_on.received[-1]
    token = received.authorization.removeprefix("Bearer ")
    claims = claims_of(installation, token, installation.add_on.url("/home?from=gmail"))
    assert claims["email"] == Config().addon_service_account
    assert claims["email_verified"] is True
    assert token == received.event["authorizationEventObject"]["systemIdToken"]


def test_the_system_token_is_for_no_other_address(installation: Installation) -> None:
    installation.ask("homepage")
    token = installation.add_on.received[-1].authorization.removeprefix("Bearer ")
    with pytest.raises(InvalidValue):
        claims_of(installation, token, installation.add_on.url("/home"))


def test_the_user_token_names_the_person_to_the_add_ons_client(installation: Installation) -> None:
    installation.ask("homepage")
    token = installation.add_on.received[-1].event["authorizationEventObject"]["userIdToken"]
    claims = claims_of(installation, token, DEFAULT_CLIENT_ID)
    assert claims["email"] == ROBIN
    assert claims["sub"].isdigit()


@pytest.mark.parametrize(
    ("header", "name"),
    [("USER_ID_TOKEN", "userIdToken"), ("SYSTEM_ID_TOKEN", "systemIdToken"), ("NONE", "")],
)
def test_the_deployment_chooses_the_bearer(
    installation: Installation, header: str, name: str
) -> None:
    installation.change(["addOns", "httpOptions", "authorizationHeader"], header)
    installation.ask("homepage")
    received = installation.add_on.received[-1]
    tokens = received.event["authorizationEventObject"]
    assert received.authorization == (f"Bearer {tokens[name]}" if name else "")
