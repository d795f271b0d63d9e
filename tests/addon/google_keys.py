"""Google's signing keys on loopback: they sign, rotate, vanish, and count who asks for them."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from google.auth import crypt, jwt

from backend.clock import utc_now
from tests.support.serving import at_work

ISSUER = "https://accounts.google.com"


class Key:
    """One key with its certificate."""

    def __init__(self, key_id: str) -> None:
        self.id = key_id
        private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "signs.google.example")])
        now = utc_now()
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(private.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=2))
            .sign(private, hashes.SHA256())
        )
        self.certificate = certificate.public_bytes(serialization.Encoding.PEM).decode()
        pem = private.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.TraditionalOpenSSL,
            serialization.NoEncryption(),
        )
        self._signer = crypt.RSASigner.from_string(pem, key_id)  # type: ignore[no-untyped-call]

    def sign(self, **claims: object) -> str:
        """A token that is good for an hour, except where `claims` say otherwise."""
        now = int(utc_now().timestamp())
        usual = {"iss": ISSUER, "iat": now, "exp": now + 3600, "email_verified": True}
        whole = {**usual, **claims}
        token: bytes = jwt.encode(self._signer, whole)  # type: ignore[no-untyped-call]
        return token.decode()


@dataclass
class GoogleKeys:
    """What is served at `url` at present, and how often it was asked for."""

    url: str = ""
    keys: list[Key] = field(default_factory=lambda: [Key("first")])
    status: int = 200
    asked: int = 0

    def body(self) -> bytes:
        return json.dumps({key.id: key.certificate for key in self.keys}).encode()


@contextmanager
def serving(keys: GoogleKeys) -> Iterator[GoogleKeys]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            keys.asked += 1
            self.send_response(keys.status)
            self.send_header("Cache-Control", "public, max-age=3600")
            self.end_headers()
            self.wfile.write(keys.body())

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    keys.url = f"http://127.0.0.1:{server.server_port}/oauth2/v1/certs"
    with at_work(server):
        yield keys
