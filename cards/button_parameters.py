"""What each button of a message card carries: the e-mail it was drawn for, and whom it is about.

Separate because every section of the card has buttons, and one that forgot would change the card
back to somebody else.
"""

from backend.domain.summaries.panel import KnownPerson


def button_parameters(panel: KnownPerson) -> dict[str, str]:
    """The parameters. Without "about" the card is about whom our own rule picks."""
    given = {"message": panel.gmail_id}
    return given | {"about": str(panel.contact.id)} if panel.chosen else given
