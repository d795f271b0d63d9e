"""Readiness checks: a part works when it answers, not when it was started."""

import http.client
import socket

import redis

from backend.jobs import worker_key
from backend.local.ports import LOOPBACK

ANSWER_WITHIN = 2  # seconds


def answers_ok(port: int, path: str) -> bool:
    """Whether a GET on loopback is answered by 200."""
    return fetch(port, path) is not None


def greets(port: int) -> bool:
    """Whether a mail server on loopback says that it is ready."""
    try:
        with socket.create_connection((LOOPBACK, port), timeout=ANSWER_WITHIN) as connection:
            return connection.recv(4) == b"220 "
    except OSError:
        return False


def fetch(port: int, path: str) -> bytes | None:
    """The body of a 200 answer on loopback; None for any other answer and for none."""
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=ANSWER_WITHIN)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        body = answer.read()
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()
    return body if answer.status == http.client.OK else None


def worker_takes_jobs(redis_url: str, pid: int) -> bool:
    """Whether the worker with this process id has sent a heartbeat lately."""
    client = redis.Redis.from_url(redis_url, socket_timeout=ANSWER_WITHIN)
    try:
        return bool(client.exists(worker_key(pid)))
    except redis.RedisError:
        return False
    finally:
        client.close()
