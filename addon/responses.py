"""The answers Google takes: one envelope for triggers, one for clicks, one for suggestions.

Google's parser refuses a whole answer for one wrong name, so no other module writes an envelope. A
request for permission replaces any of them.
"""

from collections.abc import Iterable

from cards.clicks import Json


def opened(card: Json) -> Json:
    """The answer to a trigger: a card on an empty stack."""
    return {"action": {"navigations": [{"pushCard": card}]}}


def redrawn(card: Json, *, notice: str | None = None, stale: bool = False) -> Json:
    """The answer to a click that changes the card in place.

    `stale` tells Gmail that other cards it keeps show old data, so that it asks for them again.
    """
    action: Json = {"navigations": [{"updateCard": card}]}
    if notice:
        action["notification"] = {"text": notice}
    return _clicked(action, stale=stale)


def pushed(card: Json) -> Json:
    """The answer to a click that opens another card above; Gmail shows a way back."""
    return _clicked({"navigations": [{"pushCard": card}]})


def closed(card: Json | None = None, *, notice: str | None = None) -> Json:
    """The answer to a click that leaves the uppermost card. `card` replaces the one below."""
    steps: list[Json] = [{"pop": True}]
    action: Json = {"navigations": [*steps, {"updateCard": card}] if card else steps}
    if notice:
        action["notification"] = {"text": notice}
    return _clicked(action, stale=card is not None)


def noticed(text: str) -> Json:
    """The answer to a click that shows a line and keeps the card."""
    return _clicked({"notification": {"text": text}})


def suggested(texts: Iterable[str]) -> Json:
    """The answer to typing. Gmail shows it unfiltered, so it is filtered already."""
    return {"autoComplete": {"items": [{"text": text} for text in texts]}}


def asks_for_scopes(scopes: Iterable[str]) -> Json:
    """Google asks the person for these and then repeats the same request."""
    return {"requesting_google_scopes": {"scopes": sorted(scopes)}}


def asks_to_sign_in(card: Json) -> Json:
    """Our card that explains why to sign in, with the link."""
    prompt: Json = {"action": {"navigations": [{"pushCard": card}]}}
    return {"custom_authorization_prompt": prompt}


def _clicked(action: Json, *, stale: bool = False) -> Json:
    answer: Json = {"renderActions": {"action": action}}
    return {**answer, "stateChanged": True} if stale else answer
