"""What the installation's settings refuse at start, each in a sentence."""

import secrets

import pytest

from backend.errors import ConfigurationError
from backend.settings import Settings

STRONG = "kU4e8Gm0tq-6sVb2yXw9Rj3nLc7hZ1pA5dFf"


def read(**env: str) -> Settings:
    return Settings.from_environment(env)


@pytest.mark.parametrize(
    "key",
    [
        "a" * 48,
        "k3y!" * 10,
        "0123456789abcdefghijklmnopqrstuvwxyz",
        "zyxwvutsrqponmlkjihgfedcba9876543210",
        "change-me-before-you-go-live-with-1t",
        "My-Long-Secret-For-The-Crm-Of-Lumen-",
        "1121211221121222111212121121221211122",
    ],
)
def test_a_key_that_could_be_guessed_is_refused(key: str) -> None:
    with pytest.raises(ConfigurationError, match="could be guessed"):
        read(RAPPORT_SECRET_KEYS=f"{key},{STRONG}")


def test_a_short_key_is_refused_wherever_it_stands() -> None:
    with pytest.raises(ConfigurationError, match="at least 32 characters"):
        read(RAPPORT_SECRET_KEYS=f"{STRONG},short")


def test_a_key_that_stands_twice_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="twice"):
        read(RAPPORT_SECRET_KEYS=f"{STRONG},{STRONG}")


def test_drawn_keys_are_taken_and_a_weak_one_behind_them_until_it_is_replaced() -> None:
    for make in (secrets.token_urlsafe, secrets.token_hex):
        keys = f"{make(48)},{'a' * 40}"
        assert read(RAPPORT_SECRET_KEYS=keys).secret_keys == tuple(keys.split(","))


@pytest.mark.parametrize("root", ["http://127.0.0.1:8025", "http://localhost:8025"])
@pytest.mark.parametrize("public", ["https://crm.example", "HTTPS://CRM.example/"])
def test_a_simulator_beside_a_public_address_is_refused(root: str, public: str) -> None:
    assert read(RAPPORT_PUBLIC_URL=public).public_url == "https://crm.example"
    with pytest.raises(ConfigurationError, match="could sign in as anybody"):
        read(RAPPORT_GOOGLE_ROOT=root, RAPPORT_PUBLIC_URL=public)
    assert read(RAPPORT_GOOGLE_ROOT=root).google_root == root


@pytest.mark.parametrize("value", ["nginx", "10.0.0.0/8", "127.0.0.1:8000"])
def test_a_proxy_is_named_by_its_address(value: str) -> None:
    with pytest.raises(ConfigurationError, match="RAPPORT_TRUSTED_PROXY must be the IP address"):
        read(RAPPORT_TRUSTED_PROXY=value)
    assert read(RAPPORT_TRUSTED_PROXY="::1").trusted_proxy == "::1"
    assert read().trusted_proxy is None
