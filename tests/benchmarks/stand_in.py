"""What the card benchmark needs of Google: keys, signed tokens, the open email of a stranger."""

import base64
import threading
import time
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count

import orjson
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from google.auth import crypt, jwt

KEY_ID = "bench"


class Keys:
    """One RSA key with the certificate that verifies it."""

    def __init__(self) -> None:
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "bench")])
        now = datetime.now(UTC)
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(1)
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=2))
            .sign(key, hashes.SHA256())
        )
        pem = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.TraditionalOpenSSL,
            serialization.NoEncryption(),
        )
        self._signer = crypt.RSASigner.from_string(pem, KEY_ID)
        self.certificates = orjson.dumps(
            {KEY_ID: certificate.public_bytes(serialization.Encoding.PEM).decode()}
        )

    def sign(self, **claims: object) -> str:
        """A token of Google's, valid for an hour."""
        now = int(time.time())
        payload = {
            "iss": "https://accounts.google.com",
            "iat": now,
            "exp": now + 3600,
            "email_verified": True,
            **claims,
        }
        token: bytes = jwt.encode(self._signer, payload)
        return token.decode()


class StandIn:
    """Serves the keys, and for any message id a new mail of the wanted size from this sender."""

    def __init__(self, keys: Keys, sender: str, size: int) -> None:
        numbers = count()

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = (
                1 << 20
            )  # head and body in one write, or kept connections wait 40 ms for an ACK

            def do_GET(self) -> None:
                if self.path.startswith("/oauth2/"):
                    body = keys.certificates
                else:
                    body = mail(self.path, next(numbers), sender=sender, size=size)
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.send_header("Cache-Control", "max-age=3600")
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.root = f"http://127.0.0.1:{self._server.server_address[1]}"


def mail(path: str, number: int, *, sender: str, size: int) -> bytes:
    """One message as Gmail gives it: in full, or as headers alone."""
    address, _, query = path.partition("?")
    gmail_id = address.rpartition("/")[2]
    text = base64.urlsafe_b64encode((f"Mail {number}. " + "word " * (size // 5)).encode()).decode()
    body = {} if "format=metadata" in query else {"body": {"size": size, "data": text}}
    now = datetime.now(UTC)
    headers = {
        "From": f"Somebody <{sender}>",
        "To": "robin@ours.example",
        "Subject": f"Question {number}",
        "Date": now.strftime("%a, %d %b %Y %H:%M:%S +0000"),
        "Message-ID": f"<bench-{gmail_id}-{number}@mail.example>",
    }
    return orjson.dumps(
        {
            "id": gmail_id,
            "threadId": gmail_id,
            "historyId": "1",
            "labelIds": ["INBOX"],
            "internalDate": str(int(now.timestamp() * 1000)),
            "snippet": "",
            "sizeEstimate": size,
            "payload": {
                "partId": "",
                "mimeType": "text/plain",
                "filename": "",
                "headers": [{"name": n, "value": v} for n, v in headers.items()],
                **body,
            },
        }
    )
