"""Google's error bodies, with the texts and reasons that clients look for."""

from dataclasses import dataclass, field
from datetime import datetime

STATUS_NAMES = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    409: "ALREADY_EXISTS",
    413: "INVALID_ARGUMENT",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    503: "UNAVAILABLE",
}
USUAL_REASONS = {
    400: "invalidArgument",
    401: "authError",
    403: "forbidden",
    404: "notFound",
    409: "aborted",
    413: "uploadTooLarge",
    429: "rateLimitExceeded",
    500: "backendError",
    503: "backendError",
}
SIGN_IN_AGAIN = (
    "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or"
    " other valid authentication credential. See"
    " https://developers.google.com/identity/sign-in/web/devconsole-project."
)
MAIL_SENDING = "(Mail sending)"


@dataclass
class ApiError(Exception):
    """An answer other than 2xx."""

    code: int
    message: str
    reason: str = ""
    domain: str = "global"
    details: list[dict[str, object]] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, object]:
        first = {
            "message": self.message,
            "domain": self.domain,
            "reason": self.reason or USUAL_REASONS.get(self.code, "backendError"),
        }
        error: dict[str, object] = {
            "code": self.code,
            "message": self.message,
            "errors": [first],
            "status": STATUS_NAMES.get(self.code, "UNKNOWN"),
        }
        if self.details:
            error["details"] = self.details
        return {"error": error}


def bad_request(message: str, reason: str = "invalidArgument") -> ApiError:
    return ApiError(400, message, reason)


def unknown_name(name: str, place: str, *, in_query: bool) -> ApiError:
    """A parameter, or a member of the body at `place`, that Google does not know."""
    where = f" at '{place}'" if place else ""
    why = (
        f"Cannot bind query parameter. Field '{name}' could not be found in request message."
        if in_query
        else "Cannot find field."
    )
    message = f'Invalid JSON payload received. Unknown name "{name}"{where}: {why}'
    violation = {"field": place, "description": message} if place else {"description": message}
    details: dict[str, object] = {
        "@type": "type.googleapis.com/google.rpc.BadRequest",
        "fieldViolations": [violation],
    }
    return ApiError(400, message, "invalid", details=[details])


def not_found() -> ApiError:
    return ApiError(404, "Requested entity was not found.", "notFound")


def unauthenticated() -> ApiError:
    header = 'Bearer realm="https://accounts.google.com/", error="invalid_token"'
    return ApiError(401, SIGN_IN_AGAIN, "authError", headers={"WWW-Authenticate": header})


def scope_missing() -> ApiError:
    info: dict[str, object] = {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
        "domain": "googleapis.com",
        "metadata": {"service": "gmail.googleapis.com"},
    }
    message = "Request had insufficient authentication scopes."
    return ApiError(403, message, "insufficientPermissions", details=[info])


def over_rate() -> ApiError:
    message = (
        "Quota exceeded for quota metric 'Total Query Cost' and limit 'Units per minute per user'"
        " of service 'gmail.googleapis.com' for consumer 'project_number:1'."
    )
    return ApiError(403, message, "rateLimitExceeded", "usageLimits")


def over_sending_limit(until: datetime, *, code: int = 429, purpose: str) -> ApiError:
    """The cap of an account on what it sends: tells until when, which may be hours away."""
    moment = until.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    message = f"User-rate limit exceeded.  Retry after {moment} {purpose}".rstrip()
    return ApiError(code, message, "rateLimitExceeded", "usageLimits")


def too_many_at_once() -> ApiError:
    message = "Too many concurrent requests for user"
    return ApiError(429, message, "rateLimitExceeded", "usageLimits")
