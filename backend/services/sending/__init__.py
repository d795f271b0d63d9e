"""Mail out: what is due is claimed, checked once more, and leaves by exactly one POST.

The row says `sending` before the call is made. A definite refusal returns the slot; any other
answer but a yes becomes `unknown`, which only `reconciling` may settle, by looking in Sent mail.

drain       the next message of a mailbox, until none may leave now
send_lease  the lease of one job on one mailbox
facts       what is known at the last second
mime        the bytes, frozen at the claim
attempt     reserves a slot, commits `sending`, makes the POST
outcome     writes the outcome
resting     backs a mailbox off after a failure
"""

from backend.services.sending.drain import send_mailbox

__all__ = ["send_mailbox"]
