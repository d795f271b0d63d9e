"""The token endpoint and its opposite: codes and refresh tokens redeemed, grants revoked."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from urllib.parse import unquote

from flask import Blueprint, Response, jsonify, request

from backend.simulator.faults import FaultKind, Occasion
from backend.simulator.grants import ACCESS_TOKEN_LIFE, Request
from backend.simulator.keys import base64url
from backend.simulator.oauth.faulting import strike, world
from backend.simulator.oauth.identity import id_token

blueprint = Blueprint("token", __name__)
blueprint.before_request(strike)
Json = dict[str, object]


class TokenError(Exception):
    """A refusal in the shape of RFC 6749 §5.2, with Google's texts."""

    def __init__(self, error: str, description: str, code: int = 400) -> None:
        super().__init__(description)
        self.answer = {"error": error, "error_description": description}
        self.code = code


@blueprint.post("/token")
@blueprint.post("/oauth2/v4/token")
@blueprint.post("/o/oauth2/token")
def token() -> tuple[Response, int]:
    try:
        answer = _answer(request.form, _client(request.form))
    except TokenError as error:
        return jsonify(error.answer), error.code
    return jsonify(answer), 200


def _answer(form: Mapping[str, str], client_id: str) -> Json:
    match form.get("grant_type", ""):
        case "authorization_code":
            return _redeem_code(form, client_id)
        case "refresh_token":
            return _refresh(form, client_id)
        case other:
            raise TokenError("unsupported_grant_type", f"Invalid grant_type: {other}")


@blueprint.route("/revoke", methods=["GET", "POST"])
@blueprint.route("/o/oauth2/revoke", methods=["GET", "POST"])
def revoke() -> tuple[Response, int]:
    """Either kind of token; the whole grant of that client and person ends."""
    if world().grants.revoke(request.values.get("token", "")):
        return jsonify({}), 200
    problem = {"error": "invalid_token", "error_description": "Token expired or revoked"}
    return jsonify(problem), 400


def _client(form: Mapping[str, str]) -> str:
    """The client, by HTTP Basic or in the body, once its secret fits."""
    client_id, secret = form.get("client_id", ""), form.get("client_secret", "")
    scheme, _, encoded = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            pair = base64.b64decode(encoded).decode()
        except (binascii.Error, UnicodeDecodeError) as error:
            raise TokenError("invalid_client", "Unauthorized", 401) from error
        name, _, word = pair.partition(":")
        client_id, secret = unquote(name), unquote(word)
    known = world().config.clients.get(client_id)
    if known is None:
        raise TokenError("invalid_client", "The OAuth client was not found.", 401)
    if not hmac.compare_digest(known.encode(), secret.encode()):
        raise TokenError("invalid_client", "Unauthorized", 401)
    return client_id


def _redeem_code(form: Mapping[str, str], client_id: str) -> Json:
    code = form.get("code", "")
    agreed = world().grants.look_up_code(code)
    if agreed is None or agreed.client_id != client_id:
        raise TokenError("invalid_grant", "Malformed auth code.")
    if agreed.redirect_uri != form.get("redirect_uri", ""):
        raise TokenError("redirect_uri_mismatch", "Bad Request")
    _check_verifier(agreed, form.get("code_verifier", ""))
    if not world().grants.use_up(code):
        raise TokenError("invalid_grant", "Malformed auth code.")
    answer = _tokens(agreed, agreed.nonce)
    if agreed.refreshable:
        answer["refresh_token"] = world().grants.issue_refresh(agreed)
    return answer


def _check_verifier(agreed: Request, verifier: str) -> None:
    """PKCE (RFC 7636 §4.6)."""
    if not agreed.challenge:
        return
    if not verifier:
        raise TokenError("invalid_grant", "Missing code verifier.")
    hashed = base64url(hashlib.sha256(verifier.encode()).digest())
    expected = hashed if agreed.challenge_method == "S256" else verifier
    if not hmac.compare_digest(expected.encode(), agreed.challenge.encode()):
        raise TokenError("invalid_grant", "Invalid code verifier.")


def _refresh(form: Mapping[str, str], client_id: str) -> Json:
    agreed = world().grants.look_up_refresh(form.get("refresh_token", ""), client_id)
    user = agreed.email if agreed else ""
    fault = world().faults.take([FaultKind.INVALID_GRANT], Occasion(path="/token", user=user))
    if fault is not None:
        error = fault.text("error", "invalid_grant")
        raise TokenError(error, fault.text("message", "Token has been expired or revoked."))
    if agreed is None:
        raise TokenError("invalid_grant", "Token has been expired or revoked.")
    return _tokens(agreed)


def _tokens(agreed: Request, nonce: str = "") -> Json:
    access = world().grants.issue_access(agreed.email, agreed.scopes, client_id=agreed.client_id)
    answer: Json = {
        "access_token": access,
        "expires_in": int(ACCESS_TOKEN_LIFE.total_seconds()),
        "scope": " ".join(agreed.scopes),
        "token_type": "Bearer",
    }
    person = world().person(agreed.email)
    if "openid" in agreed.scopes and person is not None:
        answer["id_token"] = id_token(
            person, agreed.scopes, client_id=agreed.client_id, nonce=nonce
        )
    return answer
