"""Keeping what was answered to a write, so that a request sent again writes nothing again.

What is kept is no recorded fact: it has no history, and takes no instant of the record clock.
"""

import zlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from ibzplan.core.models import IdempotentRequest
from ibzplan.core.services.clock import clock_hold

if TYPE_CHECKING:
    from personnel.models import User

KEPT_DAYS: Final = 7


def request_answered(*, client: UUID, key: str) -> IdempotentRequest | None:
    """Return what was answered to this key of this client before, or None.

    Call it in the transaction of the write. It takes the record clock, as every write does first:
    of two requests with one key the second so waits for the first, and finds its answer.
    """
    clock_hold()
    return IdempotentRequest.objects.filter(client=client, key=key).first()


@transaction.atomic(savepoint=False)
def request_keep(
    *,
    actor: "User",
    client: UUID,
    key: str,
    fingerprint: str,
    status: int,
    headers: Mapping[str, str],
    body: bytes,
) -> IdempotentRequest:
    """Keep the answer to a write, in the write's own transaction."""
    return IdempotentRequest.objects.create(
        user=actor,
        client=client,
        key=key,
        fingerprint=fingerprint,
        status=status,
        headers=dict(headers),
        body=zlib.compress(body),
        kept_at=timezone.now(),
    )


def requests_expire(*, now: datetime | None = None) -> int:
    """Remove the answers of longer than KEPT_DAYS ago; return how many."""
    oldest = (now or timezone.now()) - timedelta(days=KEPT_DAYS)
    removed, _by_table = IdempotentRequest.objects.filter(kept_at__lt=oldest).delete()
    return removed
