"""Whether people get through Google's sign-in, as the traffic of the last days shows it."""

from backend.domain.oauth.funnel import WaysToGoogle
from backend.domain.people.actor import Actor
from backend.domain.summaries.setup import SetupCheck
from backend.services.deps import Deps
from backend.services.oauth_flow import CONNECTING, SIGNING_IN, ways_to_google

LOOK = (
    "Google may be refusing them on a page of its own, of which Rapport learns nothing. Ask one of "
    "them what Google's page said, and look it up below under What Google may say."
)


def google_checks(deps: Deps, actor: Actor) -> tuple[tuple[SetupCheck, ...], frozenset[int]]:
    """A line for signing in and one for connecting; who left for Google and has not come back."""
    signing_in = ways_to_google(deps, SIGNING_IN)
    connecting = ways_to_google(deps, CONNECTING, actor.workspace_id)
    return (
        *lines("Signing in with Google", signing_in, counted=False),
        *lines("Connecting Gmail", connecting, counted=True),
    ), connecting.left


def lines(name: str, ways: WaysToGoogle, *, counted: bool) -> tuple[SetupCheck, ...]:
    """What is told of these ways: each trouble, and whether people come back.

    `counted` says how many; without, the numbers are those of other workspaces, too.
    """
    troubles = tuple(
        SetupCheck(
            name=name,
            works=False,
            sentence=f"{one.happened} Google's code: {one.code}.",
            advice=one.advice,
        )
        for one in ways.troubles
    )
    if not counted:
        works = SetupCheck(name=name, works=True, sentence="Nothing was refused.")
        return troubles or (works,)
    return *troubles, SetupCheck(
        name=name,
        works=not ways.is_suspicious,
        sentence=summed_up(ways),
        advice=LOOK if ways.is_suspicious else "",
    )


def summed_up(ways: WaysToGoogle) -> str:
    """How the ways of the last seven days ended, in one sentence."""
    if not ways.came_back and not ways.gone:
        return "Nobody has tried in the last seven days."
    cancelled = f", {ways.cancelled} of them without pressing Allow" if ways.cancelled else ""
    return (
        f"In the last seven days {ways.came_back} came back from Google{cancelled}, and "
        f"{ways.gone} left for Google and did not come back."
    )
