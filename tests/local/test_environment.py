"""The parts' environment: defaults for this machine, and the operator's settings always win."""

from pathlib import Path

import pytest

from backend.errors import ConfigurationError
from backend.local.environment import local_environment, uses_simulator
from backend.local.installation import Installation
from backend.settings import Settings

INSTALLATION = Installation()


def filled(**given: str) -> dict[str, str]:
    return local_environment(given, data_dir=Path("/data"), installation=INSTALLATION)


def test_without_any_setting_google_is_the_simulator() -> None:
    settings = Settings.from_environment(filled())
    assert settings.google_root == "http://127.0.0.1:8025"
    assert settings.public_url == "http://127.0.0.1:8000"
    assert settings.push_audience == "http://127.0.0.1:8000/hooks/gmail-push"
    assert settings.secret_keys == (INSTALLATION.secret_key,)
    assert settings.google_client_secret == INSTALLATION.google_client_secret


def test_ports_move_the_addresses() -> None:
    settings = Settings.from_environment(filled(RAPPORT_PORT="9000", RAPPORT_SIMULATOR_PORT="9025"))
    assert settings.google_root == "http://127.0.0.1:9025"
    assert settings.push_audience == "http://127.0.0.1:9000/hooks/gmail-push"


def test_with_a_real_google_client_nothing_points_at_the_simulator() -> None:
    given = {"RAPPORT_GOOGLE_CLIENT_ID": "real", "RAPPORT_PUBLIC_URL": "https://crm.example/"}
    settings = Settings.from_environment(filled(**given))
    assert not uses_simulator(given)
    assert settings.google_root is None
    assert settings.addon_service_account is None
    assert settings.public_url == "https://crm.example"


@pytest.mark.parametrize(
    "name", ["RAPPORT_SECRET_KEYS", "RAPPORT_PUSH_AUDIENCE", "RAPPORT_ADDON_AUDIENCES"]
)
def test_what_the_operator_set_wins(name: str) -> None:
    value = "chosen-by-the-operator-and-long-enough"
    assert filled(**{name: value})[name] == value


def test_an_empty_setting_counts_as_unset() -> None:
    assert filled(RAPPORT_PUBLIC_URL="")["RAPPORT_PUBLIC_URL"] == "http://127.0.0.1:8000"


def test_a_port_that_is_none_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="RAPPORT_PORT must be a port"):
        filled(RAPPORT_PORT="eighty")
