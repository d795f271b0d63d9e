"""The tables, one module per aggregate.

base            names of constraints, aware times, the tenant column
workspaces      the tenant, its domains and policies
team            members, invitations, sending windows
mailboxes       connections, users, templates, cursors, what to fetch, what left
messages        messages, copies, participants, log entries
conversations   conversations and the ids that lead to them
customers       accounts, contacts, addresses, memberships
customer_lists  uploaded files and their journal
edits           edits by hand
pending         pending messages, recipients, attempts
records         notes, never-log entries, the audit log, clicks
smart_bcc       inbound addresses and inbound mail
setup           results of setup tests, confirmations
tasks           to-dos of members, and comments on them
installation    tables outside any workspace
"""

from backend.store.models.base import Base, Tenant, carry_workspace
from backend.store.models.conversations import (
    Conversation,
    ConversationAccount,
    ConversationChange,
    ConversationContact,
    GmailThread,
    ThreadId,
)
from backend.store.models.customer_lists import CustomerList, CustomerListBatch
from backend.store.models.customers import (
    Account,
    AccountContact,
    AccountTrait,
    AccountTraitDomain,
    AccountTraitValue,
    Contact,
    ContactAddress,
)
from backend.store.models.edits import RecordEdit
from backend.store.models.installation import (
    ConsentCount,
    Evidence,
    Heartbeat,
    InstallationKey,
    OAuthAttempt,
    ScheduleEntry,
    SetupCode,
    WebSession,
)
from backend.store.models.mailboxes import (
    Departure,
    EmailTemplate,
    ImportRun,
    Mailbox,
    MailboxAlias,
    MailboxUser,
    Quarantine,
    ToFetch,
)
from backend.store.models.messages import (
    OWN_WORDS,
    Attachment,
    Decision,
    IgnoredPerson,
    LeftOutPerson,
    LogEntry,
    Message,
    MessageBody,
    MessageCopy,
    Participant,
)
from backend.store.models.pending import (
    Bounce,
    PendingEvent,
    PendingFile,
    PendingMessage,
    PendingRecipient,
    Suppression,
)
from backend.store.models.records import AuditEntry, Click, HelpVote, NeverLogEntry, Note
from backend.store.models.setup import SetupConfirmation, SetupFinding, SetupRun
from backend.store.models.smart_bcc import CaptureAddress, InboundMail, InboundPiece
from backend.store.models.tasks import Task, TaskComment
from backend.store.models.team import HandedOver, Invitation, SendingWindowRow, TeamMember
from backend.store.models.workspaces import InternalDomain, PolicyChoice, Workspace

carry_workspace(Base.metadata)

__all__ = [
    "OWN_WORDS",
    "Account",
    "AccountContact",
    "AccountTrait",
    "AccountTraitDomain",
    "AccountTraitValue",
    "Attachment",
    "AuditEntry",
    "Base",
    "Bounce",
    "CaptureAddress",
    "Click",
    "ConsentCount",
    "Contact",
    "ContactAddress",
    "Conversation",
    "ConversationAccount",
    "ConversationChange",
    "ConversationContact",
    "CustomerList",
    "CustomerListBatch",
    "Decision",
    "Departure",
    "EmailTemplate",
    "Evidence",
    "GmailThread",
    "HandedOver",
    "Heartbeat",
    "HelpVote",
    "IgnoredPerson",
    "ImportRun",
    "InboundMail",
    "InboundPiece",
    "InstallationKey",
    "InternalDomain",
    "Invitation",
    "LeftOutPerson",
    "LogEntry",
    "Mailbox",
    "MailboxAlias",
    "MailboxUser",
    "Message",
    "MessageBody",
    "MessageCopy",
    "NeverLogEntry",
    "Note",
    "OAuthAttempt",
    "Participant",
    "PendingEvent",
    "PendingFile",
    "PendingMessage",
    "PendingRecipient",
    "PolicyChoice",
    "Quarantine",
    "RecordEdit",
    "ScheduleEntry",
    "SendingWindowRow",
    "SetupCode",
    "SetupConfirmation",
    "SetupFinding",
    "SetupRun",
    "Suppression",
    "Task",
    "TaskComment",
    "TeamMember",
    "Tenant",
    "ThreadId",
    "ToFetch",
    "WebSession",
    "Workspace",
]
