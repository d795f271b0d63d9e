"""Encrypts secrets at rest with the installation's secret keys, and computes keyed hashes.

A sealed secret is bound to its context (table and row), so that it cannot be moved to another row.
Keyed hashes must stay comparable when secret keys are replaced, since their input is not kept: so
they have a key of their own, which is itself stored sealed (`hash_key`).
"""

import hashlib
import hmac
from collections.abc import Callable, Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from backend.domain.ids import WorkspaceId
from backend.errors import ConfigurationError

KEY_IS_MISSING = (
    "A stored secret cannot be opened with the keys in RAPPORT_SECRET_KEYS. "
    "Put the key it was sealed with back into the list."
)
KEY_ID_SIZE = 4
NONCE_SIZE = 12
HASH_SIZE = 16
"""Bytes. 128 bits keep a billion addresses collision-free."""


class Sealer:
    """Encrypts small secrets with AES-GCM. Rotation: put a new key first, keep the old ones."""

    def __init__(self, secret_keys: Sequence[str]) -> None:
        if not secret_keys:
            raise ConfigurationError("RAPPORT_SECRET_KEYS is not set, and secrets need it.")
        derived = [derive(secret, b"seal") for secret in secret_keys]
        self._newest = key_id(derived[0])
        self._ciphers = {key_id(key): AESGCM(key) for key in derived}

    @property
    def newest(self) -> bytes:
        """The prefix of everything sealed with the newest key."""
        return self._newest

    def seal(self, plain: str, *, context: str, nonce: bytes) -> bytes:
        """Encrypt `plain` for one place. `nonce` is 12 fresh random bytes."""
        cipher = self._ciphers[self._newest]
        sealed = cipher.encrypt(nonce, plain.encode(), context.encode())
        return self._newest + nonce + sealed

    def open(self, sealed: bytes, *, context: str) -> str:
        """Decrypt what was sealed for the same place."""
        cipher = self._ciphers.get(sealed[:KEY_ID_SIZE])
        nonce = sealed[KEY_ID_SIZE : KEY_ID_SIZE + NONCE_SIZE]
        body = sealed[KEY_ID_SIZE + NONCE_SIZE :]
        if cipher is None:
            raise ConfigurationError(KEY_IS_MISSING)
        try:
            return cipher.decrypt(nonce, body, context.encode()).decode()
        except InvalidTag as error:
            raise ConfigurationError(KEY_IS_MISSING) from error


class KeyedHash:
    """Hashes that only this installation can compute: for addresses of strangers and erased
    people.
    """

    def __init__(self, load: Callable[[], bytes]) -> None:
        self._load = load
        self._loaded: bytes | None = None

    def load(self) -> bytes:
        """The key, which a process reads once: at its start, or on first use."""
        if self._loaded is None:
            self._loaded = self._load()
        return self._loaded

    def of(self, workspace_id: WorkspaceId, text: str) -> bytes:
        """16 bytes for `text` in one workspace; another workspace gets other bytes."""
        message = f"{workspace_id}:{text}".encode()
        return hmac.new(self.load(), message, hashlib.sha256).digest()[:HASH_SIZE]


def derive(secret: str, purpose: bytes) -> bytes:
    """A key of 256 bits for one purpose."""
    return HKDF(algorithm=SHA256(), length=32, salt=b"rapport", info=purpose).derive(
        secret.encode()
    )


def key_id(key: bytes) -> bytes:
    """Four bytes that identify a key without revealing it."""
    return hashlib.sha256(b"id" + key).digest()[:KEY_ID_SIZE]
