"""Notices about the people in a form's fields: when it is rendered, and while it is written."""

from collections.abc import Mapping

from backend.console.context import current_actor, current_deps
from backend.console.mail_form import MailForm
from backend.domain.ids import ConversationId
from backend.domain.people.entered_people import bare_address, split_entries
from backend.services import composing

LOOKED_AT = 100
"""Addresses of one field that are checked while it is written; no message takes more."""

EDITED = frozenset({"spread", "by_account"})
"""Checked when an edited message is saved, for added people."""

CAUTION = (
    "Leaving this on is good practice. Untick it for urgent mail alone: it then has no link, and "
    "goes to people who unsubscribed as well."
)
"""Shown when "Allow unsubscribes" is not ticked (VC-84)."""


def notices_for(
    form: MailForm,
    *,
    conversation_id: int | None = None,
    editing: bool = False,
    offers: bool = False,
) -> Mapping[str, str]:
    """Notices by field; under `spread`, the choice to make; under `unsubscribes` a caution, where
    the form offers it (`offers`) and it is not ticked.
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
    """The addresses to check."""
    return [bare_address(one) for one in split_entries(typed)[:LOOKED_AT]]
