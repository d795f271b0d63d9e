"""`rapport deployment --check`: what Google or a Marketplace listing would refuse is found here."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from addon.deployment import deployment_for
from addon.deployment_check import check
from backend.cli.group import rapport

URL = "https://crm.lumenworks.example"


def invoke(tmp_path: Path, *more: str, url: str = URL) -> Result:
    env = {"RAPPORT_DATA_DIR": str(tmp_path), "RAPPORT_PUBLIC_URL": url}
    return CliRunner().invoke(rapport, ["deployment", "--check", *more], env=env)


def test_a_deployment_on_a_public_address_passes(tmp_path: Path) -> None:
    result = invoke(tmp_path)
    assert result.exit_code == 0, result.output
    assert result.output.count("ok     ") == 9
    local = invoke(tmp_path, url="http://127.0.0.1:8000")
    assert local.exit_code == 1
    assert "Google calls only https addresses" in local.output


def test_googles_copy_is_compared(tmp_path: Path) -> None:
    stored = json.loads(deployment_for(URL)) | {"name": "projects/1/deployments/x", "etag": "y"}
    stored["oauthScopes"].reverse()
    file = tmp_path / "theirs.json"
    file.write_text(json.dumps(stored))
    assert invoke(tmp_path, "--installed", str(file)).exit_code == 0
    stored["addOns"]["common"]["name"] = "Old"
    file.write_text(json.dumps(stored))
    assert "It differs in: addOns.common.name." in invoke(tmp_path, "--installed", str(file)).output
    file.write_text("etag: y")
    assert "The file is no JSON" in invoke(tmp_path, "--installed", str(file)).output


@pytest.mark.parametrize(
    ("old", "new", "advice"),
    [
        (f"{URL}/addon/message", f"{URL}/addon/other", "do not agree with the routes"),
        (f'"{URL}/"', '"https://evil.example/"', "https://evil.example/"),
        ("gmail.addons.execute", "gmail.modify", "missing, not used, or without a reason"),
        ('"name": "Rapport"', '"name": "Rapport for Gmail"', "without Google's own names"),
    ],
)
def test_a_mistake_in_the_manifest_is_named(old: str, new: str, advice: str) -> None:
    text = deployment_for(URL)
    assert old in text
    assert advice in " ".join(one.advice for one in check(text.replace(old, new), URL))
