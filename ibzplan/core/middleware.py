"""The trace id of a request: in the log, in the answer, echoed when the caller gave one."""

import contextvars
import logging
import re
import uuid
from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse

TRACE_HEADER: Final = "BelGov-Trace-Id"
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


class TraceIdFilter(logging.Filter):
    """Put the trace id on every log record."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Add `trace_id`; let everything through."""
        record.trace_id = current_trace_id()
        return True
