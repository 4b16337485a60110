"""Whether the product can serve; asked by load balancers, without signing in."""

import os
from pathlib import Path
from typing import Any, Final

import redis
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ibzplan.core.api.renderers import to_json

UP: Final = "UP"
DEGRADED: Final = "DEGRADED"
DOWN: Final = "DOWN"
BROKER_TIMEOUT_SECONDS: Final = 1


def database_status() -> str:
    """Return UP when the database answers, else DOWN."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return DOWN
    return UP


def broker_status() -> str:
    """Return UP when background work can be queued, else DOWN."""
    if not settings.REDIS_URL:
        folder = Path(settings.CELERY_BROKER_TRANSPORT_OPTIONS["data_folder_in"])
        return UP if folder.is_dir() and os.access(folder, os.W_OK) else DOWN
    try:
        client = redis.Redis.from_url(
            settings.REDIS_URL,
            socket_connect_timeout=BROKER_TIMEOUT_SECONDS,
            socket_timeout=BROKER_TIMEOUT_SECONDS,
        )
        client.ping()
    except (redis.RedisError, OSError):
        return DOWN
    return UP


def health_report() -> dict[str, Any]:
    """Return UP; DEGRADED without a broker (pages still work); DOWN without a database."""
    parts = {"database": database_status(), "broker": broker_status()}
    whole = UP
    if parts["broker"] == DOWN:
        whole = DEGRADED
    if parts["database"] == DOWN:
        whole = DOWN
    return {
        "status": whole,
        "details": {name: {"status": status} for name, status in parts.items()},
    }


@login_not_required
@never_cache
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """Answer 200 while the product serves, even degraded, and 503 when it cannot."""
    report = health_report()
    return HttpResponse(
        to_json(report).encode(),
        status=503 if report["status"] == DOWN else 200,
        content_type="application/json",
    )
