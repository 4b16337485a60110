"""What holds for every request: its trace id, and an address that the database can read."""

import contextvars
import logging
import re
import uuid
from collections.abc import Callable
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

TRACE_HEADER: Final = "BelGov-Trace-Id"
_API_ROOT: Final = "/api/"
_NUL: Final = "\x00"
_NUL_ESCAPED: Final = "%00"
_UNREADABLE_ESCAPED: Final = "%EF%BF%BD"  # U+FFFD
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


class CompressionMiddleware(GZipMiddleware):
    """Compress what may be transformed; what is compact, or compressed already, says it may not."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Leave an answer with `Cache-Control: no-transform` as it is."""
        if "no-transform" in response.headers.get("Cache-Control", ""):
            return response
        return super().process_response(request, response)


class ReadableAddressMiddleware:
    """Keep NUL characters out of addresses: PostgreSQL refuses them, so nothing has one.

    In a path it is a 404; in the query of a page the sign for an unreadable character takes its
    place. The API answers a query for itself: it names the parameter.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the next handler."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Serve the request, its query readable."""
        if _NUL in request.path:
            raise Http404
        query = request.META.get("QUERY_STRING", "")
        if _NUL_ESCAPED in query and not request.path.startswith(_API_ROOT):
            request.META["QUERY_STRING"] = query.replace(_NUL_ESCAPED, _UNREADABLE_ESCAPED)
        return self.get_response(request)


class TraceIdFilter(logging.Filter):
    """Put the trace id on every log record."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Add `trace_id`; let everything through."""
        record.trace_id = current_trace_id()
        return True
