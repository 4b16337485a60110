"""Pages of the National Security Plan. Everyone who is signed in may read them."""

from collections.abc import Sequence
from functools import partial
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from ibzplan.core.search import SearchQuery, all_words
from objectives.security import selectors
from objectives.security.choices import ObjectiveLevel
from objectives.security.models import EnablingCondition
from objectives.security.sections import SECURITY
from objectives.strategy.choices import ElementKind, PlanKind
from objectives.strategy.models import Plan, PlanElement
from objectives.strategy.sections import plan_page_context
from objectives.strategy.selectors import current_plan, elements_by_kind

plan_context: Final = partial(plan_page_context, SECURITY, gettext_lazy("National Security Plan"))


def plan_or_404() -> Plan:
    """Return the plan, or raise 404."""
    plan = current_plan(PlanKind.SECURITY)
    if plan is None:
        raise Http404
    return plan


def _level_phrases(totals: Sequence[int]) -> list[str]:
    """Return '58 federal', '17 local' and '8 integrated', leaving out a level without any."""
    words = {
        ObjectiveLevel.FEDERAL: _("%(count)s federal"),
        ObjectiveLevel.LOCAL: _("%(count)s local"),
        ObjectiveLevel.INTEGRATED: _("%(count)s integrated"),
    }
    pairs = zip(ObjectiveLevel, totals, strict=True)
    return [words[level] % {"count": total} for level, total in pairs if total]


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Show the matrix; before the plans are loaded, say so."""
    plan = current_plan(PlanKind.SECURITY)
    if plan is None:
        context = plan_context("security:overview", _("National Security Plan"))
        return render(request, "strategy/not_loaded.html", context)
    page = selectors.matrix_page(plan)
    context = plan_context(
        "security:overview", plan.title, page=page, phrases=_level_phrases(page.totals)
    )
    return render(request, "security/overview.html", context)


@require_safe
def theme(request: HttpRequest, code: str) -> HttpResponse:
    """Show a theme: objectives by level, points of attention, missions, frameworks, KIV."""
    page = selectors.theme_page(plan_or_404(), code)
    if page is None:
        raise Http404
    parent = page.theme.parent
    trail = []
    if parent is not None:
        address = reverse("security:theme", args=[parent.code])
        trail.append({"label": f"{parent.code} {parent.title}", "url": address})
    totals = [
        sum(len(group.objectives) for group in page.groups if group.level == level)
        for level in ObjectiveLevel
    ]
    context = plan_context("", page.theme.title, trail, page=page, phrases=_level_phrases(totals))
    return render(request, "security/theme_detail.html", context)


@require_safe
def frameworks(request: HttpRequest) -> HttpResponse:
    """Show every framework once, with its mentions."""
    page = selectors.frameworks_page(plan_or_404())
    phrases = [
        ngettext("%(count)s framework", "%(count)s frameworks", len(page.rows))
        % {"count": len(page.rows)},
        ngettext("%(count)s mention", "%(count)s mentions", page.mention_count)
        % {"count": page.mention_count},
    ]
    context = plan_context(
        "security:frameworks", _("Policy frameworks"), page=page, phrases=phrases
    )
    return render(request, "security/frameworks.html", context)


@require_safe
def conditions(request: HttpRequest) -> HttpResponse:
    """Show the enabling conditions with their points."""
    rows = EnablingCondition.objects.filter(plan=plan_or_404()).prefetch_related("points")
    context = plan_context("security:conditions", _("Enabling conditions"), conditions=list(rows))
    return render(request, "security/conditions.html", context)


@require_safe
def follow_up(request: HttpRequest) -> HttpResponse:
    """Show who follows the plan up and who evaluates it (chapter 4), with its milestones."""
    kinds = (ElementKind.FOLLOW_UP, ElementKind.EVALUATION, ElementKind.PLAN_MILESTONE)
    context = plan_context(
        "security:follow_up",
        _("Follow-up and evaluation"),
        elements=elements_by_kind(plan_or_404(), *kinds),
    )
    return render(request, "security/follow_up.html", context)


@require_safe
def regular(request: HttpRequest) -> HttpResponse:
    """Show the themes that stay with regular police work, and the emphases of the method."""
    kinds = (ElementKind.REGULAR_THEME, ElementKind.EMPHASIS)
    elements = elements_by_kind(plan_or_404(), *kinds)
    is_open_ended = any(e.attributes.get("open_ended") for e in elements[ElementKind.REGULAR_THEME])
    context = plan_context(
        "security:regular",
        _("Regular police work"),
        elements=elements,
        is_open_ended=is_open_ended,
    )
    return render(request, "security/regular.html", context)


@require_safe
def abbreviations(request: HttpRequest) -> HttpResponse:
    """Show the abbreviations, all of them or those that hold every word of `q`."""
    rows = PlanElement.objects.filter(plan=plan_or_404(), kind=ElementKind.ABBREVIATION)
    query = SearchQuery.read(request.GET.get("q", ""), request.user)
    found = rows if query.is_too_long else all_words(rows, query.words)
    context = plan_context(
        "security:abbreviations",
        _("Abbreviations"),
        query=query,
        abbreviations=sorted(found, key=lambda row: (row.code.casefold(), row.pk)),
    )
    return render(request, "security/abbreviations.html", context)
