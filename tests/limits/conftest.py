from collections.abc import Iterator

import pytest
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from backend.limits import Limits


@pytest.fixture
def redis(redis_url: str) -> Iterator[Redis]:
    with Redis.from_url(redis_url) as client:
        yield client


@pytest.fixture
def limits(redis: Redis) -> Limits:
    return Limits(redis)


@pytest.fixture
def no_redis() -> Iterator[Redis]:
    """A client whose server is gone."""
    with Redis(port=1, retry=Retry(NoBackoff(), 0)) as client:
        yield client
