"""Which OAuth scopes open which Gmail method."""

AUTH = "https://www.googleapis.com/auth/"
FULL_MAIL = "https://mail.google.com/"
MODIFY = AUTH + "gmail.modify"
READONLY = AUTH + "gmail.readonly"
METADATA = AUTH + "gmail.metadata"
COMPOSE = AUTH + "gmail.compose"
SEND = AUTH + "gmail.send"
INSERT = AUTH + "gmail.insert"
LABELS = AUTH + "gmail.labels"
SETTINGS = AUTH + "gmail.settings.basic"
ADDON = AUTH + "gmail.addons.current."
ADDON_ACTION = ADDON + "message.action"
ADDON_METADATA = ADDON + "message.metadata"
ADDON_READONLY = ADDON + "message.readonly"
ADDON_COMPOSE = ADDON + "action.compose"

READS_BODIES = frozenset({FULL_MAIL, MODIFY, READONLY, ADDON_ACTION, ADDON_READONLY})
CHANGES = frozenset({FULL_MAIL, MODIFY})
READS = CHANGES | {READONLY, METADATA}
READS_OPEN_MESSAGE = READS | {ADDON_ACTION, ADDON_METADATA, ADDON_READONLY}
READS_FILES = CHANGES | {READONLY, ADDON_ACTION, ADDON_READONLY}
SENDS = CHANGES | {COMPOSE, SEND, ADDON_COMPOSE}
INSERTS = CHANGES | {INSERT}
DRAFTS = CHANGES | {COMPOSE, ADDON_COMPOSE}
READS_DRAFTS = CHANGES | {COMPOSE, READONLY}
PROFILE = READS | {COMPOSE}
READS_LABELS = READS | {LABELS}
CHANGES_LABELS = CHANGES | {LABELS}
READS_SETTINGS = CHANGES | {READONLY, SETTINGS}
CHANGES_SETTINGS = frozenset({SETTINGS})
CHANGES_SEND_AS = frozenset({SETTINGS, AUTH + "gmail.settings.sharing"})
ERASES = frozenset({FULL_MAIL})


def needs_message_token(allowed: frozenset[str], held: frozenset[str]) -> bool:
    """Whether only add-on scopes open this: then the open message's own token must come along."""
    opening = allowed & held
    return all(scope.startswith(ADDON) for scope in opening)
