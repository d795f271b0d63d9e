"""Builds the event object that an add-on receives, field by field as Google sends it.

Decides what is absent: empty parameters, unticked boxes, the locale without its scope, recipients
without draft access. (Reference: concepts/event-objects, alternate-runtimes guide, April 2026.)
"""

from datetime import UTC, datetime, timedelta

from backend.simulator.page.asking import Asked, Context, Input, Kind
from backend.simulator.page.checks.place import Spot
from backend.simulator.page.deployment import METADATA, Deployment
from backend.simulator.page.tokens import authorization, message_token
from backend.simulator.people import Person
from backend.simulator.world import World

Json = dict[str, object]
LOCALE_SCOPE = "https://www.googleapis.com/auth/script.locale"
METADATA_SCOPE = "https://www.googleapis.com/auth/gmail.addons.current.message.metadata"


def build_event(
    world: World, deployment: Deployment, asked: Asked, *, person: Person, url: str
) -> Json:
    """The body of the call."""
    scopes = granted(deployment, asked)
    event: Json = {
        "commonEventObject": _common(deployment, asked, scopes),
        "authorizationEventObject": authorization(world, person, url, scopes),
    }
    gmail = _gmail(world, deployment, asked, scopes)
    return {**event, "gmail": gmail} if gmail else event


def granted(deployment: Deployment, asked: Asked) -> tuple[str, ...]:
    """The deployment's scopes that this person has granted, in the deployment's order."""
    if asked.scopes is None:
        return deployment.scopes
    return tuple(scope for scope in deployment.scopes if scope in asked.scopes)


def form_inputs(inputs: tuple[Input, ...]) -> Json:
    """Inputs by name. Switches that share a name arrive as one list; empty ones are absent."""
    result: Json = {}
    strings: dict[str, list[str]] = {}
    for one in inputs:
        if not one.values or not one.name:
            continue
        if one.kind == "string":
            strings.setdefault(one.name, []).extend(value for value in one.values if value)
        else:
            result[one.name] = _moment(one.kind, one.values[0])
    result.update(
        {name: {"stringInputs": {"value": values}} for name, values in strings.items() if values}
    )
    return result


def _moment(kind: str, written: str) -> Json:
    """From what a browser's date and time fields give; epochs are texts, as Google sends them, and
    what is zero is left out.

    >>> _moment("time", "09:30")
    {'timeInput': {'hours': 9, 'minutes': 30}}
    >>> _moment("time", "09:00")
    {'timeInput': {'hours': 9}}
    >>> _moment("date", "2023-01-01")
    {'dateInput': {'msSinceEpoch': '1672531200000'}}
    """
    if kind == "time":
        hours, _, minutes = written.partition(":")
        clock = {"hours": int(hours), "minutes": int(minutes)}
        return {"timeInput": {name: value for name, value in clock.items() if value}}
    if kind == "date":
        midnight = datetime.fromisoformat(written).replace(tzinfo=UTC)
        return {"dateInput": {"msSinceEpoch": _epoch_ms(midnight)}}
    moment = _epoch_ms(datetime.fromisoformat(written))
    return {"dateTimeInput": {"hasDate": True, "hasTime": True, "msSinceEpoch": moment}}


def _epoch_ms(moment: datetime) -> str:
    return str((moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1))


def _common(deployment: Deployment, asked: Asked, scopes: tuple[str, ...]) -> Json:
    common: Json = {"hostApp": "GMAIL", "platform": asked.platform}
    if deployment.uses_locale and LOCALE_SCOPE in scopes:
        common["userLocale"] = asked.locale
        common["timeZone"] = {"id": asked.zone.id, "offset": asked.zone.offset}
    inputs = {} if asked.kind.is_trigger else form_inputs(asked.inputs)
    if asked.parameters and asked.kind is not Kind.HOMEPAGE:
        common["parameters"] = dict(asked.parameters)
    if inputs:
        common["formInputs"] = inputs
    return common


def _gmail(world: World, deployment: Deployment, asked: Asked, scopes: tuple[str, ...]) -> Json:
    context = asked.context
    if context.spot is Spot.MESSAGE and context.message_id:
        return {
            "messageId": f"msg-f:{int(context.message_id, 16)}",
            "threadId": f"thread-f:{int(context.thread_id or context.message_id, 16)}",
            "accessToken": message_token(world, asked, scopes),
        }
    if deployment.draft_access == METADATA and METADATA_SCOPE in scopes:
        return _recipients(context)
    return {}


def _recipients(context: Context) -> Json:
    """Plain addresses, and only those fields that have any. Never the draft's subject or body."""
    lists = context.recipients or {}
    return {f"{name}Recipients": list(addresses) for name, addresses in lists.items() if addresses}
