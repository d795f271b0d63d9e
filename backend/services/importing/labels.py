"""Labels of stored copies, changed as Gmail's did (D-22)."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from backend.domain.ids import MailboxId
from backend.domain.sync.label_changes import LabelDelta, merged
from backend.store import copies


def relabel(
    session: Session, mailbox_id: MailboxId, deltas: Mapping[str, LabelDelta], *, follow: bool
) -> None:
    """Apply label changes to stored copies. Only rows that change are written."""
    if not deltas:
        return
    before = copies.labels_of(session, mailbox_id, deltas)
    after = {one: sorted(merged(old, deltas[one], follow=follow)) for one, old in before.items()}
    changed = {one: labels for one, labels in after.items() if labels != sorted(before[one])}
    copies.set_labels(session, mailbox_id, changed)
