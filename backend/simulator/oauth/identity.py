"""Who somebody is, and the keys to check it: discovery, certificates, ID tokens, userinfo."""

import time
from collections.abc import Collection

from flask import Blueprint, Response, jsonify, request

from backend.simulator.oauth.faulting import strike, world
from backend.simulator.oauth.scope_texts import AUTH
from backend.simulator.people import Person, Role

ISSUER = "https://accounts.google.com"
ID_TOKEN_SECONDS = 3600
KEY_CACHE = "public, max-age=3600"
blueprint = Blueprint("identity", __name__)
blueprint.before_request(strike)
Json = dict[str, object]


def claims_of(person: Person, scopes: Collection[str]) -> Json:
    """The identity members these scopes open."""
    claims: Json = {"sub": person.sub}
    if person.role is Role.TEAM:
        claims["hd"] = person.email.rpartition("@")[2]
    if f"{AUTH}userinfo.email" in scopes:
        claims |= {"email": person.email, "email_verified": True}
    if f"{AUTH}userinfo.profile" in scopes:
        given, _, family = person.name.partition(" ")
        claims |= {"name": person.name, "given_name": given, "family_name": family}
    return claims


def id_token(person: Person, scopes: Collection[str], *, client_id: str, nonce: str = "") -> str:
    now = int(time.time())
    claims: Json = {
        "iss": ISSUER,
        "azp": client_id,
        "aud": client_id,
        **claims_of(person, scopes),
        "iat": now,
        "exp": now + ID_TOKEN_SECONDS,
    }
    if nonce:
        claims["nonce"] = nonce
    return world().sign(claims)


@blueprint.get("/oauth2/v1/certs")
def certificates() -> Response:
    answer = jsonify(world().keys.certificates())
    answer.headers["Cache-Control"] = KEY_CACHE
    return answer


@blueprint.get("/oauth2/v3/certs")
def jwks() -> Response:
    answer = jsonify(world().keys.jwks())
    answer.headers["Cache-Control"] = KEY_CACHE
    return answer


@blueprint.get("/.well-known/openid-configuration")
def discovery() -> Response:
    """The issuer keeps Google's name: that is what tokens say."""
    root = request.host_url.rstrip("/")
    return jsonify(
        {
            "issuer": ISSUER,
            "authorization_endpoint": f"{root}/o/oauth2/v2/auth",
            "token_endpoint": f"{root}/token",
            "userinfo_endpoint": f"{root}/v1/userinfo",
            "revocation_endpoint": f"{root}/revoke",
            "jwks_uri": f"{root}/oauth2/v3/certs",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "scopes_supported": ["openid", "email", "profile"],
            "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
            "code_challenge_methods_supported": ["plain", "S256"],
            "grant_types_supported": ["authorization_code", "refresh_token"],
        }
    )


@blueprint.get("/v1/userinfo")
@blueprint.get("/oauth2/v2/userinfo")
@blueprint.get("/oauth2/v3/userinfo")
def userinfo() -> tuple[Response, int]:
    scheme, _, bearer = request.headers.get("Authorization", "").partition(" ")
    token = world().grants.look_up_access(bearer if scheme.lower() == "bearer" else "")
    person = world().person(token.email) if token else None
    if token is None or person is None:
        problem = {"error": "invalid_request", "error_description": "Invalid Credentials"}
        return jsonify(problem), 401
    claims = claims_of(person, token.scopes)
    if request.path == "/oauth2/v2/userinfo":
        claims |= {"id": claims.pop("sub"), "verified_email": claims.pop("email_verified", False)}
    return jsonify(claims), 200


@blueprint.route("/tokeninfo", methods=["GET", "POST"])
@blueprint.route("/oauth2/v3/tokeninfo", methods=["GET", "POST"])
def tokeninfo() -> tuple[Response, int]:
    token = world().grants.look_up_access(request.values.get("access_token", ""))
    person = world().person(token.email) if token else None
    if token is None or person is None:
        problem = {"error": "invalid_token", "error_description": "Invalid Value"}
        return jsonify(problem), 400
    left = (token.expires_at - world().clock.now_ms()) // 1000
    return jsonify(
        {
            "azp": token.client_id,
            "aud": token.client_id,
            "sub": person.sub,
            "scope": " ".join(sorted(token.scopes)),
            "exp": str(token.expires_at // 1000),
            "expires_in": str(left),
            "email": person.email,
            "email_verified": "true",
            "access_type": "offline",
        }
    ), 200
