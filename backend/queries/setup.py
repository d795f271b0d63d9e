"""The first steps of a workspace, and every step of the set-up with its evidence."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.deps import Deps
from backend.domain.oauth.funnel import ARRIVED, WaysToGoogle
from backend.domain.oauth.scopes import lacking
from backend.domain.oauth.testing_mode import FOR_THE_OPERATOR, LASTS
from backend.domain.people.actor import Actor
from backend.domain.setup.by_hand import ByHand, HandStep
from backend.domain.setup.checks import Check, CheckState
from backend.domain.summaries.first_steps import FirstSteps
from backend.domain.summaries.setup import CheckGroup, ChecksRun, GoogleSide, SetupSummary
from backend.google.oauth import CONNECTING, SIGNING_IN
from backend.queries import metrics
from backend.queries.installation_checks import (
    WAYS,
    arrival_checks,
    google_client,
    server_checks,
    ways_to_google,
)
from backend.queries.mailboxes.lines import all_mailboxes
from backend.store import (
    choices,
    consent_counts,
    contacts,
    invitations,
    mailboxes,
    setup_results,
    team,
)
from backend.store.models import Mailbox, SetupConfirmation, TeamMember

LOOK = (
    "Google may be refusing them on a page of its own, of which Rapport learns nothing. Ask one of "
    "them what Google's page said, and look it up below under What Google may say."
)
PUSH_TAKES = timedelta(seconds=60)
"""A test notification that has not arrived by then is lost."""

RUN_THEM = "Run the checks."
WORKS, UNSEEN, BROKEN = CheckState.WORKS, CheckState.UNSEEN, CheckState.BROKEN


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


def setup_summary(deps: Deps, actor: Actor, side: GoogleSide) -> SetupSummary:
    """Every step with its state, its evidence and what comes next."""
    address, panel, push = arrival_checks(deps)
    signing_in = ways_to_google(deps, SIGNING_IN)
    connecting = ways_to_google(deps, CONNECTING, actor.workspace_id)
    (entrance, _), (gmail, _) = WAYS
    with deps.store.begin(actor.workspace_id) as session:
        mailbox = setup_results.findings(session, "gmail")
        topic = setup_results.findings(session, "push")
        records = setup_results.findings(session, "domain")
        run = _run(session)
        round_trip = _round_trip(session, deps, actor)
        hands = tuple(_by_hand(session, deps, side, connecting))
        scopes = _panel_scopes(session, side)
    google = (
        google_client(deps),
        *lines(entrance, signing_in, counted=False),
        *lines(gmail, connecting, counted=True),
        *(mailbox or (_untested("Gmail API"),)),
        *(topic if push.state is not CheckState.LOOK else ()),
        push,
        round_trip,
    )
    groups = (
        CheckGroup(title="This server", checks=(address, *server_checks(deps))),
        CheckGroup(title="Google and Gmail", checks=google),
        CheckGroup(title="The side panel", checks=(panel, scopes)),
        CheckGroup(
            title="Mail of your domains",
            checks=records or (_untested("SPF, DKIM and DMARC of your domains"),),
        ),
    )
    return SetupSummary(
        groups=groups,
        by_hand=hands,
        workspace=first_steps(deps, actor),
        run=run,
        left=connecting.left,
    )


def lines(name: str, ways: WaysToGoogle, *, counted: bool) -> tuple[Check, ...]:
    """The lines about these attempts: each trouble, and whether people return.

    `counted` adds numbers; leave it out where they include other workspaces.
    """
    troubles = tuple(
        Check(
            name=name,
            state=BROKEN,
            sentence=f"{one.happened} Google's code: {one.code}.",
            advice=one.advice,
            at=one.last_at,
        )
        for one in ways.troubles
    )
    nobody = not ways.came_back and not ways.gone
    if not counted:
        works = Check(
            name=name,
            state=WORKS if ways.arrived else UNSEEN,
            sentence="Nothing was refused." if ways.came_back else "Nobody has tried lately.",
        )
        return troubles or (works,)
    state = CheckState.LOOK if ways.is_suspicious else UNSEEN if nobody else WORKS
    return *troubles, Check(
        name=name,
        state=state,
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


def _untested(name: str) -> Check:
    return Check(name=name, state=UNSEEN, sentence="Not tested yet.", advice=RUN_THEM)


def _run(session: Session) -> ChecksRun | None:
    row = setup_results.run(session)
    if row is None:
        return None
    return ChecksRun(
        asked_at=row.asked_at,
        done=row.steps_done,
        steps=row.steps,
        is_running=row.finished_at is None,
    )


def _round_trip(session: Session, deps: Deps, actor: Actor) -> Check:
    """From the request for a notification to its arrival here, for the reader's own mailbox."""
    name = "Round trip of a notification"
    box = mailboxes.of_member(session, actor.member_id)
    asked = box.push_tested_at if box else None
    if box is None or asked is None:
        told = "Google sends one at once when it is asked to."
        advice = "Connect your own Gmail and run the checks."
        return Check(name=name, state=UNSEEN, sentence=told, advice=advice)
    begun = f"Requested at {asked:%H:%M:%S} UTC"
    if box.push_arrived_at is not None:
        took = max(0, (box.push_arrived_at - asked).total_seconds())
        told = f"{begun}, arrived {took:.1f} seconds later."
        return Check(name=name, state=WORKS, sentence=told, at=box.push_arrived_at)
    if deps.now() - asked <= PUSH_TAKES:
        return Check(name=name, state=UNSEEN, sentence=f"{begun}. It may take a minute.", at=asked)
    return Check(
        name=name,
        state=BROKEN,
        sentence=f"{begun}; nothing arrived within a minute.",
        advice="Look at the subscription: gcloud pubsub subscriptions describe rapport-gmail-push. "
        f"Its endpoint must be {deps.public_url}/hooks/gmail-push, its token's audience "
        "RAPPORT_PUSH_AUDIENCE, and its state ACTIVE.",
        at=asked,
    )


