"""Mail that providers post over HTTP: who is believed, what is stored, what is answered."""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from backend.clock import utc_now
from backend.errors import ConfigurationError
from backend.hooks.inbound_mail import inbound_mail
from backend.provider.inbound.delivered import Hook
from backend.store.session import Store
from backend.wsgi import create_app
from tests.console.conftest import member
from tests.console.test_smart_bcc import fields
from tests.support.company import AUTHSERV_ID, CAPTURE_DOMAIN, DANA, ROBIN, Company
from tests.support.lmtp import written

SECRET = "s" * 40
MAILGUN_KEY, TOPIC = "key-of-mailgun", "arn:aws:sns:eu-west-1:123456789012:inbound"
ECDSA_KEY = ec.generate_private_key(ec.SECP256R1())
ECDSA_PUBLIC = base64.b64encode(
    ECDSA_KEY.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
).decode()
RSA_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
CERTIFICATE_URL = (
    f"https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-{'0123456789abcdef' * 2}.pem"
)
HOOKS = tuple(
    Hook.of(one)
    for one in (
        f"postmark:{SECRET}:user:password",
        f"mailgun:{SECRET}:{MAILGUN_KEY}",
        f"sendgrid:{SECRET}:{ECDSA_PUBLIC}",
        f"ses:{SECRET}:{TOPIC}",
    )
)
BYTES = "surrogateescape"
"""Lets a text of a test carry bytes that are no text."""

MAIL = written(ROBIN, DANA, subject="By hook").decode()
FATES = "SELECT via, state, reason FROM inbound_mails ORDER BY id"


def certificate() -> bytes:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sns.amazonaws.com")])
    now = utc_now()
    built = x509.CertificateBuilder().subject_name(name).issuer_name(name)
    built = built.public_key(RSA_KEY.public_key()).serial_number(1)
    built = built.not_valid_before(now).not_valid_after(now + timedelta(days=1))
    return built.sign(RSA_KEY, SHA256()).public_bytes(Encoding.PEM)


PAGES = {CERTIFICATE_URL: certificate()}


@dataclass
class Provider:
    """Any of the four, at the product's hooks."""

    company: Company
    web: FlaskClient
    fetched: list[str]

    @property
    def to(self) -> str:
        return fields(member(self.company, ROBIN))["Your address"]

    @property
    def now(self) -> int:
        return int(self.company.deps.now().timestamp())

    def postmark(self, user: str = "user:password", **told: Any) -> TestResponse:
        told = {
            "RawEmail": MAIL,
            "OriginalRecipient": self.to,
            "MessageID": "m-1",
            "Headers": [{"Name": "Return-Path", "Value": f"<{ROBIN}>"}],
            **told,
        }
        known = base64.b64encode(user.encode()).decode()
        headers = {"Authorization": f"Basic {known}"}
        return self.web.post(f"/hooks/inbound/postmark/{SECRET}", json=told, headers=headers)

    def mailgun(
        self, *, age: int = 0, key: str = MAILGUN_KEY, mime: str = MAIL, **form: str
    ) -> TestResponse:
        timestamp = str(self.now - age)
        signed = f"{timestamp}token-1".encode()
        form = {
            "timestamp": timestamp,
            "token": "token-1",
            "signature": hmac.new(key.encode(), signed, hashlib.sha256).hexdigest(),
            "body-mime": mime,
            "recipient": self.to,
            "sender": ROBIN,
            **form,
        }
        return self.web.post(
            f"/hooks/inbound/mailgun/{SECRET}/mime",
            data=urlencode(form, errors=BYTES),
            content_type="application/x-www-form-urlencoded",
        )

    def sendgrid(self, *, age: int = 0, tampered: bool = False, **form: str) -> TestResponse:
        envelope = json.dumps({"to": [self.to, "x@else.example"], "from": ROBIN})
        form = {"email": MAIL, "envelope": envelope, "SPF": "pass", "dkim": "none", **form}
        parts = [
            f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in form.items()
        ]
        body = "".join([*parts, "--b--\r\n"]).encode(errors=BYTES)
        timestamp = str(self.now - age)
        signature = ECDSA_KEY.sign(timestamp.encode() + body, ec.ECDSA(SHA256()))
        return self.web.post(
            f"/hooks/inbound/sendgrid/{SECRET}",
            data=body.replace(b"By hook", b"Changed") if tampered else body,
            content_type="multipart/form-data; boundary=b",
            headers={
                "X-Twilio-Email-Event-Webhook-Signature": base64.b64encode(signature).decode(),
                "X-Twilio-Email-Event-Webhook-Timestamp": timestamp,
            },
        )

    def ses(self, *, age: int = 0, **told: str) -> TestResponse:
        message = {
            "notificationType": "Received",
            "content": base64.b64encode(MAIL.encode()).decode(),
            "mail": {
                "source": ROBIN,
                "messageId": "ses-1",
                "commonHeaders": {"from": [f"Robin Vale <{ROBIN}>"]},
            },
            "receipt": {
                "recipients": [self.to],
                "action": {"type": "SNS", "encoding": "BASE64"},
                "dmarcVerdict": {"status": "PASS"},
            },
        }
        sent = {
            "Type": "Notification",
            "MessageId": "sns-1",
            "TopicArn": TOPIC,
            "Message": json.dumps(message),
            "Timestamp": f"{datetime.fromtimestamp(self.now - age, UTC):%Y-%m-%dT%H:%M:%S.000Z}",
            "SignatureVersion": "2",
            "SigningCertURL": CERTIFICATE_URL,
            **told,
        }
        names = ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"]
        text = "".join(f"{name}\n{sent[name]}\n" for name in names if name in sent)
        signature = RSA_KEY.sign(text.encode(), padding.PKCS1v15(), SHA256())
        sent = {"Signature": base64.b64encode(signature).decode(), **sent}
        body = json.dumps(sent)
        return self.web.post(f"/hooks/inbound/ses/{SECRET}", data=body, content_type="text/plain")


