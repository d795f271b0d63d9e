"""Mail inside of one file, as S/MIME and Outlook make it."""

import base64
import struct
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509.oid import NameOID

INNER = (
    b'Content-Type: multipart/mixed; boundary="in"\r\n\r\n--in\r\n'
    b"Content-Type: text/plain; charset=utf-8\r\n\r\nPlease renew for 40 seats.\r\n--in\r\n"
    b"Content-Type: application/pdf; name=order.pdf\r\n"
    b"Content-Disposition: attachment; filename=order.pdf\r\n\r\n%PDF-1.4\r\n--in--\r\n"
)
DATA, SIGNED = bytes.fromhex("06092a864886f70d010701"), bytes.fromhex("06092a864886f70d010702")


def signed(content: bytes, name: str = "Mia Lang", *, beside: bool = False) -> bytes:
    """The content, signed as a whole by a certificate of its own, or the signature alone."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime(2026, 1, 1, tzinfo=UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=30))
        .sign(key, hashes.SHA256())
    )
    builder = pkcs7.PKCS7SignatureBuilder().set_data(content)
    builder = builder.add_signer(certificate, key, hashes.SHA256())
    options = [pkcs7.PKCS7Options.Binary]
    options += [pkcs7.PKCS7Options.DetachedSignature] if beside else []
    return builder.sign(serialization.Encoding.DER, options)


def streamed(content: bytes, piece: int = 20) -> bytes:
    """The same without lengths and in pieces, as senders write it that do not know the end yet."""
    pieces = [content[at : at + piece] for at in range(0, len(content), piece)]
    octets = b"".join(b"\x04" + bytes([len(one)]) + one for one in pieces)
    end = b"\x00\x00"
    inner = b"\x30\x80" + DATA + b"\xa0\x80\x24\x80" + octets + end + end + end
    body = b"\x30\x80\x02\x01\x01\x31\x00" + inner + b"\x31\x00" + end
    return b"\x30\x80" + SIGNED + b"\xa0\x80" + body + end + end


def outlook(text: str, name: str, data: bytes, rich: bytes = b"") -> bytes:
    """A `winmail.dat` with a text or packed rich text, and one file."""

    def attribute(level: int, kind: int, value: bytes) -> bytes:
        return struct.pack("<BII", level, kind, len(value)) + value + b"\x00\x00"

    out = b"\x78\x9f\x3e\x22\x01\x00" + attribute(1, 0x00069007, struct.pack("<II", 1252, 0))
    out += attribute(1, 0x0002800C, text.encode("cp1252") + b"\x00") if text else b""
    if rich:
        packed = struct.pack("<IHHII", 1, 0x102, 0x1009, 1, len(rich)) + rich
        out += attribute(1, 0x00069003, packed + b"\x00" * (-len(rich) % 4))
    long_name = name.encode("utf-16-le") + b"\x00\x00"
    properties = struct.pack("<I", 2) + struct.pack("<HHI", 3, 0x0E21, 0)
    properties += struct.pack("<HHII", 0x1F, 0x3707, 1, len(long_name))
    properties += long_name + b"\x00" * (-len(long_name) % 4)
    out += attribute(2, 0x00069002, bytes(14)) + attribute(2, 0x00018010, b"ORDER~1.PDF\x00")
    return out + attribute(2, 0x0006800F, data) + attribute(2, 0x00069005, properties)


def mail_of(data: bytes, kind: str, *fields: str) -> bytes:
    """A mail that is this one file."""
    head = [*fields, f"Content-Type: {kind}", "Content-Transfer-Encoding: base64", "", ""]
    return "\n".join(head).encode() + base64.encodebytes(data)
