"""The parameters of each button of a message card: the email and the person it is about.

Every section uses these: a button without them would switch the card back to another person.
"""

from backend.domain.summaries.panel import KnownPerson


def button_parameters(panel: KnownPerson) -> dict[str, str]:
    """The parameters. Without "about" our own rule picks the person."""
    parameters = {"message": panel.gmail_id}
    return parameters | {"about": str(panel.contact.id)} if panel.chosen else parameters