@pytest.fixture
def provider(quiet_company: Company) -> Provider:
    fetched: list[str] = []

    def fetch(url: str) -> bytes:
        fetched.append(url)
        return PAGES.get(url, b"")

    app = Flask("hooks")
    app.register_blueprint(inbound_mail(quiet_company.deps, HOOKS, fetch))
    return Provider(quiet_company, app.test_client(), fetched)


@pytest.mark.parametrize("by", ["postmark", "mailgun", "sendgrid", "ses"])
def test_a_signed_request_is_stored_once_and_filed_where_the_sender_is_proven(
    provider: Provider, by: str
) -> None:
    for _ in range(2):
        assert getattr(provider, by)().status_code == 200
    provider.company.work()
    proven = by in {"sendgrid", "ses"}
    fate = ("filed", "smart_bcc") if proven else ("held", "unverified")
    assert provider.company.rows(FATES) == [(by, *fate)]


def test_the_web_process_serves_the_hooks_that_are_configured(provider: Provider) -> None:
    company = provider.company
    settings = replace(company.settings, inbound_hooks=(f"postmark:{SECRET}:user:password",))
    web = create_app(company.deps, settings).test_client()
    assert replace(provider, web=web).postmark().status_code == 200


def test_what_is_not_signed_now_by_the_provider_is_refused(provider: Provider) -> None:
    refused = [
        provider.postmark(user="user:wrong"),
        provider.mailgun(key="another key"),
        provider.mailgun(age=5 * 86_400),
        provider.sendgrid(tampered=True),
        provider.sendgrid(age=5 * 86_400),
        provider.ses(age=5 * 86_400),
        provider.ses(TopicArn="arn:aws:sns:eu-west-1:666:other"),
        provider.ses(SignatureVersion="1"),
        provider.ses(SigningCertURL=f"{CERTIFICATE_URL}.evil.example/x.pem"),
        provider.ses(Signature="AAAA"),
        provider.web.post(f"/hooks/inbound/ses/{'x' * 40}", data="{}"),
    ]
    assert [one.status_code for one in refused] == [401] * 10 + [404]
    assert provider.company.rows(FATES) == []


def test_a_token_of_mailguns_is_good_for_one_mail(provider: Provider) -> None:
    assert provider.mailgun().status_code == 200
    other = MAIL.replace("By hook", "Replayed")
    assert provider.mailgun(mime=other).status_code == 401
    assert provider.company.value("SELECT count(*) FROM inbound_mails") == 1


