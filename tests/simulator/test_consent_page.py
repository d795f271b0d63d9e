"""The consent page as a person meets it: who, what, yes or no, and what goes wrong."""

from html.parser import HTMLParser
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests

from tests.simulator.google import GMAIL, KIM, ROBIN, Google
from tests.simulator.test_oauth import CALLBACK, allow, asking


class Form(HTMLParser):
    """The controls of a page: (tag, attributes)."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.controls: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"input", "button", "form"}:
            self.controls.append((tag, dict(attrs)))

    def values(self, name: str) -> list[str | None]:
        return [found.get("value") for _, found in self.controls if found.get("name") == name]


def page(google: Google, **changes: str) -> requests.Response:
    return requests.get(
        f"{google.root}/o/oauth2/v2/auth",
        params=asking(**changes),
        allow_redirects=False,
        timeout=5,
    )


def query_of(answer: requests.Response) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(answer.headers["Location"]).query))


def test_people_are_offered_the_team_first(google: Google) -> None:
    answer = page(google)
    emails = Form(answer.text).values("email")
    assert emails[:3] == [ROBIN, KIM, "ana@lumenworks.example"]
    assert "noor@elsewhere.example" in emails
    assert "Local stand-in. No Google account, no mail leaves this machine." in answer.text


def test_a_chosen_person_is_asked_for_each_permission(google: Google) -> None:
    form = {**asking(), "email": ROBIN}
    answer = requests.post(f"{google.root}/o/oauth2/v2/auth", data=form, timeout=5)
    controls = Form(answer.text)
    assert controls.values("granted") == [f"{GMAIL}readonly", f"{GMAIL}send"]
    assert controls.values("decision") == ["cancel", "allow"]
    assert controls.values("state") == ["s-1"]
    assert "View your email messages and settings" in answer.text


def test_a_hint_skips_the_chooser_unless_it_is_asked_for(google: Google) -> None:
    assert Form(page(google, login_hint=KIM).text).values("email") == [KIM]
    chooser = page(google, login_hint=KIM, prompt="select_account")
    assert len(Form(chooser.text).values("email")) > 1


def test_cancelling_goes_back_with_a_reason(google: Google) -> None:
    answer = requests.post(
        f"{google.root}/o/oauth2/v2/auth",
        data={**asking(), "email": ROBIN, "decision": "cancel"},
        allow_redirects=False,
        timeout=5,
    )
    assert query_of(answer) == {"error": "access_denied", "state": "s-1"}


def test_who_agreed_before_is_not_asked_again(google: Google) -> None:
    allow(google)
    assert "code" in query_of(page(google, login_hint=ROBIN))
    assert page(google, login_hint=ROBIN, prompt="consent").status_code == 200
    assert page(google, login_hint=ROBIN, scope=f"{GMAIL}modify").status_code == 200


def test_nobody_can_be_asked_without_a_page(google: Google) -> None:
    assert query_of(page(google, prompt="none"))["error"] == "interaction_required"


@pytest.mark.parametrize(
    ("changes", "status", "text"),
    [
        ({"client_id": "unknown"}, 401, "invalid_client"),
        ({"redirect_uri": "https://evil.example/cb"}, 400, "redirect_uri_mismatch"),
        ({"response_type": "token"}, 400, "unsupported_response_type"),
        ({"scope": ""}, 400, "invalid_request"),
    ],
)
def test_a_wrong_request_stays_here(
    google: Google, changes: dict[str, str], status: int, text: str
) -> None:
    answer = page(google, **changes)
    assert answer.status_code == status
    assert text in answer.text
    assert CALLBACK not in answer.headers.get("Location", "")


def test_an_unknown_person_is_told_so(google: Google) -> None:
    form = {**asking(), "email": "ghost@nowhere.example"}
    answer = requests.post(f"{google.root}/o/oauth2/v2/auth", data=form, timeout=5)
    assert answer.status_code == 422
    assert "Nobody here has that address" in answer.text


def test_no_script_can_run_on_the_page(google: Google) -> None:
    policy = page(google).headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    style = requests.get(f"{google.root}/o/oauth2/consent.css", timeout=5)
    assert style.headers["Content-Type"].startswith("text/css")
