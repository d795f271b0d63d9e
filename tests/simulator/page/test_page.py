"""The page itself: its headers, its initial data, and bodies of foreign mail."""

import base64

import pytest

from backend.simulator.page.routes import BANNER
from tests.simulator.page.add_on import deployment_of
from tests.simulator.page.installation import ROBIN, Installation

HTML_MAIL = b"""From: Dana <dana@northwind.example>\r
To: robin@lumenworks.example\r
Subject: Pictures\r
MIME-Version: 1.0\r
Content-Type: multipart/related; boundary="b"\r
\r
--b\r
Content-Type: text/html; charset="iso-8859-1"\r
Content-Transfer-Encoding: 8bit\r
\r
<p>Gr\xfc\xdfe</p><img src="cid:logo"><img src="https://tracker.example/x.gif"><script>x()</script>\r
--b\r
Content-Type: image/png\r
Content-ID: <logo>\r
Content-Transfer-Encoding: base64\r
\r
iVBORw0KGgo=\r
--b--\r
"""


def inserted(installation: Installation, raw: bytes) -> str:
    encoded = base64.urlsafe_b64encode(raw).decode()
    return str(installation.message(raw=encoded, labelIds=["INBOX"])["id"])


def test_the_page_says_what_it_is(installation: Installation) -> None:
    assert BANNER in installation.get("/simulator").text


def test_the_page_runs_nothing_inline(installation: Installation) -> None:
    answer = installation.get("/simulator")
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "script-src 'self'" in policy
    assert "<style" not in answer.text
    assert "style=" not in answer.text
    assert answer.text.count("<script") == answer.text.count('<script type="module" src="') == 1


def test_only_the_add_ons_own_pictures_are_let_in(installation: Installation) -> None:
    policy = installation.get("/simulator").headers["Content-Security-Policy"]
    assert f"img-src 'self' data: {installation.add_on.root};" in policy


def test_every_file_the_page_names_is_there(installation: Installation) -> None:
    page = installation.get("/simulator").text
    names = [part.split('"')[0] for part in page.split("/simulator/static/")[1:]]
    assert len(names) > 5
    assert {installation.get(f"/simulator/static/{name}").status_code for name in names} == {200}


def test_the_set_up_names_people_and_add_on(installation: Installation) -> None:
    found = installation.get("/simulator/setup").json()
    assert ROBIN in [one["email"] for one in found["people"]]
    assert found["addOn"]["name"] == "Ticket Desk"
    assert found["addOn"]["universalActions"][1]["openLink"] == installation.add_on.url("/help")


def test_what_is_deployed_shows_without_a_restart(installation: Installation) -> None:
    installation.change(["addOns", "common", "name"], "Other Desk")
    assert installation.get("/simulator/setup").json()["addOn"]["name"] == "Other Desk"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        pytest.param("{", "is not JSON", id="half a file"),
        pytest.param("[]", "must hold an object", id="a list"),
        pytest.param('{"addOns": {"common": {}}}', "addOns.gmail is missing", id="off in Gmail"),
    ],
)
def test_a_broken_deployment_is_explained(
    installation: Installation, content: str, words: str
) -> None:
    installation.deployment.write_text(content)
    found = installation.get("/simulator/setup").json()
    assert found["addOn"] is None
    assert words in found["problem"]
    assert installation.post({"person": ROBIN, "kind": "homepage"}).status_code == 400


def test_a_disabled_homepage_is_no_trigger(installation: Installation) -> None:
    home = {"runFunction": installation.add_on.url("/home"), "enabled": False}
    installation.install(deployment_of(installation.add_on, homepageTrigger=home))
    assert installation.get("/simulator/setup").json()["addOn"]["triggers"]["homepage"] is False


def test_a_foreign_body_has_a_policy_of_its_own(installation: Installation) -> None:
    answer = installation.get(
        "/simulator/body", person=ROBIN, message=inserted(installation, HTML_MAIL)
    )
    policy = answer.headers["Content-Security-Policy"]
    assert "sandbox" in policy
    assert "allow-scripts" not in policy
    assert "img-src data:" in policy
    assert "script-src" not in policy
    assert "default-src 'none'" in policy


def test_a_body_is_decoded_and_brings_its_own_pictures(installation: Installation) -> None:
    answer = installation.get(
        "/simulator/body", person=ROBIN, message=inserted(installation, HTML_MAIL)
    )
    assert "<p>Grüße</p>" in answer.text
    assert 'src="data:image/png;base64,iVBORw0KGgo="' in answer.text


@pytest.mark.parametrize("message", ["", "zzz", "00000000000000ff", "-1"])
def test_a_body_that_is_not_there_is_not_found(installation: Installation, message: str) -> None:
    assert installation.get("/simulator/body", person=ROBIN, message=message).status_code == 404


def test_nobody_reads_a_body_in_anothers_name(installation: Installation) -> None:
    message = inserted(installation, HTML_MAIL)
    answer = installation.get("/simulator/body", person="kim@lumenworks.example", message=message)
    assert answer.status_code == 404
