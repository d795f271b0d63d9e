"""What is said of the people in a form's fields: when it is drawn, and while it is written."""

from collections.abc import Mapping

from backend.console.context import current_actor, current_deps
from backend.console.drafting import MailForm
from backend.domain.entered_people import bare_address, split_entries
from backend.domain.ids import ConversationId
from backend.services import composing

LOOKED_AT = 100
"""Addresses of one field that are looked at while it is written; no mail takes more."""

EDITED = frozenset({"spread"})
"""Asked when an edited mail is saved, of those who are added."""


def told_of(
    form: MailForm, *, conversation_id: int | None = None, editing: bool = False
) -> Mapping[str, str]:
    """By field, what to know of its people; under `spread`, what has to be chosen."""
    fields = {"to": form.to, "cc": form.cc, "bcc": form.bcc}
    told = composing.look_at_recipients(
        current_deps(),
        current_actor(),
        {name: read(typed) for name, typed in fields.items()},
        conversation_id=ConversationId(conversation_id) if conversation_id else None,
    )
    asked = {"spread": form.errors["spread"]} if "spread" in form.errors else {}
    return {name: said for name, said in told.items() if not editing or name not in EDITED} | asked


def read(typed: str) -> list[str]:
    """The addresses that are looked at."""
    return [bare_address(one) for one in split_entries(typed)[:LOOKED_AT]]
