"""The views that serve a collection: a page of it, one resource in it, its files, the way in."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase, QueryDict
from django.urls import URLPattern, path
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation import gettext as _
from rest_framework.exceptions import NotFound
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.permissions import AllowAny
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from ibzplan.core.api import query as asked
from ibzplan.core.api import writing
from ibzplan.core.api.base import FILE_PARAMETERS, BaseCollection, Read
from ibzplan.core.api.bulk import BULK_FORMATS, BULK_RENDERERS, bulk_response
from ibzplan.core.api.deprecation import NOTICES, deprecated_by, refuse_ended
from ibzplan.core.api.etags import digest, item_etag, variant
from ibzplan.core.api.feed import feed_answer
from ibzplan.core.api.feed_cursor import CHANGED_SINCE
from ibzplan.core.api.files import Files, file_answer, file_head, renderers_of
from ibzplan.core.api.links import Links
from ibzplan.core.api.pagination import Page
from ibzplan.core.api.presenting import Presentation
from ibzplan.core.api.problems import problem_response
from ibzplan.core.api.throttling import LimitedView

# On its way to the rendered answer: that it does not show the whole resource as it is.
_SHOWN_OTHERWISE: Final = "X-Shown-Otherwise"

READ_METHODS: Final = ("get", "head")


class _NoFormatParameter:
    """Settings of the negotiation: `?format=` is no parameter of ours."""

    URL_FORMAT_OVERRIDE = None


class Negotiation(DefaultContentNegotiation):
    """The Accept header alone decides."""

    settings = _NoFormatParameter()  # type: ignore[assignment]


class ReadView(LimitedView):
    """What list and resource share: clocks, selection of members, ETag and 304."""

    collection: BaseCollection[Any] = None  # type: ignore[assignment]  # given to as_view()
    content_negotiation_class = Negotiation
    metadata_class = None
    http_method_names = list(READ_METHODS)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Let in who may come in; what has ended is open to nobody."""
        super().initial(request, *args, **kwargs)
        refuse_ended(request._request)

    def read_of(self, request: Request, known: frozenset[str]) -> Read:
        """Return what every read needs. Raises InvalidInput for an unknown parameter."""
        query = request.query_params
        asked.refuse_unknown(query, known)
        return Read(
            user=request.user,
            clocks=asked.clocks(query),
            links=Links(request._request),
            include_history=self.collection.has_history and asked.truth(query, "includeHistory"),
        )

    def finalize_response(
        self, request: Request, response: Response, *args: Any, **kwargs: Any
    ) -> Response:
        """Add an ETag to what was read, and answer 304 to whoever has it already."""
        response = super().finalize_response(request, response, *args, **kwargs)
        # What is read depends on who reads: no shared cache may keep it.
        patch_vary_headers(response, ("Accept", "Accept-Language", "Authorization", "Cookie"))
        response.headers.setdefault("Cache-Control", "private, no-cache")
        if old := deprecated_by(request._request):
            old.told_in(response.headers)
        is_rendered = isinstance(response, Response)
        if is_rendered and response.status_code == 200 and request.method in ("GET", "HEAD"):
            response.add_post_render_callback(lambda rendered: _conditional(request, rendered))
        return response


def _conditional(request: Request, response: HttpResponseBase) -> HttpResponseBase | None:
    """Return 304 when the caller already has what was read.

    A resource brought the tag of its state, which an answer that shows it otherwise makes its own;
    a list has a weak tag of its bytes.
    """
    content: bytes = getattr(response, "content", b"")
    etag = response.headers.get("ETag") or f'W/"{digest(content)}"'
    if response.headers.pop(_SHOWN_OTHERWISE, None):
        etag = variant(etag, content)
    response.headers["ETag"] = etag
    answer = get_conditional_response(request._request, etag=etag, response=response)  # type: ignore[arg-type]
    if answer is None or answer is response:
        return answer
    if answer.status_code == 412:
        answer = problem_response(412, _("It is not in the state that you name."))
        answer.headers["ETag"] = etag
    for name, value in response.headers.items():
        if name.startswith("RateLimit-") or name in NOTICES:
            answer.headers[name] = value
    return answer