def _panel_scopes(session: Session, side: GoogleSide) -> Check:
    """What members have allowed the side panel, compared with deployment.json."""
    name = "Scopes of the side panel"
    query = select(TeamMember.name, TeamMember.panel_scopes, TeamMember.panel_used_at).where(
        TeamMember.panel_used_at.is_not(None), TeamMember.deactivated_at.is_(None)
    )
    used = [(who, set(scopes or ()), at) for who, scopes, at in session.execute(query)]
    if not used:
        told = "No member has opened the panel yet."
        return Check(name=name, state=UNSEEN, sentence=told)
    last = max(at for _, _, at in used if at)
    partial = sorted(who for who, scopes, _ in used if set(side.addon_scopes) - scopes)
    if partial:
        return Check(
            name=name,
            state=CheckState.LOOK,
            sentence=f"Not everything is allowed to it by: {', '.join(partial[:10])}.",
            advice="The panel asks them where it is needed. If it concerns everybody, compare the "
            "scopes of the Marketplace listing with the list below.",
            at=last,
        )
    told = f"All {len(side.addon_scopes)} of deployment.json are allowed by who opened it."
    return Check(name=name, state=WORKS, sentence=told, at=last)


def _by_hand(
    session: Session, deps: Deps, side: GoogleSide, connecting: WaysToGoogle
) -> Iterator[HandStep]:
    """What only an admin at Google can see, with what is seen of it from here."""
    confirmed = setup_results.confirmations(session)
    evidence = {
        ByHand.AUDIENCE: (("Internal",), _audience(session, deps)),
        ByHand.DATA_ACCESS: (side.scopes, _granted(session)),
        ByHand.REDIRECTS: (side.redirects, _returned(deps)),
        ByHand.LISTING_SCOPES: (side.addon_scopes, _panel_scopes(session, side)),
        ByHand.LISTING: ((), _panel_reach(session)),
        ByHand.TRUST: (side.client_ids, _trusted(connecting)),
    }
    for key, (values, seen) in evidence.items():
        row, name = confirmed.get(key, (None, ""))
        yield _hand_step(key, values, seen, row, name)


