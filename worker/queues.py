"""Which worker serves which queues, in order.

One role never takes imports, so that an import never delays live mail or mail that is due.
"""

from enum import StrEnum

from backend.jobs import QueueName


class WorkerRole(StrEnum):
    """What a worker process is for."""

    PROMPT = "prompt"
    PATIENT = "patient"
    ANY = "any"


SERVES = {
    WorkerRole.PROMPT: (QueueName.LIVE, QueueName.SEND, QueueName.UPKEEP),
    WorkerRole.PATIENT: (QueueName.IMPORT, QueueName.UPKEEP, QueueName.LIVE),
    WorkerRole.ANY: tuple(QueueName),
}
