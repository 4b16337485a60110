"""Pages of the consolidated versions of a plan: all of them, one to read, two beside each other."""

from dataclasses import dataclass
from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ibzplan.core.clocks import Clocks
from objectives.planning.models import OperationalPlan, PlanVersion
from objectives.planning.selectors.comparison import (
    compare,
    content_now,
    names_of,
    plan_text,
    reads_versions,
    version_content,
)
from objectives.planning.selectors.versions import version_check, versions_known
from objectives.planning.views.lookup import clocks_of, year_or_404
from personnel.access import Access, access_of

NOW: Final = "nu"


@dataclass(frozen=True, slots=True)
class _Side:
    """One side of a comparison: a frozen version, or the plan as it is now (`version` None)."""

    token: str
    version: PlanVersion | None
    content: dict[str, Any]


def plan_or_404(request: HttpRequest, year: int) -> tuple[OperationalPlan, Access]:
    """Return the plan of a year for whoever reads consolidated plans, else 404 or 403."""
    access = access_of(request.user)
    if not reads_versions(access):
        raise PermissionDenied
    return year_or_404(year), access


def plan_breadcrumb(plan: OperationalPlan, *items: dict[str, str]) -> list[dict[str, str]]:
    """Return the way from the dashboard to a page below the versions of a plan."""
    versions = {
        "label": _("Versions of the plan of %(year)s") % {"year": plan.year},
        "url": reverse("planning:plan_versions", args=[plan.year]) if items else "",
    }
    return [{"label": _("Dashboard"), "url": reverse("reporting:dashboard")}, versions, *items]


@require_safe
def version_list(request: HttpRequest, year: int) -> HttpResponse:
    """List the versions of a plan, and let the reader choose two."""
    plan, _access = plan_or_404(request, year)
    clocks = clocks_of(request)
    versions = list(versions_known(plan, clocks.known_at))
    return render(
        request,
        "planning/version_list.html",
        {
            "plan": plan,
            "versions": versions,
            "clocks": clocks,
            "demo_mark": plan.is_demo,
            "breadcrumb": plan_breadcrumb(plan),
        },
    )


@require_safe
def version_detail(request: HttpRequest, year: int, number: int) -> HttpResponse:
    """Show a frozen version as it was frozen, to read and to print."""
    plan, access = plan_or_404(request, year)
    version = _version_or_404(plan, number)
    content = version_content(version, access)
    return render(
        request,
        "planning/version_detail.html",
        {
            "plan": plan,
            "version": version,
            "check": version_check(version),
            "objectives": plan_text(content, names_of(plan)),
            "demo_mark": version.is_demo,
            "breadcrumb": plan_breadcrumb(
                plan, {"label": _("Version %(number)s") % {"number": number}, "url": ""}
            ),
        },
    )


@require_safe
def version_comparison(request: HttpRequest, year: int) -> HttpResponse:
    """Show what differs between two versions, or between one and the plan of now."""
    plan, access = plan_or_404(request, year)
    versions = list(versions_known(plan, Clocks.now().known_at))
    newest = versions[0].number if versions else 1
    old = _side(plan, request.GET.get("van", str(max(newest - 1, 1))), access)
    new = _side(plan, request.GET.get("tot", str(newest)), access)
    return render(
        request,
        "planning/version_comparison.html",
        {
            "plan": plan,
            "versions": versions,
            "old": old,
            "new": new,
            "now_token": NOW,
            "found": compare(old.content, new.content, names_of(plan)),
            "demo_mark": plan.is_demo,
            "breadcrumb": plan_breadcrumb(plan, {"label": _("Compare"), "url": ""}),
        },
    )


def _side(plan: OperationalPlan, token: str, access: Access) -> _Side:
    """Return what a side of the address names; what names no version is a 404."""
    if token == NOW:
        return _Side(NOW, None, content_now(plan, access))
    if not (token.isascii() and token.isdecimal() and len(token) <= 4):
        raise Http404(_("There is no version “%(value)s”.") % {"value": token})
    version = _version_or_404(plan, int(token))
    return _Side(token, version, version_content(version, access))


def _version_or_404(plan: OperationalPlan, number: int) -> PlanVersion:
    return get_object_or_404(
        PlanVersion.objects.select_related("plan", "plan__plan", "amendment", "recorded_by"),
        plan=plan,
        number=number,
    )
