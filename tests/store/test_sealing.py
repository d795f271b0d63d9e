"""Secrets at rest, and the hashes that only this installation can make."""

import pytest

from backend.domain.ids import WorkspaceId
from backend.errors import ConfigurationError
from backend.store.sealing import HASH_SIZE, KeyedHash, Sealer

OLD, NEW = "an-old-key-that-is-long-enough-for-us", "a-new-key-that-is-long-enough-for-us"
NONCE = bytes(12)


def test_a_secret_opens_at_its_own_place_only() -> None:
    sealer = Sealer([NEW])
    sealed = sealer.seal("1//refresh", context="mailbox-token:1", nonce=NONCE)
    assert b"refresh" not in sealed
    assert sealer.open(sealed, context="mailbox-token:1") == "1//refresh"
    with pytest.raises(ConfigurationError):
        sealer.open(sealed, context="mailbox-token:2")


def test_a_changed_secret_does_not_open() -> None:
    sealer = Sealer([NEW])
    sealed = sealer.seal("1//refresh", context="x", nonce=NONCE)
    with pytest.raises(ConfigurationError):
        sealer.open(sealed[:-1] + bytes([sealed[-1] ^ 1]), context="x")


def test_after_a_rotation_old_secrets_open_and_new_ones_use_the_new_key() -> None:
    sealed = Sealer([OLD]).seal("1//refresh", context="x", nonce=NONCE)
    rotated = Sealer([NEW, OLD])
    assert rotated.open(sealed, context="x") == "1//refresh"
    again = rotated.seal("1//refresh", context="x", nonce=NONCE)
    assert Sealer([NEW]).open(again, context="x") == "1//refresh"


def test_without_its_key_a_secret_says_what_to_do() -> None:
    sealed = Sealer([OLD]).seal("1//refresh", context="x", nonce=NONCE)
    with pytest.raises(ConfigurationError, match="RAPPORT_SECRET_KEYS"):
        Sealer([NEW]).open(sealed, context="x")


def test_without_keys_there_is_no_sealer() -> None:
    with pytest.raises(ConfigurationError, match="RAPPORT_SECRET_KEYS"):
        Sealer([])


def test_hashes_differ_by_workspace_and_key() -> None:
    address, one = "lee@else.example", WorkspaceId(1)
    ours, other = KeyedHash(lambda: b"o" * 32), KeyedHash(lambda: b"n" * 32)
    assert len(ours.of(one, address)) == HASH_SIZE
    assert ours.of(one, address) != ours.of(WorkspaceId(2), address)
    assert ours.of(one, address) != other.of(one, address)
