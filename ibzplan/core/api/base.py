"""What a collection declares, and the two views that serve it.

An app lists its collections in its `api.py`; `ibzplan.api_urls` makes the addresses. A
collection holds no rules: what a user may see comes from the querysets. Rows of a table make a
`Collection`; what is computed makes a `BaseCollection` that pages before it computes.
"""

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final, Generic, TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet
from django.http import HttpResponseBase, QueryDict
from django.urls import URLPattern, path
from django.utils.cache import get_conditional_response, patch_vary_headers
from rest_framework.exceptions import NotFound
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from ibzplan.core.api import query as asked
from ibzplan.core.api.links import Links
from ibzplan.core.api.ordering import SortColumns, ordered
from ibzplan.core.api.pagination import Page
from ibzplan.core.clocks import Clocks
from ibzplan.core.filtersets import FilterSet, search

Shown = TypeVar("Shown")
Row = TypeVar("Row", bound=Model)

CLOCK_PARAMETERS: Final = frozenset({"asOf", "referenceDate"})
ITEM_PARAMETERS: Final = CLOCK_PARAMETERS | {"select"}
LIST_PARAMETERS: Final = ITEM_PARAMETERS | {"page", "pageSize", "sort"}


@dataclass(frozen=True, slots=True)
class Read:
    """One request to read: who asks, by which clocks, and how addresses are written."""

    user: Any
    clocks: Clocks
    links: Links
    include_history: bool = False


class BaseCollection(ABC, Generic[Shown]):
    """A read-only collection of anything: what the views and the OpenAPI document ask of it."""

    name: ClassVar[str]
    item_type: ClassVar[type[Mapping[str, Any]]]
    filterset: ClassVar[type[FilterSet]] = FilterSet
    sortable: ClassVar[SortColumns] = {}
    default_order: ClassVar[tuple[str, ...]] = ()
    # The relation that holds `search_key` and `code`, '' for the row itself; None: no `q`.
    search_prefix: ClassVar[str | None] = None
    has_history: ClassVar[bool] = False
    # Filters of the list that one resource takes too.
    item_filters: ClassVar[frozenset[str]] = frozenset()

    @abstractmethod
    def page(self, query: QueryDict, read: Read, rows: slice) -> tuple[Sequence[Shown], int]:
        """Return the rows of the list within the slice, and how many the whole list has."""

    @abstractmethod
    def find(self, query: QueryDict, read: Read, uuid: UUID) -> Shown | None:
        """Return one row, or None when it is not there or not for this user."""

    @abstractmethod
    def item(self, row: Shown, read: Read) -> Mapping[str, Any]:
        """Return the row as the API shows it: an `item_type`, without any database key."""

    @property
    def members(self) -> frozenset[str]:
        """Return the names of an item's members."""
        return frozenset(self.item_type.__annotations__)

    @property
    def list_parameters(self) -> frozenset[str]:
        """Return every query parameter that the list knows."""
        own = {"q"} if self.search_prefix is not None else set()
        if self.has_history:
            own.add("includeHistory")
        return LIST_PARAMETERS.union(own, self.filterset.base_filters)

    @property
    def item_parameters(self) -> frozenset[str]:
        """Return every query parameter that one resource knows."""
        return ITEM_PARAMETERS | self.item_filters

    def sort_keys(self, query: QueryDict) -> list[asked.SortKey]:
        """Return what to sort by: what `sort` says, else the default. Raises InvalidInput."""
        return asked.sort_keys(query, frozenset(self.sortable)) or [
            asked.SortKey(name.removeprefix("-"), name.startswith("-"))
            for name in self.default_order
        ]

    def urls(self) -> list[URLPattern]:
        """Return the addresses of the collection and of one resource in it."""
        return [
            path(self.name, CollectionView.as_view(collection=self), name=f"api-{self.name}"),
            path(
                f"{self.name}/<str:identifier>",
                ResourceView.as_view(collection=self),
                name=f"api-{self.name}-item",
            ),
        ]


