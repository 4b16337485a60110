"""The search page."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ibzplan.core.search.registry import (
    HITS_PER_GROUP,
    LONGEST_CHARACTERS,
    SHORTEST_CHARACTERS,
    SearchQuery,
    find_group,
    find_groups,
)


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Show what was found for `q`, by kind; with `group` all of one kind, page by page."""
    query = SearchQuery.read(request.GET.get("q", ""), request.user)
    key = request.GET.get("group", "")
    if key:
        group = find_group(query, key, request.GET.get("page", "1"))
        if group is None:
            raise Http404
        groups = [group]
    else:
        groups = find_groups(query)
    breadcrumb = [{"label": _("Search"), "url": reverse("search")}]
    if key:
        breadcrumb.append({"label": groups[0].label, "url": ""})
    context = {
        "query": query,
        "groups": groups,
        "is_one_group": bool(key),
        "total": sum(group.total for group in groups),
        "shortest": SHORTEST_CHARACTERS,
        "longest": LONGEST_CHARACTERS,
        "most": HITS_PER_GROUP,
        "breadcrumb": breadcrumb if key else [],
    }
    return render(request, "core/search.html", context)
