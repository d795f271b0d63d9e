"""The RSA key that plays Google's, made once and kept, and the forms in which it is served."""

import base64
import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID

KEY_BITS = 2048
PUBLIC_EXPONENT = 65537


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Keys:
    """Signs what the simulator says in Google's name."""

    def __init__(self, private: rsa.RSAPrivateKey) -> None:
        self._private = private
        self._public = private.public_key()
        der = self._public.public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        self.kid = hashlib.sha256(der).hexdigest()[:40]
        self._certificate = _certificate_pem(private)

    @classmethod
    def in_folder(cls, folder: Path | None) -> "Keys":
        """The key kept there, made when there is none; a passing one without a folder."""
        if folder is None:
            return cls(_new_key())
        path = folder / "google-key.pem"
        if not path.exists():
            folder.mkdir(parents=True, exist_ok=True)
            path.write_bytes(_private_pem(_new_key()))
            path.chmod(0o600)
        loaded = serialization.load_pem_private_key(path.read_bytes(), password=None)
        if not isinstance(loaded, rsa.RSAPrivateKey):
            raise TypeError(f"{path} does not hold an RSA key. Delete it and start again.")
        return cls(loaded)

    def sign(self, claims: Mapping[str, object]) -> str:
        """A JWT, RS256, as Google writes it."""
        header = {"alg": "RS256", "kid": self.kid, "typ": "JWT"}
        signed = ".".join(base64url(json.dumps(part).encode()) for part in (header, claims))
        signature = self._private.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256())
        return f"{signed}.{base64url(signature)}"

    def certificates(self) -> dict[str, str]:
        """What /oauth2/v1/certs serves."""
        return {self.kid: self._certificate}

    def jwks(self) -> dict[str, list[dict[str, str]]]:
        """What /oauth2/v3/certs serves (RFC 7517)."""
        numbers = self._public.public_numbers()
        modulus = numbers.n.to_bytes((numbers.n.bit_length() + 7) // 8)
        exponent = numbers.e.to_bytes((numbers.e.bit_length() + 7) // 8)
        return {
            "keys": [
                {
                    "kty": "RSA",
                    "alg": "RS256",
                    "use": "sig",
                    "kid": self.kid,
                    "n": base64url(modulus),
                    "e": base64url(exponent),
                }
            ]
        }


def _new_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=PUBLIC_EXPONENT, key_size=KEY_BITS)


def _private_pem(key: rsa.RSAPrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _certificate_pem(key: rsa.RSAPrivateKey) -> str:
    """Self-signed, as those Google serves; valid long enough for a kept data folder."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "federated-signon.simulator.local")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=3650))
        .sign(key, hashes.SHA256())
    )
    return certificate.public_bytes(serialization.Encoding.PEM).decode()
