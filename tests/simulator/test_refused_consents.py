"""The fault `consent_refused`: on a page of Google's own, or back at the client."""

from typing import Any

import pytest
import requests

from tests.simulator.google import KIM, ROBIN, Google
from tests.simulator.test_oauth import asking


def answered(google: Google, email: str = ROBIN) -> requests.Response:
    """What a person sees who chose an account and pressed Allow."""
    return requests.post(
        f"{google.root}/o/oauth2/v2/auth",
        data={**asking(), "email": email, "decision": "allow"},
        allow_redirects=False,
        timeout=5,
    )


@pytest.mark.parametrize(
    ("error", "status"),
    [
        ("admin_policy_enforced", 400),
        ("access_not_configured", 400),
        ("org_internal", 403),
        ("access_denied", 403),
        ("redirect_uri_mismatch", 400),
        ("invalid_client", 401),
        ("deleted_client", 401),
    ],
)
def test_google_keeps_the_person_on_its_own_page(google: Google, error: str, status: int) -> None:
    google.fault("consent_refused", match={"user": ROBIN}, params={"error": error})
    page = answered(google)
    assert page.status_code == status
    assert f"Error {status}: {error}" in page.text
    assert answered(google, KIM).status_code == 302


@pytest.mark.parametrize(
    "params",
    [
        {"error": "server_error"},
        {"error": "temporarily_unavailable"},
        {"error": "access_denied", "returns": True},
    ],
)
def test_google_sends_the_person_back(google: Google, params: dict[str, Any]) -> None:
    google.fault("consent_refused", match={"path": "/o/oauth2"}, params=params)
    back = answered(google)
    assert back.status_code == 302
    assert f"error={params['error']}" in back.headers["Location"]
    assert "state=s-1" in back.headers["Location"]


def test_send_as_is_changed_from_outside(google: Google) -> None:
    for status, listed in (("accepted", True), ("pending", True), ("", False)):
        answer = requests.post(
            f"{google.root}/simulator/send-as",
            json={"email": ROBIN, "address": "r@private.example", "status": status},
            timeout=5,
        )
        addresses = [one["sendAsEmail"] for one in answer.json()["sendAs"]]
        assert ("r@private.example" in addresses) is listed
