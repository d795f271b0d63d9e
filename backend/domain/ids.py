"""Ids as distinct types, so that one kind cannot be passed for another."""

from typing import NamedTuple, NewType
from uuid import UUID

WorkspaceId = NewType("WorkspaceId", int)
MemberId = NewType("MemberId", int)
AccountId = NewType("AccountId", int)
ContactId = NewType("ContactId", int)
MailboxId = NewType("MailboxId", int)
MessageId = NewType("MessageId", int)
ConversationId = NewType("ConversationId", int)
ImportRunId = NewType("ImportRunId", int)
CustomerListId = NewType("CustomerListId", int)
TaskId = NewType("TaskId", int)
PendingId = NewType("PendingId", UUID)
"""Also the value of the header `X-Rapport-Send-Id`."""


class MailboxKey(NamedTuple):
    """A mailbox and its workspace, as jobs and transactions need them."""

    workspace_id: WorkspaceId
    mailbox_id: MailboxId
