"""Plays Google's add-on servers: builds the event, calls the add-on, judges the answer.

Decides what the page may draw. Gather (deployment, person), call, then parse and check.
"""

from dataclasses import dataclass, field

from backend.simulator.page.asking import Asked, AskingError, Kind
from backend.simulator.page.calling import Call, call_add_on
from backend.simulator.page.checks.answers import check_answer
from backend.simulator.page.checks.envelope import Parsed, Root, parse_answer
from backend.simulator.page.checks.findings import Finding, Json, Severity, refused
from backend.simulator.page.checks.place import Place
from backend.simulator.page.deployment import Deployment
from backend.simulator.page.events import build_event
from backend.simulator.world import World


@dataclass
class Dispatched:
    """What happened. `answer` is None when the page must show the error card."""

    url: str
    event: Json
    calls: list[Call]
    root: Root
    answer: Json | None = None
    problem: str = ""
    findings: list[Finding] = field(default_factory=list)

    def as_json(self) -> Json:
        """`response` is what came back, `answer` the same in one spelling, ready to draw."""
        last = self.calls[-1]
        return {
            "url": self.url,
            "event": self.event,
            "status": last.status,
            "ms": last.ms,
            "bytes": last.size,
            "response": last.answer,
            "root": self.root.value,
            "answer": self.answer,
            "problem": self.problem,
            "findings": [one.as_json() for one in self.findings],
            "calls": [
                {"url": one.url, "status": one.status, "ms": one.ms, "bytes": one.size}
                for one in self.calls
            ],
        }


def dispatch(world: World, deployment: Deployment, asked: Asked) -> Dispatched:
    """Carry out one trigger, click or suggestion."""
    url = _url(deployment, asked)
    person = world.person(asked.person)
    if person is None:
        raise AskingError(f"Nobody here has the address {asked.person}.")
    event = build_event(world, deployment, asked, person=person, url=url)
    bearer = _bearer(deployment, event)
    calls = call_add_on(url, event, bearer, limit=asked.limit, fate=asked.fate)
    result = Dispatched(url, event, calls, _root(asked.kind))
    last = calls[-1]
    if last.trouble is not None:
        result.problem = last.trouble.value
        result.findings.append(refused("answer", last.detail))
        return result
    _judge(result, parse_answer(last.answer, result.root), deployment, asked)
    return result


def _judge(result: Dispatched, parsed: Parsed, deployment: Deployment, asked: Asked) -> None:
    place = Place(asked.context.spot, deployment.link_prefixes)
    result.root = parsed.root
    result.findings = [*parsed.findings, *check_answer(parsed, place, deployment.scopes)]
    if any(one.severity is Severity.REFUSED for one in result.findings):
        result.problem = "refused"
        return
    result.answer = parsed.answer


def _url(deployment: Deployment, asked: Asked) -> str:
    if not asked.kind.is_trigger:
        if not asked.url:
            raise AskingError("A click needs the address of its function.")
        return asked.url
    url = deployment.trigger(asked.kind.value)
    if not url:
        raise AskingError(f"The deployment has no trigger for {asked.kind.value}.")
    return url


def _root(kind: Kind) -> Root:
    if kind.is_trigger:
        return Root.TRIGGER
    return Root.AUTOCOMPLETE if kind is Kind.AUTOCOMPLETE else Root.ACTION


def _bearer(deployment: Deployment, event: Json) -> str:
    """The token of the Authorization header, as httpOptions.authorizationHeader says."""
    tokens = event["authorizationEventObject"]
    if not isinstance(tokens, dict) or deployment.authorization_header == "NONE":
        return ""
    name = "userIdToken" if deployment.authorization_header == "USER_ID_TOKEN" else "systemIdToken"
    return str(tokens.get(name, ""))
