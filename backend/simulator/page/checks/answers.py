"""Rules about an answer as a whole: what it links to, which scopes it asks for, where it signs in.

Separate from the envelope's parser because these need the deployment.
"""

from collections.abc import Iterator

from backend.simulator.page.checks.addresses import check_function, check_link
from backend.simulator.page.checks.cards import check_card
from backend.simulator.page.checks.envelope import Parsed
from backend.simulator.page.checks.findings import Finding, Json, refused, wrong
from backend.simulator.page.checks.place import Place, Spot
from backend.simulator.page.members import object_in


def check_answer(parsed: Parsed, place: Place, scopes: tuple[str, ...]) -> list[Finding]:
    """Everything there is to say about an answer that parses. `scopes` are those deployed."""
    if parsed.answer is None:
        return []
    findings = [finding for card, path in parsed.cards for finding in check_card(card, path, place)]
    findings.extend(_actions(parsed.answer, place))
    findings.extend(_authorization(parsed.answer, scopes))
    return findings


def render_actions(answer: Json) -> Json:
    """The RenderActions of either envelope; empty when there are none."""
    inner = answer.get("renderActions")
    return inner if isinstance(inner, dict) else answer


def _actions(answer: Json, place: Place) -> Iterator[Finding]:
    actions = render_actions(answer)
    link = object_in(object_in(actions, "action"), "link")
    if link:
        yield from check_link(str(link.get("url", "")), "answer.action.link.url", place)
    gmail = object_in(object_in(actions, "hostAppAction"), "gmailAction")
    if "updateDraftActionMarkup" in gmail and place.spot is not Spot.COMPOSE:
        text = "A draft can be changed from a card of the compose dialog only."
        yield wrong("answer.hostAppAction.gmailAction.updateDraftActionMarkup", text)


def _authorization(answer: Json, scopes: tuple[str, ...]) -> Iterator[Finding]:
    basic = object_in(answer, "basicAuthorizationPrompt")
    if basic:
        path = "answer.basicAuthorizationPrompt.authorizationUrl"
        yield from check_function(str(basic.get("authorizationUrl", "")), path)
    asked = object_in(answer, "requestingGoogleScopes")
    wanted = asked.get("scopes")
    if isinstance(wanted, list):
        for scope in wanted:
            if scope not in scopes:
                text = f"{scope} is not in the deployment's oauthScopes."
                yield refused("answer.requestingGoogleScopes.scopes", text)
        if asked.get("allScopes"):
            path = "answer.requestingGoogleScopes"
            yield refused(path, "allScopes excludes scopes: set one of them.")
