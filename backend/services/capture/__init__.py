"""Taking mail in: gather facts, decide, apply.

capturing  the one way of all mail into the store: decided, placed, written
opened     the open email, filed because a member asks for it
sent       pending mail that a SENT copy proves sent, and what left the mailbox
reports    what follows from reports on our own mail
bounces    what reports say, written down once
stops      which addresses are written to no more
"""

from backend.services.capture.capturing import capture, note_outside, note_unread

__all__ = ["capture", "note_outside", "note_unread"]
