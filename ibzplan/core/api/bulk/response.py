"""The answer to a list that is asked for whole: as CSV, NDJSON or Parquet."""

import logging
import re
import socket
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from ibzplan.core.api.bulk.csv_lines import csv_pieces
from ibzplan.core.api.bulk.json_lines import json_pieces
from ibzplan.core.api.bulk.parquet import parquet_pieces
from ibzplan.core.api.bulk.patience import Limits, Patience
from ibzplan.core.api.bulk.tables import Source
from ibzplan.core.api.feed import feed_link
from ibzplan.core.api.feed_cursor import CHANGED_SINCE
from ibzplan.core.api.problems import NOT_TOGETHER, InvalidInput, Issue
from ibzplan.core.api.renderers import JSONRenderer
from ibzplan.core.consistent import Pieces, read_aside
from ibzplan.core.middleware import current_trace_id

if TYPE_CHECKING:
    from django.http import QueryDict
    from rest_framework.request import Request

    from ibzplan.core.api.base import BaseCollection, Read

TABLE_URL_NAME: Final = "table-schema"
TABLE_TYPE: Final = "application/csvm+json"
# What cuts a list into pages, or puts other resources beside it: a file is whole.
_OF_PAGES: Final = ("page", "pageSize", "after", "embed", CHANGED_SINCE)
# The fastest: a file of figures gets ten times smaller already.
_GZIP_LEVEL: Final = 1
_GZIP_WINDOW: Final = zlib.MAX_WBITS | 16
_WANTS_GZIP: Final = re.compile(r"\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))")

_log = logging.getLogger(__name__)


class CsvRenderer(JSONRenderer):
    """Offers CSV; a problem is JSON all the same."""

    media_type = "text/csv"
    format = "csv"


class JsonLinesRenderer(JSONRenderer):
    """Offers NDJSON; a problem is JSON all the same."""

    media_type = "application/x-ndjson"
    format = "ndjson"


class ParquetRenderer(JSONRenderer):
    """Offers Parquet; a problem is JSON all the same."""

    media_type = "application/vnd.apache.parquet"
    format = "parquet"


@dataclass(frozen=True, slots=True)
class BulkFormat:
    """How a format is written; `is_compact` when it is compressed as it is."""

    content_type: str
    pieces: Callable[[Source], Pieces]
    is_compact: bool = False


BULK_RENDERERS: Final = (CsvRenderer, JsonLinesRenderer, ParquetRenderer)
BULK_FORMATS: Final[Mapping[str, BulkFormat]] = {
    "csv": BulkFormat("text/csv; charset=utf-8; header=present", csv_pieces),
    "ndjson": BulkFormat("application/x-ndjson; charset=utf-8", json_pieces),
    "parquet": BulkFormat(ParquetRenderer.media_type, parquet_pieces, is_compact=True),
}


def bulk_response(
    collection: "BaseCollection[Any]", request: "Request", read: "Read"
) -> HttpResponseBase:
    """Return the whole list in the format of the accepted renderer, streamed.

    What can go wrong before the first rows is a problem; what goes wrong after them breaks the
    transfer off, so that a part never looks whole. HEAD makes the query without running it.
    """
    if collection.bulk is None:
        raise ValueError(f"{collection.name} is not taken whole")
    query, name = request.query_params, request.accepted_renderer.format
    _refuse_pages(query)
    source, form = collection.bulk.source(collection, query, read), BULK_FORMATS[name]
    compresses = not form.is_compact and _wants_gzip(request)
    response: HttpResponse | StreamingHttpResponse
    if request.method == "HEAD":
        source.check()
        response = HttpResponse(content_type=form.content_type)
    else:
        pieces = read_aside(lambda: form.pieces(source))
        whole = Begun(pieces, compresses=compresses, hang_up=partial(_hang_up, request.META))
        response = StreamingHttpResponse(whole, content_type=form.content_type)
    _label(response, collection, request, read)
    if compresses:
        response.headers["Content-Encoding"] = "gzip"
    return response


def _refuse_pages(query: "QueryDict") -> None:
    detail = _("A file holds the whole list: leave this out, or ask for JSON.")
    issues = [Issue(NOT_TOGETHER, name, detail, query[name]) for name in _OF_PAGES if name in query]
    if issues:
        raise InvalidInput(issues)


def _label(
    response: HttpResponseBase, collection: "BaseCollection[Any]", request: "Request", read: "Read"
) -> None:
    """Say what it is: its name, its languages, where its columns and its changes are."""
    name = request.accepted_renderer.format
    described = request.build_absolute_uri(reverse(TABLE_URL_NAME, args=[collection.name]))
    day = read.clocks.reference_date.isoformat()
    file_name = f"ibzplan-{collection.name}-{day}.{name}"
    response.headers["Content-Disposition"] = f'attachment; filename="{file_name}"'
    response.headers["Content-Language"] = ", ".join(settings.CONTENT_LANGUAGES)
    links = [f'<{described}>; rel="describedby"; type="{TABLE_TYPE}"']
    if followed := feed_link(collection, request.query_params, read):
        links.append(followed)
    response.headers["Link"] = ", ".join(links)
    # No middleware compresses what is compressed already, or is better sent as it is.
    response.headers["Cache-Control"] = "private, no-cache, no-transform"
    response.headers["X-Content-Type-Options"] = "nosniff"
    patch_vary_headers(response, ["Accept-Encoding"])


def _wants_gzip(request: "Request") -> bool:
    return bool(_WANTS_GZIP.search(request.headers.get("Accept-Encoding", "").lower()))


def _hang_up(environ: Mapping[str, Any]) -> None:
    """End the connection to a reader, where the server tells which it is.

    Its thread waits until the reader takes what was written, and would wait for ever.
    """
    connection: socket.socket | None = environ.get("gunicorn.socket")
    if connection is not None:
        with suppress(OSError):  # the reader left
            connection.shutdown(socket.SHUT_RDWR)


class Begun:
    """Pieces of which the first is made already: what fails there is still a problem.

    A reader that takes them too slowly is hung up on; see `patience`.
    """

    def __init__(
        self, pieces: Pieces, *, compresses: bool, hang_up: Callable[[], None] = lambda: None
    ) -> None:
        """Make the first piece. Raises what that raises."""
        self._pieces = pieces
        self._compresses = compresses
        self._trace_id = current_trace_id()
        self._first = next(pieces, b"")
        limits = Limits(settings.API_FILE_IDLE_SECONDS, settings.API_FILE_MOST_SECONDS)
        self._patience = Patience(limits, end=pieces.close, hang_up=hang_up)

    def __iter__(self) -> Iterator[bytes]:
        """Yield what is sent; a failure is logged under the request's trace id and goes on."""
        try:
            whole = _compressed(self._whole()) if self._compresses else self._whole()
            yield from self._patience.hand_out(whole)
        except Exception:
            _log.exception("The file of request %s was broken off", self._trace_id)
            raise

    def close(self) -> None:
        """Let go of the connection, however much was sent."""
        self._patience.close()

    def _whole(self) -> Iterator[bytes]:
        yield self._first
        yield from self._pieces


def _compressed(pieces: Iterator[bytes]) -> Iterator[bytes]:
    packer = zlib.compressobj(_GZIP_LEVEL, zlib.DEFLATED, _GZIP_WINDOW)
    for piece in pieces:
        if packed := packer.compress(piece):
            yield packed
    yield packer.flush()
