"""How many requests a caller may send, and the headers that say how many are left.

Every token has its own count, so has a browser's user, and an address that sent no good token.
Reads, writes and whole lists are counted apart, each in a window of the clock. The headers are
`RateLimit-Limit`, `RateLimit-Remaining`, `RateLimit-Reset` and `RateLimit-Policy` as in
draft-ietf-httpapi-ratelimit-headers-06.
"""

import math
import time
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from rest_framework.exceptions import AuthenticationFailed, NotAuthenticated, Throttled
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from ibzplan.core.api.bulk import BULK_FORMATS
from ibzplan.core.api.counting import count

READ: Final = "read"
WRITE: Final = "write"
BULK: Final = "bulk"
ANONYMOUS: Final = "anonymous"


@dataclass(frozen=True, slots=True)
class Tally:
    """What a caller may still send of one kind, and in how many seconds it begins anew."""

    limit: int
    window_seconds: int
    sent: int
    seconds_left: int

    @property
    def is_over(self) -> bool:
        """Tell whether it was one too many."""
        return self.sent > self.limit

    @property
    def headers(self) -> dict[str, str]:
        """Return what every answer says about it."""
        return {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(max(self.limit - self.sent, 0)),
            "RateLimit-Reset": str(self.seconds_left),
            "RateLimit-Policy": f"{self.limit};w={self.window_seconds}",
        }


def tally(kind: str, caller: str) -> Tally | None:
    """Count a request of a caller; None where there is no limit, or it cannot be counted."""
    limit, window_seconds = settings.API_LIMITS.get(kind, (0, 1))
    if not limit:
        return None
    now = time.time()
    ends_at = (int(now) // window_seconds + 1) * window_seconds
    sent = count(f"{kind}:{caller}", ends_at)
    return None if sent is None else Tally(limit, window_seconds, sent, math.ceil(ends_at - now))


def _kind(request: Request) -> str:
    if request.method not in ("GET", "HEAD"):
        return WRITE
    renderer = getattr(request, "accepted_renderer", None)
    return BULK if getattr(renderer, "format", "") in BULK_FORMATS else READ


class LimitedView(APIView):
    """A view that counts who calls, and tells how many requests are left."""

    _tally: Tally | None = None

    def check_throttles(self, request: Request) -> None:
        """Count the request. Raises Throttled (429) when it is one too many."""
        user: Any = request.user
        token: Any = request.auth
        if token is not None:
            self._count(_kind(request), f"token:{token.uuid}")
        elif user.is_authenticated:
            self._count(_kind(request), f"user:{user.uuid}")
        else:
            self._count_address(request)

    def handle_exception(self, exc: Exception) -> Response:
        """Count by its address also who is not let in."""
        if isinstance(exc, NotAuthenticated | AuthenticationFailed):
            try:
                self._count_address(self.request)
            except Throttled as throttled:
                exc = throttled
        return super().handle_exception(exc)

    def finalize_response(
        self, request: Request, response: Response, *args: Any, **kwargs: Any
    ) -> Response:
        """Say how many requests are left."""
        response = super().finalize_response(request, response, *args, **kwargs)
        for name, value in (self._tally.headers if self._tally else {}).items():
            response.headers[name] = value
        return response

    def _count_address(self, request: Request) -> None:
        self._count(ANONYMOUS, f"address:{BaseThrottle().get_ident(request)}")

    def _count(self, kind: str, caller: str) -> None:
        self._tally = tally(kind, caller)
        if self._tally is not None and self._tally.is_over:
            raise Throttled(wait=self._tally.seconds_left)
