"""Counting requests over all processes: in Redis, or in small files where there is none.

Neither touches the database, and none waits for another. Redis counts by INCR. A file has a byte a
request: whoever appends one reads from its own place in the file how many there were. (A file of
Django's cache is read, added to and written in three steps, so that two processes lose counts.)
"""

import functools
import hashlib
import logging
import os
import time
from pathlib import Path
from typing import Final

import redis
from django.conf import settings

REDIS_TIMEOUT_SECONDS: Final = 0.5

_log = logging.getLogger(__name__)


def count(key: str, ends_at: int) -> int | None:
    """Count one request more under `key`, in the time that ends then; return how many there are.

    None when it cannot be counted: that is no reason not to serve.
    """
    try:
        return _in_redis(key, ends_at) if settings.REDIS_URL else _in_file(key, ends_at)
    except (OSError, redis.RedisError) as error:
        _log.warning("Requests are not counted: %s", error)
        return None


def _in_redis(key: str, ends_at: int) -> int:
    name = f"ibzplan:limit:{ends_at}:{key}"
    both = _redis(settings.REDIS_URL).pipeline(transaction=False)
    both.incr(name)
    both.expireat(name, ends_at + 1)
    return int(both.execute()[0])


@functools.cache
def _redis(url: str) -> redis.Redis:
    return redis.Redis.from_url(
        url,
        socket_connect_timeout=REDIS_TIMEOUT_SECONDS,
        socket_timeout=REDIS_TIMEOUT_SECONDS,
    )


def _in_file(key: str, ends_at: int) -> int:
    folder: Path = settings.LIMITS_DIR
    path = folder / f"{ends_at}-{hashlib.sha256(key.encode()).hexdigest()}"
    try:
        place = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    except FileNotFoundError:
        folder.mkdir(parents=True, exist_ok=True)
        place = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(place, b".")
        found = os.lseek(place, 0, os.SEEK_CUR)
    finally:
        os.close(place)
    if found == 1:
        _sweep(folder)
    return found


def _sweep(folder: Path) -> None:
    """Remove what counted for a time that is over: a caller's first request in a new one does."""
    now = time.time()
    for path in folder.iterdir():
        if int(path.name.partition("-")[0]) < now:
            path.unlink(missing_ok=True)
