"""Compiled templates on disk: compiling all of them takes a third of a web server's start."""

import hashlib
from contextlib import suppress
from pickle import UnpicklingError

import structlog
from jinja2 import BytecodeCache, Environment, FileSystemBytecodeCache, __version__
from jinja2.bccache import Bucket

UNREADABLE = (
    *(UnpicklingError, AttributeError, EOFError, ImportError, IndexError),
    *(KeyError, MemoryError, OSError, TypeError, ValueError),
)
"""What reading a broken file raises."""

log = structlog.get_logger(__name__)


class TemplateCache(FileSystemBytecodeCache):
    """In a private folder of the account, as Jinja makes and checks it. A template whose source
    changed is compiled again; a full disk only costs the time.
    """

    def load_bytecode(self, bucket: Bucket) -> None:
        """Read what an earlier start kept. A file that cannot be read counts as none."""
        try:
            super().load_bytecode(bucket)
        except UNREADABLE:
            bucket.reset()

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep one compiled template for the next start."""
        with suppress(OSError):
            super().dump_bytecode(bucket)


def template_cache(environment: Environment, folder: str | None = None) -> BytecodeCache | None:
    """The cache for templates compiled by this environment, or None without a safe folder."""
    try:
        return TemplateCache(folder, f"rapport-{options_of(environment)}-%s.cache")
    except (OSError, RuntimeError) as error:
        log.warning("templates_not_kept", why=type(error).__name__)
        return None


def options_of(environment: Environment) -> str:
    """What a compiled template depends on beside its source, as 16 hexadecimal digits."""
    names = ("trim_blocks", "lstrip_blocks", "keep_trailing_newline", "optimized", "is_async")
    options = [getattr(environment, name) for name in names]
    told = repr((__version__, options, sorted(environment.extensions), sorted(environment.filters)))
    return hashlib.sha256(told.encode()).hexdigest()[:16]
