"""The first steps of a workspace, and whether people get through Google's sign-in."""

from datetime import timedelta

from backend.deps import Deps
from backend.domain.ids import WorkspaceId
from backend.domain.oauth.funnel import ARRIVED, CLIENT_CHECK, Trouble, WaysToGoogle, judge
from backend.domain.people.actor import Actor
from backend.domain.summaries.first_steps import FirstSteps
from backend.domain.summaries.setup import SetupCheck
from backend.google.oauth import CONNECTING, SIGNING_IN
from backend.queries.mailboxes.lines import all_mailboxes
from backend.store import choices, consent_counts, contacts, invitations, mailboxes, team

LOOKED_BACK = timedelta(days=7)
"""How far back outcomes of OAuth attempts are reported."""

LOOK = (
    "Google may be refusing them on a page of its own, of which Rapport learns nothing. Ask one of "
    "them what Google's page said, and look it up below under What Google may say."
)


def first_steps(deps: Deps, actor: Actor) -> FirstSteps:
    """What an admin still has to do before the team can work."""
    now = deps.now()
    with deps.store.begin(actor.workspace_id) as session:
        workspace = choices.workspace(session, actor.workspace_id)
        mine = mailboxes.of_member(session, actor.member_id)
        boxes = all_mailboxes(session)
        return FirstSteps(
            workspace=workspace.name,
            has_customers=contacts.any_contact(session),
            gmail_on=workspace.gmail_enabled_at is not None,
            somebody_connected=any(row.mailbox.sealed_token is not None for row in boxes),
            me_connected=bool(mine and mine.sealed_token is not None),
            colleagues=team.count_active(session, now) - 1,
            asked=invitations.count_waiting(session, now),
        )


WAYS = (("Signing in with Google", SIGNING_IN), ("Connecting Gmail", CONNECTING))


def google_client(deps: Deps) -> SetupCheck:
    """Whether Google accepts our OAuth client, by its last answer to a worker or to doctor."""
    ways = ways_to_google(deps, (CLIENT_CHECK,))
    name = "Google's OAuth client"
    if ways.troubles:
        refusal = ways.troubles[0]
        answered = f"Google answers {refusal.code}."
        return SetupCheck(name=name, works=False, sentence=answered, advice=refusal.advice)
    said = "Google accepts it." if ways.arrived else "Nobody has asked Google yet."
    return SetupCheck(name=name, works=True, sentence=said)


def standing_troubles(deps: Deps) -> list[tuple[str, Trouble]]:
    """What keeps people of this installation from connecting to Google, by purpose."""
    now = deps.now()
    return [
        (name, trouble)
        for name, purposes in WAYS
        for trouble in ways_to_google(deps, purposes).troubles
        if trouble.stands(now)
    ]


def google_checks(deps: Deps, actor: Actor) -> tuple[tuple[SetupCheck, ...], frozenset[int]]:
    """A line each for our client, signing in and connecting; and who left for Google and has not
    returned.
    """
    signing_in = ways_to_google(deps, SIGNING_IN)
    connecting = ways_to_google(deps, CONNECTING, actor.workspace_id)
    (entrance, _), (gmail, _) = WAYS
    return (
        google_client(deps),
        *lines(entrance, signing_in, counted=False),
        *lines(gmail, connecting, counted=True),
    ), connecting.left


def lines(name: str, ways: WaysToGoogle, *, counted: bool) -> tuple[SetupCheck, ...]:
    """The lines about these attempts: each trouble, and whether people return.

    `counted` adds numbers; leave it out where they include other workspaces.
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
    """The outcomes of the last seven days, in one sentence."""
    if not ways.came_back and not ways.gone:
        return "Nobody has tried in the last seven days."
    cancelled = f", {ways.cancelled} of them without pressing Allow" if ways.cancelled else ""
    return (
        f"In the last seven days {ways.came_back} came back from Google{cancelled}, and "
        f"{ways.gone} left for Google and did not come back."
    )


def ways_to_google(
    deps: Deps, purposes: tuple[str, ...], workspace_id: WorkspaceId | None = None
) -> WaysToGoogle:
    """The outcomes of the last seven days, in one workspace or in the installation."""
    now = deps.now()
    with deps.store.begin_global() as session:
        return judge(
            consent_counts.ended(
                session, purposes, workspace_id=workspace_id, since=now - LOOKED_BACK, now=now
            ),
            accepted_at=consent_counts.last(session, CLIENT_CHECK, ARRIVED),
        )
