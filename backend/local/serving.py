"""How Gunicorn serves the product: threads in few processes that share what none of them changes.

Separate because Gunicorn reads it by itself. There is no access log: paths hold tokens of
recipients.
"""

import gc

wsgi_app = "backend.wsgi:from_environment()"
worker_class = "gthread"
workers = 2
threads = 8
graceful_timeout = 8
"""Seconds for answers on their way when it ends."""

control_socket_disable = True
preload_app = True
"""The application is made once, before the processes part, and opens no connection by then."""


def when_ready(_server: object) -> None:
    """Leave what stands now out of garbage collection, whose marks would copy every shared page."""
    gc.collect()
    gc.freeze()