class CollectionView(ReadView):
    """A page of a collection."""

    parser_classes = [writing.JSONBody]

    def get_renderers(self) -> list[BaseRenderer]:
        """Return JSON first, then what the whole list can be taken as."""
        whole = BULK_RENDERERS if self.collection.bulk and self.request.method != "POST" else ()
        return [*super().get_renderers(), *(renderer() for renderer in whole)]

    def get(self, request: Request) -> HttpResponseBase:
        """Return the page that is asked for, the whole list as a file, or what changed in it."""
        query = request.query_params
        read = self.read_of(request, self.collection.list_parameters)
        if request.accepted_renderer.format in BULK_FORMATS:
            return bulk_response(self.collection, request, read)
        if CHANGED_SINCE in query:
            body, presentation = feed_answer(self.collection, request, read)
        else:
            presentation = Presentation.of(request, self.collection)
            page = Page.from_query(query, self.collection.page_size_max)
            body = self._body(presentation, read, page, query)
        return Response(body, headers={"Content-Language": presentation.content_language})

    def _body(
        self, presentation: Presentation, read: Read, page: Page, query: QueryDict
    ) -> Mapping[str, Any]:
        """Return the page, written at once where the collection can and whole items are wanted."""
        if presentation.is_whole:
            written = self.collection.page_written(query, read, page)
            if written is not None:
                return written.envelope(written.rows, page.size, read.links)
        found = self.collection.page(query, read, page)
        items = [self.collection.item(row, read) for row in found.rows]
        shown, beside = presentation.show(items, read)
        return {**found.envelope(shown, page.size, read.links), **beside}

    def post(self, request: Request) -> HttpResponse:
        """Make one resource."""
        return writing.create(self, request)


class BatchView(ReadView):
    """Many resources made at once, or none."""

    http_method_names = ["post"]
    parser_classes = [writing.JSONBody]

    def post(self, request: Request) -> HttpResponse:
        """Make all of them."""
        return writing.create_all(self, request)


class ResourceView(ReadView):
    """One resource."""

    parser_classes = [writing.JSONBody, writing.MergePatchBody]

    def get(self, request: Request, identifier: str) -> Response:
        """Return it, or 404 when it is not there or not for this user: the same answer."""
        query = request.query_params
        read = self.read_of(request, self.collection.item_parameters)
        presentation = Presentation.of(request, self.collection)
        row = self.collection.find(query, read, identity(identifier))
        if row is None:
            raise NotFound
        item = self.collection.item(row, read)
        headers = {"ETag": item_etag(item)}
        if not presentation.is_whole:
            headers[_SHOWN_OTHERWISE] = "1"
        (shown,), beside = presentation.show([item], read)
        headers["Content-Language"] = presentation.content_language
        return Response({**shown, **beside}, headers=headers)

    def patch(self, request: Request, identifier: str) -> HttpResponse:
        """Change it."""
        return writing.change(self, request, identifier)


class FileView(ReadView):
    """A file of one resource, in one format."""

    def get_renderers(self) -> list[BaseRenderer]:
        """Return what the file is: the Accept header has to allow it."""
        types = self._files().types
        return [renderer() for renderer in renderers_of(types, self.kwargs["file_format"])]

    def get(self, request: Request, identifier: str, file_format: str) -> HttpResponseBase:
        """Return it, 304 to whoever has it, or 404 when it is not there or not for this user."""
        read = self.read_of(request, FILE_PARAMETERS)
        row = self.collection.find(QueryDict(), read, identity(identifier))
        file = None if row is None else self._files().find(row, file_format, read)
        if file is None:
            raise NotFound
        head = file_head(file)
        known = _conditional(request, head)
        if known is not None and known is not head:
            return known
        if request.method == "HEAD":
            return head
        try:
            return file_answer(file)
        except FileNotFoundError as error:
            raise NotFound from error

    def _files(self) -> Files:
        files = self.collection.files
        assert files is not None  # noqa: S101 (others have no such address)
        return files


def identity(text: str) -> UUID:
    """Return the UUID in an address. Raises NotFound for anything else."""
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFound from error


class IndexView(ReadView):
    """The way in: every collection with its address. It holds no data, so anyone may read it."""

    permission_classes = [AllowAny]
    names: tuple[str, ...] = ()  # given to as_view()

    def get(self, request: Request) -> Response:
        """Return the list."""
        asked.refuse_unknown(request.query_params, frozenset())
        links = Links(request._request)
        return Response(
            {
                "self": links.here,
                "openapi": links.openapi,
                "collections": [{"name": n, "href": links.collection(n)} for n in self.names],
            }
        )


def addresses(collection: BaseCollection[Any]) -> list[URLPattern]:
    """Return the addresses of a collection, of one resource in it and its files, and of a batch."""
    name, writes = collection.name, collection.writes
    methods = [*READ_METHODS, *(["post"] if writes else [])]
    item_methods = [*READ_METHODS, *(["patch"] if writes and writes.update_type else [])]
    found = [
        path(
            name,
            CollectionView.as_view(collection=collection, http_method_names=methods),
            name=f"api-{name}",
        ),
        path(
            f"{name}/<str:identifier>",
            ResourceView.as_view(collection=collection, http_method_names=item_methods),
            name=f"api-{name}-item",
        ),
    ]
    if collection.files:
        file = FileView.as_view(collection=collection)
        address = f"{name}/<str:identifier>/files/<str:file_format>"
        found.append(path(address, file, name=f"api-{name}-file"))
    if writes and writes.batch_most:
        batch = BatchView.as_view(collection=collection)
        found.insert(1, path(f"{name}/batch", batch, name=f"api-{name}-batch"))
    return found
