"""Parses the machine-readable part of a delivery report (RFC 3464, RFC 6533)."""

from dataclasses import dataclass

from backend.domain.mail.bounces.report import Action
from backend.domain.mail.lazy_pattern import lazy_pattern
from backend.domain.mail.mime.fields import read_header_block

_BLANK = lazy_pattern(r"\n[ \t]*+\n")
_STATUS = lazy_pattern(r"[245]\.\d{1,3}\.\d{1,3}")
# RFC 3461 §4: an original recipient always encodes these two.
_XTEXT = lazy_pattern(r"\+(2B|3D)")
_ADDRESS = lazy_pattern(r"(?:\"[^\"]{1,100}\"|(?<![^\s<>\":,@])[^\s<>\":,@]++)@[^\s<>\":,@]++")
_ACTIONS = {
    "failed": Action.FAILED,
    "failure": Action.FAILED,
    "fail": Action.FAILED,
    "error": Action.FAILED,
    "expired": Action.FAILED,
    "deferred": Action.DELAYED,
    "delayed": Action.DELAYED,
    "delay": Action.DELAYED,
    "delivered": Action.DELIVERED,
    "deliverable": Action.DELIVERED,
    "relayed": Action.RELAYED,
    "expanded": Action.EXPANDED,
}
_NAMING = frozenset({"final-recipient", "original-recipient"})
MAX_RECIPIENTS = 2000


@dataclass(frozen=True, slots=True)
class ReportedRecipient:
    """One recipient block as written."""

    address: str
    original: str
    action: Action | None
    status: str
    diagnostic: str


def read_delivery_status(text: str) -> tuple[ReportedRecipient, ...]:
    """All recipient blocks. Some mailers write only one block, or put several recipients into it;
    some put blank lines where none belong: two between blocks, or one inside a block.
    """
    groups: list[dict[str, str]] = []
    for block in _BLANK.split(text):
        fields = read_header_block(block.strip("\n").encode("utf-8", "replace")).fields
        for group in _recipient_groups(fields):
            if groups and _goes_on(groups[-1], group):
                groups[-1] = group | groups[-1]
            elif len(groups) < MAX_RECIPIENTS:
                groups.append(group)
    return tuple(one for group in groups if (one := _recipient(group)))


def _recipient_groups(fields: list[tuple[str, str]]) -> list[dict[str, str]]:
    """Fields of each recipient: a second Final-Recipient begins the next one."""
    groups: list[dict[str, str]] = [{}]
    for name, value in fields:
        if name == "final-recipient" and name in groups[-1]:
            groups.append({})
        groups[-1].setdefault(name, value)
    return groups


def _goes_on(before: dict[str, str], group: dict[str, str]) -> bool:
    """Whether a block continues the recipient named above a blank line."""
    return bool(before.keys() & _NAMING) and "action" not in before and not group.keys() & _NAMING


def _recipient(fields: dict[str, str]) -> ReportedRecipient | None:
    final = _address(fields.get("final-recipient", ""))
    original = _XTEXT.sub(
        lambda hexed: chr(int(hexed[1], 16)), _address(fields.get("original-recipient", ""))
    )
    actual = _address(fields.get("x-actual-recipient", ""))
    address = final or original or actual
    if original and "." not in final.rpartition("@")[2]:
        address = original  # a name that only the server itself knows
    if not address or not fields.keys() & (_NAMING | {"action"}):
        return None
    status = _STATUS.search(fields.get("status", ""))
    action = fields.get("action", "").strip().lower().partition(" ")[0].strip(".;,")
    return ReportedRecipient(
        address=address,
        original=original if original.lower() != address.lower() else "",
        action=_ACTIONS.get(action),
        status=status[0] if status else "",
        diagnostic=_diagnostic(fields),
    )


def _address(value: str) -> str:
    """`rfc822; <mia@acme.example>` to the address."""
    kind, semicolon, rest = value.partition(";")
    text = rest if semicolon else kind
    text = text.strip()
    match = _ADDRESS.search(text)
    if match is None:
        return text.strip("<>\"' ") if text.find("@") > 0 else ""
    return match[0].strip("<>',;:()[]")


def _diagnostic(fields: dict[str, str]) -> str:
    text = fields.get("diagnostic-code", "") or fields.get("x-supplementary-info", "")
    head, semicolon, rest = text.partition(";")
    if semicolon and " " not in head.strip():
        text = rest
    return " ".join(text.split())[:2000]
