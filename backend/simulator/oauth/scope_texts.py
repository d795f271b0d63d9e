"""What the consent page says about each scope, and which ones cannot be unticked."""

AUTH = "https://www.googleapis.com/auth/"
IDENTITY = frozenset(
    {"openid", "email", "profile", f"{AUTH}userinfo.email", f"{AUTH}userinfo.profile"}
)
# Google answers with the long names whatever was asked for.
LONG_NAMES = {"email": f"{AUTH}userinfo.email", "profile": f"{AUTH}userinfo.profile"}

SCOPE_TEXTS = {
    "https://mail.google.com/": "Read, compose, send and permanently delete all your email",
    f"{AUTH}gmail.modify": "Read, compose and send email from your Gmail account",
    f"{AUTH}gmail.readonly": "View your email messages and settings",
    f"{AUTH}gmail.metadata": "View your email message metadata such as labels and headers",
    f"{AUTH}gmail.compose": "Manage drafts and send emails",
    f"{AUTH}gmail.send": "Send email on your behalf",
    f"{AUTH}gmail.insert": "Add emails into your Gmail mailbox",
    f"{AUTH}gmail.labels": "See and edit your email labels",
    f"{AUTH}gmail.settings.basic": "See, edit, create or change your email settings and filters",
    f"{AUTH}gmail.addons.execute": "Run as a Gmail add-on",
    f"{AUTH}gmail.addons.current.message.action": (
        "View your email messages when you interact with the add-on"
    ),
    f"{AUTH}gmail.addons.current.message.metadata": (
        "View your email message metadata when the add-on is running"
    ),
    f"{AUTH}gmail.addons.current.message.readonly": (
        "View your email messages when the add-on is running"
    ),
    f"{AUTH}gmail.addons.current.action.compose": (
        "Manage drafts and send emails when you interact with the add-on"
    ),
    f"{AUTH}script.locale": "View your country, language and time zone",
    f"{AUTH}calendar.events.readonly": "View events on all your calendars",
    f"{AUTH}calendar.events.owned": "See, create, change and delete events on calendars you own",
    f"{AUTH}calendar.app.created": "Make secondary calendars, and see and change events on them",
    f"{AUTH}tasks": "Create, edit, organise and delete all your tasks",
}


def explained(scope: str) -> str:
    return SCOPE_TEXTS.get(scope, scope)


def normalised(scope: str) -> str:
    return LONG_NAMES.get(scope, scope)