def _hand_step(
    key: ByHand,
    values: Sequence[str],
    seen: Check,
    row: SetupConfirmation | None,
    name: str,
) -> HandStep:
    return HandStep(
        key=key,
        values=tuple(values),
        evidence=seen,
        confirmed_by=name,
        confirmed_at=row.made_at if row else None,
        confirmed_for=row.value if row else "",
    )


def _audience(session: Session, deps: Deps) -> Check:
    """A permission that outlives a week was not given to a project in testing."""
    name = "Audience"
    if metrics.ended_as_in_testing(deps):
        return Check(name=name, state=BROKEN, sentence=FOR_THE_OPERATOR)
    oldest = session.scalar(
        select(func.min(Mailbox.connected_at)).where(Mailbox.sealed_token.is_not(None))
    )
    if oldest is not None and deps.now() - oldest > LASTS + timedelta(days=1):
        days = (deps.now() - oldest).days
        told = f"A permission has lasted {days} days, which none does in testing."
        return Check(name=name, state=WORKS, sentence=told)
    told = "No permission is older than a week yet, so nothing shows it from here."
    return Check(name=name, state=UNSEEN, sentence=told)


def _granted(session: Session) -> Check:
    """What members have allowed for their mailboxes, compared with what is asked for."""
    name = "Scopes"
    query = select(Mailbox.email, Mailbox.scopes, Mailbox.connected_at).where(
        Mailbox.sealed_token.is_not(None)
    )
    found = [(email, scopes, at) for email, scopes, at in session.execute(query)]
    partial = [email for email, scopes, _ in found if lacking(scopes)]
    if partial:
        told = f"A permission is missing for {', '.join(partial[:10])}."
        return Check(name=name, state=CheckState.LOOK, sentence=told)
    if not found:
        return Check(name=name, state=UNSEEN, sentence="No mailbox is connected yet.")
    return Check(
        name=name,
        state=WORKS,
        sentence="Google granted all of Gmail's for every connected mailbox.",
        at=max((at for _, _, at in found if at), default=None),
    )


def _returned(deps: Deps) -> Check:
    """Somebody who came back shows that Google knows the redirect address."""
    name = "Redirect addresses"
    with deps.store.begin_global() as session:
        back = [
            max((at for one in purposes if (at := _last(session, one))), default=None)
            for _, purposes in WAYS
        ]
    seen = [at for at in back if at is not None]
    if len(seen) == len(back):
        told = "People have come back to both."
        return Check(name=name, state=WORKS, sentence=told, at=max(seen))
    missing = " and ".join(name for (name, _), at in zip(WAYS, back, strict=True) if at is None)
    told = f"Nobody has come back yet from: {missing}."
    return Check(name=name, state=UNSEEN, sentence=told)


def _last(session: Session, purpose: str) -> datetime | None:
    return consent_counts.last(session, purpose, ARRIVED)


def _panel_reach(session: Session) -> Check:
    """How many of the team have opened the side panel."""
    query = select(
        func.count(), func.count(TeamMember.panel_used_at), func.max(TeamMember.panel_used_at)
    ).where(TeamMember.deactivated_at.is_(None))
    members, used, at = session.execute(query).one()
    told = f"{used} of {members} members have opened the side panel."
    return Check(name="Listing", state=WORKS if used == members else UNSEEN, sentence=told, at=at)


def _trusted(connecting: WaysToGoogle) -> Check:
    """People who get through show that the product's own id is trusted."""
    name = "Trust"
    if connecting.troubles:
        return Check(name=name, state=BROKEN, sentence=connecting.troubles[0].happened)
    if connecting.is_suspicious:
        return Check(name=name, state=CheckState.LOOK, sentence=summed_up(connecting))
    return Check(
        name=name,
        state=WORKS if connecting.arrived else UNSEEN,
        sentence=summed_up(connecting),
    )
