"""The documentation of the API to read, at /doc/: made from the same OpenAPI document.

Why not a viewer with scripts: docs/adr/0012-documentation-is-a-page-like-the-others.md. The pages
hold no data, so anyone may read them. The technical text is English, whatever the page's language.
"""

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, Final

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ibzplan.core.api.base import BaseCollection
from ibzplan.core.api.guides import GUIDES, guide
from ibzplan.core.api.openapi import openapi_document
from ibzplan.core.api.reading_document import Described, Reader

OVERVIEW: Final = "api-docs"
COLLECTION: Final = "api-docs-collection"
GUIDE: Final = "api-docs-guide"


def documentation_addresses(collections: Iterable[BaseCollection[Any]]) -> list[URLPattern]:
    """Return the addresses below /doc/."""
    listed = tuple(collections)

    @cache
    def reader() -> Reader:
        return Reader(openapi_document(listed))

    @cache
    def described() -> dict[str, Described]:
        return {one.name: one for one in reader().collections()}

    return [
        path("", _overview(reader, described), name=OVERVIEW),
        path("collections/<str:name>/", _collection(described), name=COLLECTION),
        path("guides/<str:name>/", guide_page, name=GUIDE),
    ]


def _overview(
    reader: Callable[[], Reader], described: Callable[[], dict[str, Described]]
) -> Callable[[HttpRequest], HttpResponse]:
    @login_not_required
    @require_safe
    def overview(request: HttpRequest) -> HttpResponse:
        """Show how the API works, and every collection."""
        context = {
            "collections": described().values(),
            "problems": reader().problems(),
            "problem": reader().shape("Problem"),
        }
        return render(request, "core/api_docs.html", context)

    return overview


def _collection(
    described: Callable[[], dict[str, Described]],
) -> Callable[[HttpRequest, str], HttpResponse]:
    @login_not_required
    @require_safe
    def collection(request: HttpRequest, name: str) -> HttpResponse:
        """Show one collection: what can be asked, and what it answers."""
        found = described().get(name)
        if found is None:
            raise Http404
        trail = [{"label": _("REST API"), "url": reverse(OVERVIEW)}, {"label": name}]
        context = {"collection": found, "collections": described().values(), "breadcrumb": trail}
        return render(request, "core/api_docs_collection.html", context)

    return collection


@login_not_required
@require_safe
def guide_page(request: HttpRequest, name: str) -> HttpResponse:
    """Show a guide."""
    if name not in GUIDES:
        raise Http404
    found = guide(name)
    trail = [{"label": _("REST API"), "url": reverse(OVERVIEW)}, {"label": found.title}]
    return render(request, "core/api_docs_guide.html", {"guide": found, "breadcrumb": trail})