@pytest.mark.parametrize(("by", "field"), [("mailgun", "mime"), ("sendgrid", "email")])
def test_a_message_that_is_not_utf8_is_kept_byte_for_byte(
    provider: Provider, by: str, field: str
) -> None:
    mail = f"{MAIL}Sch\udcf6ne Gr\udcfc\udcdfe\x00"
    assert getattr(provider, by)(**{field: mail}).status_code == 200
    digest = hashlib.sha256(mail.encode(errors=BYTES)).digest()
    assert bytes(provider.company.value("SELECT sha256 FROM inbound_mails")) == digest


def test_a_form_that_cannot_be_read_is_refused(provider: Provider) -> None:
    for kind in ("multipart/form-data; boundary=b", "multipart/form-data"):
        answer = provider.web.post(
            f"/hooks/inbound/mailgun/{SECRET}/mime", data=b"--b\r\nx", content_type=kind
        )
        assert answer.status_code == 400


def test_a_request_larger_than_any_mail_is_refused_before_it_is_read(provider: Provider) -> None:
    told = {"CONTENT_LENGTH": str(61 * 1024 * 1024)}
    path = f"/hooks/inbound/postmark/{SECRET}"
    answer = provider.web.post(path, data=b"{", environ_overrides=told)
    assert answer.status_code == 413
    assert b"larger than Rapport accepts" in answer.data


def test_an_unknown_address_gets_the_answer_after_which_nobody_retries(provider: Provider) -> None:
    nobody = f"log-nobody@{CAPTURE_DOMAIN}"
    assert provider.postmark(OriginalRecipient=nobody).status_code == 403
    assert provider.mailgun(recipient=nobody).status_code == 406
    envelope = json.dumps({"to": [nobody], "from": ROBIN})
    assert provider.sendgrid(envelope=envelope).status_code == 200
    assert provider.company.rows(FATES) == []


def test_requests_without_the_raw_message_say_which_switch_is_missing(provider: Provider) -> None:
    answers = [
        provider.postmark(RawEmail=None, Headers=None),
        provider.mailgun(mime=""),
        provider.sendgrid(email=""),
        provider.ses(Message=json.dumps({"mail": {}, "receipt": {}})),
    ]
    assert [one.status_code for one in answers] == [400] * 4
    assert all(("raw" in one.text) or ("SNS action" in one.text) for one in answers)


def test_a_header_of_our_own_servers_name_proves_nothing_by_this_road(provider: Provider) -> None:
    claimed = f"Authentication-Results: {AUTHSERV_ID}; dkim=pass header.d=lumenworks.example\r\n"
    assert provider.postmark(RawEmail=claimed + MAIL).status_code == 200
    provider.company.work()
    assert provider.company.rows(FATES) == [("postmark", "held", "unverified")]


def test_a_subscription_of_our_topic_is_confirmed_at_amazon_alone(provider: Provider) -> None:
    url = "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&Token=t"
    kind = "SubscriptionConfirmation"
    assert (
        provider.ses(Type=kind, Token="t", SubscribeURL="https://evil.example/?a=b").status_code
        == 401
    )
    assert provider.ses(Type=kind, Token="t", SubscribeURL=url).status_code == 200
    assert provider.fetched[-1] == url
    assert "https://evil.example/?a=b" not in provider.fetched


def test_while_the_database_is_away_the_provider_is_asked_to_come_again(
    provider: Provider, quiet_company: Company
) -> None:
    nowhere = Store.connect("postgresql://nobody@127.0.0.1:1/nothing")
    app = Flask("hooks")
    deps = replace(quiet_company.deps, store=nowhere)
    app.register_blueprint(inbound_mail(deps, HOOKS, lambda url: PAGES[url]))
    assert Provider(quiet_company, app.test_client(), []).postmark().status_code == 503
    nowhere.dispose()


@pytest.mark.parametrize(
    "written_hook", ["postmark:short:a:b", f"other:{SECRET}:k", f"ses:{SECRET}:"]
)
def test_a_hook_without_a_long_secret_and_a_key_is_refused(written_hook: str) -> None:
    with pytest.raises(ConfigurationError, match="RAPPORT_INBOUND_HOOKS"):
        Hook.of(written_hook)
