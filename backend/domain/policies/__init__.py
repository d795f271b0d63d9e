"""Each disagreement of the contract (D-1 … D-34) as a named choice: values, default, sentences.

`Policies` is what a rule's caller reads; `POLICIES` drives pages, API, help and tests.
"""

from backend.domain.policies.later import FACTS_LATER, LATER
from backend.domain.policies.mail_in import (
    Capture,
    ContactCreation,
    ImportMode,
    LateMatch,
    MatchField,
    MultiMatch,
    ThreadOwner,
)
from backend.domain.policies.mail_out import (
    Channel,
    OverLimit,
    SendNowBypass,
    UnsubscribeScope,
    WindowAppliesTo,
)
from backend.domain.policies.mailboxes import (
    ConnectRole,
    DisconnectHistory,
    FromName,
    LocationRetain,
    MailboxKind,
    OnTaskComplete,
    ReplyQuote,
    TasksTarget,
)
from backend.domain.policies.policy import Policy
from backend.domain.policies.registry import AREAS, POLICIES, SETTINGS, Policies, check, policy
from backend.domain.policies.setting import Level

__all__ = [
    "AREAS",
    "FACTS_LATER",
    "LATER",
    "POLICIES",
    "SETTINGS",
    "Capture",
    "Channel",
    "ConnectRole",
    "ContactCreation",
    "DisconnectHistory",
    "FromName",
    "ImportMode",
    "LateMatch",
    "Level",
    "LocationRetain",
    "MailboxKind",
    "MatchField",
    "MultiMatch",
    "OnTaskComplete",
    "OverLimit",
    "Policies",
    "Policy",
    "ReplyQuote",
    "SendNowBypass",
    "TasksTarget",
    "ThreadOwner",
    "UnsubscribeScope",
    "WindowAppliesTo",
    "check",
    "policy",
]
