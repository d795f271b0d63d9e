"""Who a message goes to: To, Cc and Bcc cleaned, counted, and refused with the field that is wrong.

Separate from sending because it is asked while the author still looks at the form.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from backend.domain.reasons import Reason, sentence
from backend.errors import InputError

# Addresses in To, Cc and Bcc of one message sent through the Gmail API (P-3).
MAX_RECIPIENTS = 100


@dataclass(frozen=True, kw_only=True)
class Recipients:
    """Keys of addresses, each in one field only: To wins over Cc, Cc over Bcc."""

    to: tuple[str, ...]
    cc: tuple[str, ...] = ()
    bcc: tuple[str, ...] = ()

    @property
    def everybody(self) -> tuple[str, ...]:
        """All of them, To first."""
        return self.to + self.cc + self.bcc


@dataclass(frozen=True, kw_only=True)
class RecipientRules:
    """Look-ups the rule needs: `key` gives an address's key, empty when it is unusable."""

    key: Callable[[str], str]
    is_internal: Callable[[str], bool]
    maximum: int = MAX_RECIPIENTS


def check_recipients(
    to: Iterable[str], cc: Iterable[str], bcc: Iterable[str], *, rules: RecipientRules
) -> Recipients:
    """The recipients of a message. Raises InputError that names every field that is wrong.

    Colleagues may be copied and may be beside a contact; a message to colleagues alone is refused,
    since it is no conversation with a customer.
    """
    wrong: dict[str, str] = {}
    seen: set[str] = set()
    fields = {
        name: tuple(_keys(texts, rules, seen=seen, wrong=wrong, field=name))
        for name, texts in (("to", to), ("cc", cc), ("bcc", bcc))
    }
    found = Recipients(**fields)
    if not wrong:
        _check_whole(found, rules, wrong)
    if wrong:
        raise InputError("The message was not queued. Correct its recipients.", wrong)
    return found


def _keys(
    texts: Iterable[str],
    rules: RecipientRules,
    *,
    seen: set[str],
    wrong: dict[str, str],
    field: str,
) -> Iterable[str]:
    for text in filter(None, map(str.strip, texts)):
        key = rules.key(text)
        if not key:
            wrong.setdefault(field, sentence(Reason.INVALID_ADDRESS, address=text))
        elif key not in seen:
            seen.add(key)
            yield key


def _check_whole(found: Recipients, rules: RecipientRules, wrong: dict[str, str]) -> None:
    if not found.to:
        wrong["to"] = sentence(Reason.NO_RECIPIENT)
    elif all(map(rules.is_internal, found.to)):
        wrong["to"] = sentence(Reason.INTERNAL_RECIPIENT, address=found.to[0])
    if len(found.everybody) > rules.maximum:
        wrong["to"] = sentence(Reason.TOO_MANY_RECIPIENTS, limit=rules.maximum)
