"""Serves the web application: a few forked processes under one parent, which share what none of
them changes.

The parent makes the application once, forks, and from then on only listens for each process's
heartbeat: one that ended is forked again, one that fell silent is killed first, since a thread that
holds the interpreter can be interrupted in no other way. There is no access log: paths hold tokens
of recipients.
"""

import gc
import os
import resource
import select
import signal
import socket
import time
from contextlib import suppress
from dataclasses import dataclass

import structlog
from flask import Flask

from backend.domain.mail.domains import is_company_domain
from backend.errors import ConfigurationError
from backend.local.template_cache import template_cache
from backend.local.web_process import Ending, Serving, run_process

log = structlog.get_logger(__name__)

LOOK_EVERY = 0.2
"""Seconds between the parent's checks of its processes and of its stop flag."""
PAUSE = 1.0
"""Seconds before a process that ended at once is started again."""
BACKLOG = 1024
OPEN_FILES = 8192
"""A connection is one file, and two more while a large request or answer is on disk."""


@dataclass
class Process:
    """A forked process. `pipe` carries its heartbeats; the last one came at `heard`."""

    pid: int
    pipe: int
    started: float
    heard: float


class Parent:
    """Keeps the processes of one application running until it is asked to end."""

    def __init__(self, app: Flask, listening: socket.socket, how: Serving) -> None:
        self._app, self._listening, self._how = app, listening, how
        self._ending = Ending()
        self._processes: dict[int, Process] = {}
        self._not_before = 0.0

    def run(self) -> None:
        """Serve until SIGTERM or SIGINT, then drain the requests in flight."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._ending.ask)
        while not self._ending.asked:
            self._start_missing()
            self._listen(LOOK_EVERY)
            self._kill_silent()
            self._reap()
        self._end_all()

    def _start_missing(self) -> None:
        while len(self._processes) < self._how.processes and time.monotonic() >= self._not_before:
            self._fork()

    def _fork(self) -> None:
        reading, writing = os.pipe()
        pid = os.fork()
        if pid == 0:
            self._become_process(reading, writing)
        os.close(writing)
        now = time.monotonic()
        self._processes[reading] = Process(pid, reading, started=now, heard=now)

    def _become_process(self, reading: int, writing: int) -> None:
        """The forked half: never returns into the parent's code."""
        code = 1
        try:
            for pipe in (reading, *self._processes):
                os.close(pipe)
            run_process(self._app, self._listening, self._how, writing, self._ending)
            code = 0
        except Exception:
            log.exception("web_process_failed")
        finally:
            os._exit(code)

    def _listen(self, seconds: float) -> None:
        """Read the heartbeats that arrive within this time."""
        readable, _, _ = select.select(list(self._processes), [], [], seconds)
        for pipe in readable:
            if os.read(pipe, 4096):
                self._processes[pipe].heard = time.monotonic()

    def _kill_silent(self) -> None:
        now = time.monotonic()
        for process in self._processes.values():
            if now - process.heard > self._how.silent_for:
                log.error("web_process_silent", pid=process.pid, seconds=self._how.silent_for)
                os.kill(process.pid, signal.SIGKILL)
                process.heard = now  # it is said once; the end follows at once

    def _reap(self) -> None:
        """Reap the processes that have ended, for whatever reason."""
        now = time.monotonic()
        for process in list(self._processes.values()):
            pid, status = os.waitpid(process.pid, os.WNOHANG)
            if pid == 0:
                continue
            os.close(process.pipe)
            del self._processes[process.pipe]
            if not self._ending.asked:
                log.error("web_process_ended", pid=pid, code=os.waitstatus_to_exitcode(status))
            if now - process.started < PAUSE:
                self._not_before = now + PAUSE

    def _end_all(self) -> None:
        """Ask all to end, wait as long as they may take, and kill what is left."""
        self._signal_all(signal.SIGTERM)
        until = time.monotonic() + self._how.ends_within + PAUSE
        while self._processes and time.monotonic() < until:
            self._listen(LOOK_EVERY)
            self._reap()
        self._signal_all(signal.SIGKILL)
        for process in self._processes.values():
            os.waitpid(process.pid, 0)

    def _signal_all(self, number: signal.Signals) -> None:
        for process in self._processes.values():
            with suppress(ProcessLookupError):
                os.kill(process.pid, number)


def serve(app: Flask, host: str, port: int, how: Serving) -> None:
    """Serve `app` at this address until SIGTERM or SIGINT. Raises ConfigurationError when the
    address is unavailable.
    """
    allow_open_files()
    with listen_at(host, port) as listening:
        share(app)
        Parent(app, listening, how).run()


def listen_at(host: str, port: int) -> socket.socket:
    """A listening socket, from which all processes accept."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as error:
        raise ConfigurationError(
            f"The web server cannot listen at {host}, port {port}: {error.strerror}. "
            "Stop what uses it, or choose another port with RAPPORT_PORT."
        ) from error


def share(app: Flask) -> None:
    """Load what each process would load at its first requests, and freeze all objects out of
    garbage collection, whose marks would copy every shared page.
    """
    templates = app.jinja_env
    templates.bytecode_cache = template_cache(templates)
    for name in templates.list_templates():
        templates.get_template(name)
    is_company_domain("example.com")  # reads the lists of domains: 7 MB
    gc.collect()
    gc.freeze()


def allow_open_files() -> None:
    """Raise the soft limit, which is often 1024, to the hard one."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = OPEN_FILES if hard == resource.RLIM_INFINITY else min(OPEN_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
