"""The consent page: which account, which permissions, allow or cancel. Plain forms, no script."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from flask import Blueprint, Response, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from backend.simulator.config import is_loopback
from backend.simulator.faults import FaultKind, Occasion
from backend.simulator.grants import Request
from backend.simulator.oauth.faulting import world
from backend.simulator.oauth.scope_texts import IDENTITY, explained, normalised
from backend.simulator.people import Role

blueprint = Blueprint("consent", __name__)
CONTENT_POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'"
PASSED_ON = (
    *("client_id", "redirect_uri", "response_type", "scope", "state", "nonce", "prompt"),
    *("access_type", "include_granted_scopes", "code_challenge", "code_challenge_method"),
)


PROBLEMS = {
    "admin_policy_enforced": (400, "Access to your account data is restricted by policies."),
    "access_not_configured": (400, "Your admin needs to review Rapport."),
    "org_internal": (403, "Rapport is restricted to users within its organization."),
    "access_denied": (403, "Rapport has not completed the Google verification process."),
    "redirect_uri_mismatch": (400, "This app's request is invalid."),
    "invalid_client": (401, "The OAuth client was not found."),
    "deleted_client": (401, "The OAuth client was deleted."),
}
"""What Google refuses on a page of its own; the rest goes back to the client."""


class ConsentProblem(Exception):
    """The request is wrong in a way that must not be sent back to the client."""

    def __init__(self, code: int, error: str, text: str) -> None:
        super().__init__(text)
        self.code, self.error, self.text = code, error, text


@dataclass(frozen=True)
class Asked:
    """An authorisation request, checked."""

    parameters: Mapping[str, str]
    scopes: tuple[str, ...]

    @property
    def client_id(self) -> str:
        return self.parameters["client_id"]

    @property
    def prompts(self) -> frozenset[str]:
        return frozenset(self.parameters.get("prompt", "").split())

    def back_to_client(self, **answer: str) -> AnyResponse:
        """Redirect with these parameters and the state."""
        state = self.parameters.get("state")
        added = {**answer, **({"state": state} if state else {})}
        parts = urlsplit(self.parameters["redirect_uri"])
        query = urlencode([*parse_qsl(parts.query, keep_blank_values=True), *added.items()])
        return redirect(urlunsplit(parts._replace(query=query)), 302)


class RefusedError(Exception):
    """The person is sent back to the client without having been asked."""

    def __init__(self, answer: AnyResponse) -> None:
        super().__init__()
        self.answer = answer


@blueprint.errorhandler(RefusedError)
def send_back(error: RefusedError) -> AnyResponse:
    return error.answer


@blueprint.errorhandler(ConsentProblem)
def show_problem(problem: ConsentProblem) -> Response:
    page = render_template("oauth/problem.html", problem=problem)
    return _page(page, problem.code)


@blueprint.get("/o/oauth2/v2/auth")
@blueprint.get("/o/oauth2/auth")
def ask() -> AnyResponse:
    """The account chooser, or at once the permissions of the account the caller hints at."""
    asked = _checked(request.args)
    if "none" in asked.prompts:
        return asked.back_to_client(error="interaction_required")
    hinted = request.args.get("login_hint", "").lower()
    _refuse_on_demand(asked, hinted)
    if hinted and world().person(hinted) and "select_account" not in asked.prompts:
        return _for_person(asked, hinted)
    return _page(render_template("oauth/accounts.html", asked=asked, **_everybody()))


@blueprint.post("/o/oauth2/v2/auth")
def answer() -> AnyResponse:
    """An account was chosen, or the permissions were allowed or refused."""
    asked = _checked(request.form)
    decision = request.form.get("decision", "")
    if decision == "cancel":
        return asked.back_to_client(error="access_denied")
    email = request.form.get("email", "").strip().lower()
    if world().person(email) is None:
        text = "Nobody here has that address. Choose one of the people listed."
        page = render_template("oauth/accounts.html", asked=asked, problem=text, **_everybody())
        return _page(page, 422)
    _refuse_on_demand(asked, email)
    if decision != "allow":
        return _for_person(asked, email)
    ticked = {normalised(scope) for scope in request.form.getlist("granted")}
    granted = tuple(one for one in asked.scopes if one in IDENTITY or one in ticked)
    if not granted:
        return asked.back_to_client(error="access_denied")
    return _grant(asked, email, granted)


@blueprint.get("/o/oauth2/consent.css")
def style() -> Response:
    page = make_response(render_template("oauth/consent.css"))
    page.headers["Content-Type"] = "text/css; charset=utf-8"
    return page


def _for_person(asked: Asked, email: str) -> AnyResponse:
    """Skip the question when this person has agreed to all of it before."""
    known = world().grants.consented(email, asked.client_id)
    if known.issuperset(asked.scopes) and "consent" not in asked.prompts:
        return _grant(asked, email, asked.scopes)
    optional = [(one, explained(one)) for one in asked.scopes if one not in IDENTITY]
    return _page(
        render_template(
            "oauth/permissions.html",
            asked=asked,
            person=world().person(email),
            optional=optional,
            has_choice=len(optional) > 1,  # Google offers no box for a single one
            knows_identity=any(one in IDENTITY for one in asked.scopes),
        )
    )


def _refuse_on_demand(asked: Asked, email: str) -> None:
    """The fault `consent_refused` {"error", "returns"}: on Google's page, or back at the client.

    Aimed at a user, it strikes once that account is chosen.
    """
    here = Occasion(path=request.path, user=email)
    fault = world().faults.take([FaultKind.CONSENT_REFUSED], here)
    if fault is None:
        return
    error = fault.text("error", "admin_policy_enforced")
    if error not in PROBLEMS or fault.params.get("returns") is True:
        raise RefusedError(asked.back_to_client(error=error))
    code, text = PROBLEMS[error]
    raise ConsentProblem(code, error, text)


def _grant(asked: Asked, email: str, scopes: tuple[str, ...]) -> AnyResponse:
    """Hand out a code. A refresh token follows only on a first or a repeated consent."""
    parameters = asked.parameters
    before = world().grants.consented(email, asked.client_id)
    first = not before.issuperset(scopes)
    offline = parameters.get("access_type") == "offline"
    if parameters.get("include_granted_scopes") == "true":
        scopes = tuple(dict.fromkeys([*scopes, *sorted(before)]))
    code = world().grants.issue_code(
        Request(
            *(email, asked.client_id, scopes, parameters["redirect_uri"]),
            *(parameters.get("code_challenge", ""), parameters.get("code_challenge_method", "")),
            parameters.get("nonce", ""),
            refreshable=offline and (first or "consent" in asked.prompts),
        )
    )
    return asked.back_to_client(code=code, scope=" ".join(scopes), authuser="0", prompt="consent")


def _checked(given: Mapping[str, str]) -> Asked:
    parameters = {name: given[name] for name in PASSED_ON if given.get(name)}
    if parameters.get("client_id") not in world().config.clients:
        raise ConsentProblem(401, "invalid_client", "The OAuth client was not found.")
    uri = parameters.get("redirect_uri", "")
    if not _may_return_to(uri):
        text = f"The redirect URI in the request, {uri or '(none)'}, is not registered."
        raise ConsentProblem(400, "redirect_uri_mismatch", text)
    if parameters.get("response_type") != "code":
        raise ConsentProblem(400, "unsupported_response_type", "Only response_type=code works.")
    scopes = tuple(dict.fromkeys(normalised(one) for one in given.get("scope", "").split()))
    if not scopes:
        raise ConsentProblem(400, "invalid_request", "Missing required parameter: scope")
    return Asked(parameters, scopes)


def _may_return_to(uri: str) -> bool:
    """Registered addresses; without any, whatever leads back to this machine."""
    registered = world().config.redirect_uris
    if registered:
        return uri in registered
    parts = urlsplit(uri)
    return parts.scheme in {"http", "https"} and is_loopback(parts.hostname or "")


def _everybody() -> dict[str, object]:
    people = world().people()
    return {
        "team": [one for one in people if one.role is Role.TEAM],
        "others": [one for one in people if one.role is not Role.TEAM],
    }


def _page(body: str, code: int = 200) -> Response:
    page = make_response(body, code)
    page.headers["Content-Security-Policy"] = CONTENT_POLICY
    page.headers["Cache-Control"] = "no-store"
    return page
