"""The messages around a card, which no published package knows: their fields, types and choices.

Separate from the parser because this is the reference written as a table. A type is `str`, `bool`,
`card`, `any`, `one|of|several` or the name of another message; in brackets it is repeated. Fields
of a message that exclude each other are listed in `ONE_OF`. (Reference: apps.extensions.markup and
google.apps.card.v1, April 2026.)
"""

from typing import Final

Fields = dict[str, str]

MESSAGES: Final[dict[str, Fields]] = {
    "RenderActions": {"action": "Action", "hostAppAction": "HostAppAction", "schema": "str"},
    "SubmitFormResponse": {
        "renderActions": "RenderActions",
        "stateChanged": "bool",
        "schema": "str",
    },
    "GetAutocompletionResponse": {"autoComplete": "AutoComplete", "schema": "str"},
    "AuthorizationError": {
        "basicAuthorizationPrompt": "BasicAuthorizationPrompt",
        "customAuthorizationPrompt": "CustomAuthorizationPrompt",
        "requestingGoogleScopes": "RequestingGoogleScopes",
    },
    "AutoComplete": {"items": "[AutoCompleteItem]"},
    "AutoCompleteItem": {"text": "str"},
    "BasicAuthorizationPrompt": {"authorizationUrl": "str", "resource": "str"},
    "CustomAuthorizationPrompt": {"action": "Action"},
    "RequestingGoogleScopes": {"scopes": "[str]", "allScopes": "bool"},
    "Action": {
        "navigations": "[Navigation]",
        "link": "OpenLink",
        "notification": "Notification",
        "linkPreview": "any",
        "links": "[any]",
        "modifyOperations": "[any]",
    },
    "Navigation": {
        "pushCard": "card",
        "updateCard": "card",
        "pop": "bool",
        "popToRoot": "bool",
        "popToCard": "str",
        "endNavigation": "any",
    },
    "OpenLink": {"url": "str", "openAs": "FULL_SIZE|OVERLAY", "onClose": "NOTHING|RELOAD"},
    "Notification": {"text": "str"},
    "HostAppAction": {
        "gmailAction": "GmailAction",
        "calendarAction": "any",
        "driveAction": "any",
        "editorAction": "any",
        "chatAction": "any",
    },
    "GmailAction": {
        "taskAction": "TaskAction",
        "updateDraftActionMarkup": "UpdateDraft",
        "openCreatedDraftActionMarkup": "OpenCreatedDraft",
        "addonComposeUiActionMarkup": "ComposeUi",
    },
    "TaskAction": {"reloadTasks": "bool"},
    "OpenCreatedDraft": {"draftId": "str", "draftThreadId": "str"},
    "ComposeUi": {"type": "DISMISS"},
    "UpdateDraft": {
        "updateToRecipients": "UpdateTo",
        "updateCcRecipients": "UpdateCc",
        "updateBccRecipients": "UpdateBcc",
        "updateSubject": "UpdateSubject",
        "updateBody": "UpdateBody",
    },
    "UpdateTo": {"toRecipients": "[Recipient]"},
    "UpdateCc": {"ccRecipients": "[Recipient]"},
    "UpdateBcc": {"bccRecipients": "[Recipient]"},
    "Recipient": {"email": "str"},
    "UpdateSubject": {"subject": "str"},
    "UpdateBody": {
        "type": "IN_PLACE_INSERT|INSERT_AT_START|INSERT_AT_END|REPLACE",
        "insertContents": "[InsertContent]",
    },
    "InsertContent": {
        "content": "str",
        "contentType": "TEXT|MUTABLE_HTML|IMMUTABLE_HTML",
        "mimeType": "TEXT|MUTABLE_HTML|IMMUTABLE_HTML",
    },
}

ONE_OF: Final[dict[str, frozenset[str]]] = {
    "Navigation": frozenset(MESSAGES["Navigation"]),
    "GmailAction": frozenset(MESSAGES["GmailAction"]),
    "AuthorizationError": frozenset(MESSAGES["AuthorizationError"]),
}

NOT_IN_GMAIL: Final = frozenset(
    {
        *("Action.linkPreview", "Action.links", "Action.modifyOperations"),
        *("Navigation.endNavigation", "HostAppAction.calendarAction"),
        *("HostAppAction.driveAction", "HostAppAction.editorAction", "HostAppAction.chatAction"),
    }
)

# How Google's own messages name them in its errors, where the name differs from the table's.
FULL_NAMES: Final[dict[str, str]] = {
    "Navigation": "RenderActions.Action.Navigation",
    "Action": "RenderActions.Action",
    "Notification": "RenderActions.Action.Notification",
}


def full_name(message: str) -> str:
    """As Google's parser writes it in an error."""
    return f"google.apps.card.v1.{FULL_NAMES.get(message, message)}"