class Collection(BaseCollection[Row]):
    """A collection of the rows of one model."""

    # In `sortable`, NULLs come last; the primary key always ends the order.
    search_prefix: ClassVar[str | None] = ""

    @abstractmethod
    def visible(self, read: Read) -> QuerySet[Row]:
        """Return every row that the user may see, as known at `asOf`, with what items need."""

    def listed(self, rows: QuerySet[Row], read: Read) -> QuerySet[Row]:
        """Narrow the visible rows to those a list shows by both clocks; by default all."""
        return rows

    def page(self, query: QueryDict, read: Read, rows: slice) -> tuple[Sequence[Row], int]:
        """Return the rows within the slice, and the total: two queries and the prefetches."""
        found = self.rows(query, read)
        return list(found[rows]), found.count()

    def find(self, query: QueryDict, read: Read, uuid: UUID) -> Row | None:
        """Return the visible row with that identity."""
        return self.visible(read).filter(uuid=uuid).first()

    def rows(self, query: QueryDict, read: Read) -> QuerySet[Row]:
        """Return the rows of the list: seen, filtered, searched, in a total order."""
        filters = self.filterset(data=query, queryset=self.visible(read))
        asked.refuse_invalid(filters)
        rows = self.listed(filters.qs, read)
        if self.search_prefix is not None:
            rows = search(rows, asked.search_text(query), prefix=self.search_prefix)
        order = [
            ordered(self.sortable[key.name], descending=key.descending)
            for key in self.sort_keys(query)
        ]
        return rows.order_by(*order, "pk")


class _NoFormatParameter:
    """Settings of the negotiation: `?format=` is no parameter of ours."""

    URL_FORMAT_OVERRIDE = None


class Negotiation(DefaultContentNegotiation):
    """The Accept header alone decides."""

    settings = _NoFormatParameter()  # type: ignore[assignment]


class ReadView(APIView):
    """What list and resource share: clocks, selection of members, ETag and 304."""

    collection: BaseCollection[Any] = None  # type: ignore[assignment]  # given to as_view()
    content_negotiation_class = Negotiation
    metadata_class = None
    http_method_names = ["get", "head"]

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

    def item_of(self, row: Any, read: Read, members: frozenset[str] | None) -> Mapping[str, Any]:
        """Return an item with the wanted members; its address always stays."""
        item = self.collection.item(row, read)
        if members is None:
            return item
        return {key: value for key, value in item.items() if key in members or key == "href"}

    def finalize_response(
        self, request: Request, response: Response, *args: Any, **kwargs: Any
    ) -> Response:
        """Add an ETag to what was read, and answer 304 to whoever has it already."""
        response = super().finalize_response(request, response, *args, **kwargs)
        # What is read depends on who reads: no shared cache may keep it.
        patch_vary_headers(response, ("Accept", "Authorization", "Cookie"))
        response.headers.setdefault("Cache-Control", "private, no-cache")
        if response.status_code == 200:
            response.add_post_render_callback(lambda rendered: _conditional(request, rendered))
        return response


def _conditional(request: Request, response: HttpResponseBase) -> HttpResponseBase | None:
    """Return 304 when the caller already has these bytes; weak, for gzip may change them."""
    digest = hashlib.sha256(getattr(response, "content", b"")).hexdigest()[:32]
    etag = f'W/"{digest}"'
    response.headers["ETag"] = etag
    return get_conditional_response(request._request, etag=etag, response=response)  # type: ignore[arg-type]


class CollectionView(ReadView):
    """A page of a collection."""

    def get(self, request: Request) -> Response:
        """Return the page that is asked for."""
        query = request.query_params
        read = self.read_of(request, self.collection.list_parameters)
        members = asked.selected(query, self.collection.members)
        page = Page.from_query(query)
        rows, total = self.collection.page(query, read, page.rows)
        items = [self.item_of(row, read, members) for row in rows]
        return Response(page.envelope(items, total, read.links))


class ResourceView(ReadView):
    """One resource."""

    def get(self, request: Request, identifier: str) -> Response:
        """Return it, or 404 when it is not there or not for this user: the same answer."""
        query = request.query_params
        read = self.read_of(request, self.collection.item_parameters)
        members = asked.selected(query, self.collection.members)
        try:
            uuid = UUID(identifier)
        except ValueError as error:
            raise NotFound from error
        row = self.collection.find(query, read, uuid)
        if row is None:
            raise NotFound
        return Response(self.item_of(row, read, members))


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
