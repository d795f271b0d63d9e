"""What is said of the people in a form's fields: when it is drawn, and while it is written."""

from collections.abc import Mapping

from backend.console.context import current_actor, current_deps
from backend.console.mail_form import MailForm
from backend.domain.ids import ConversationId
from backend.domain.people.entered_people import bare_address, split_entries
from backend.services import composing

LOOKED_AT = 100
"""Addresses of one field that are looked at while it is written; no mail takes more."""

EDITED = frozenset({"spread", "by_account"})
"""Asked when an edited mail is saved, of those who are added."""

CAUTION = (
    "Leaving this on is good practice. Untick it for urgent mail alone: it then has no link, and "
    "goes to people who unsubscribed as well."
)
"""Said where "Allow unsubscribes" is not ticked (VC-84)."""


def told_of(
    form: MailForm,
    *,
    conversation_id: int | None = None,
    editing: bool = False,
    offers: bool = False,
) -> Mapping[str, str]:
    """By field, what to know of its people; under `spread`, what has to be chosen; under
    `unsubscribes` a caution, where the form asks for it (`offers`) and it is not ticked.
    """
    fields = {"to": form.to, "cc": form.cc, "bcc": form.bcc}
    told = composing.look_at_recipients(
        current_deps(),
        current_actor(),
        {name: read(typed) for name, typed in fields.items()},
        conversation_id=ConversationId(conversation_id) if conversation_id else None,
        offer=form.offer if offers else None,
        is_audience=form.audience,
    )
    asked = {"spread": form.errors["spread"]} if "spread" in form.errors else {}
    if offers and not form.unsubscribes:
        asked["unsubscribes"] = CAUTION
    return {name: said for name, said in told.items() if not editing or name not in EDITED} | asked


def read(typed: str) -> list[str]:
    """The addresses that are looked at."""
    return [bare_address(one) for one in split_entries(typed)[:LOOKED_AT]]
