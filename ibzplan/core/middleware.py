"""What holds for every request: its trace id, and an address that the database can read."""

import contextvars
import logging
import re
import uuid
from collections.abc import Callable
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse

TRACE_HEADER: Final = "BelGov-Trace-Id"
_API_ROOT: Final = "/api/"
_SAFE: Final = re.compile(r"^[A-Za-z0-9._-]{1,64}$")
_current: contextvars.ContextVar[str] = contextvars.ContextVar("trace_id", default="-")


def current_trace_id() -> str:
    """Return the trace id of the request being served, or '-'."""
    return _current.get()


class TraceIdMiddleware:
    """Take the caller's trace id when it is well formed, else make one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the next handler."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Serve the request within its trace id."""
        given = request.headers.get(TRACE_HEADER, "")
        token = _current.set(given if _SAFE.match(given) else str(uuid.uuid4()))
        try:
            response = self.get_response(request)
            response.headers[TRACE_HEADER] = _current.get()
            return response
        finally:
            _current.reset(token)


class ReadableAddressMiddleware:
    """Answer 404 to an address with a NUL character: PostgreSQL refuses one, so nothing has it.

    The API says more of a query parameter: it names it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the next handler."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Serve the request, unless its path or a value in its query has the character."""
        texts = [request.path]
        if not request.path.startswith(_API_ROOT):
            texts += [text for name, values in request.GET.lists() for text in (name, *values)]
        if any("\x00" in text for text in texts):
            raise Http404
        return self.get_response(request)


class TraceIdFilter(logging.Filter):
    """Put the trace id on every log record."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Add `trace_id`; let everything through."""
        record.trace_id = current_trace_id()
        return True
