"""How Gunicorn serves the product: threads in few processes that share what none of them changes.

Separate because Gunicorn reads it by itself. There is no access log: paths hold tokens of
recipients.
"""

import gc
from typing import TYPE_CHECKING

from backend.domain.domains import is_company_domain

if TYPE_CHECKING:
    from gunicorn.arbiter import Arbiter

wsgi_app = "backend.wsgi:from_environment()"
worker_class = "gthread"
workers = 2
threads = 8
graceful_timeout = 8
"""Seconds for answers on their way when it ends."""

control_socket_disable = True
preload_app = True
"""The application is made once, before the processes part, and opens no connection by then."""


def when_ready(server: "Arbiter") -> None:
    """Make what each process would make for itself at its first requests, and leave all that stands
    out of garbage collection, whose marks would copy every shared page.
    """
    templates = server.app.wsgi().jinja_env
    for name in templates.list_templates():
        templates.get_template(name)
    is_company_domain("example.com")  # reads the lists of domains: 7 MB
    gc.collect()
    gc.freeze()
