"""Mail out: what is due is claimed, checked once more, and leaves by exactly one POST.

The row says `sending` before the call is made. A definite refusal gives the place back; anything
else that is not a yes becomes `unknown`, which only `reconciling` may settle, by looking in SENT
mail.
"""

from backend.services.sending.drain import send_mailbox

__all__ = ["send_mailbox"]
