"""Capture: gather facts, decide, apply.

capturing  the one path of all mail into the store: decided, placed, written
opened     the open email, filed on a member's request
sent       pending messages that a SENT copy proves sent; departures
reports    consequences of reports on our own mail
bounces    reports of undelivered mail, recorded once
stops      which addresses are suppressed
"""

from backend.services.capture.capturing import capture, note_outside, note_unread

__all__ = ["capture", "note_outside", "note_unread"]
