"""Resources and capacity: chapter 3 as printed, and its figures as they went on."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ibzplan.core.asked import clocks_asked
from ibzplan.core.clocks import Clocks
from ibzplan.core.errors import DomainError, EditConflict
from ibzplan.core.forms import add_domain_error, typed_beside
from objectives.security.forms import FactForm, TargetForm, ValueForm
from objectives.security.models import ResourceTarget, ResourceValue
from objectives.security.selectors.resources import (
    TrackedFigure,
    tracked_figure,
    tracked_figures,
)
from objectives.security.services import (
    may_follow_resources,
    resource_target_record,
    resource_value_record,
)
from objectives.security.views.plan import plan_context, plan_or_404
from objectives.strategy.choices import ElementKind
from objectives.strategy.selectors import elements_by_kind
from personnel.access import access_of, signed_in


@require_safe
def resources(request: HttpRequest) -> HttpResponse:
    """Show the resources and capacity of chapter 3, its figures beside what came later."""
    kinds = (
        ElementKind.REFORM,
        ElementKind.CAPACITY_PILLAR,
        ElementKind.REINFORCEMENT,
        ElementKind.CONDITION,
        ElementKind.PLAN_REFERENCE,
    )
    plan, clocks = plan_or_404(), clocks_asked(request)
    context = plan_context(
        "security:resources",
        _("Resources and capacity"),
        elements=elements_by_kind(plan, *kinds),
        figures=tracked_figures(plan, clocks),
        clocks=clocks,
    )
    return render(request, "security/resources.html", context)


@require_safe
def resource_figure(request: HttpRequest, code: str) -> HttpResponse:
    """Show one figure over time, with its target and everything that was recorded."""
    clocks = clocks_asked(request)
    figure = _figure_or_404(code, clocks)
    may_follow = may_follow_resources(access_of(request.user)) and not clocks.pinned_known
    return _page(
        request,
        "security/resource_figure.html",
        figure,
        clocks=clocks,
        may_follow=may_follow,
        demo_mark=any(row.is_demo for row in (*figure.rows, *figure.targets)),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def resource_value(request: HttpRequest, code: str) -> HttpResponse:
    """Record what a figure is on a day; both values side by side when another stands there."""
    figure = _figure_to_follow(request, code)
    form = ValueForm(request.POST or None, figure=figure, initial=_asked_value(request, figure))
    conflict: list[dict[str, Any]] = []
    if request.method == "POST" and form.is_valid():
        try:
            resource_value_record(
                actor=signed_in(request.user),
                figure=figure.element,
                sheet=form.sheet(),
                expected=form.expected(),
            )
        except EditConflict as error:
            form.add_error(None, error.message)
            on = form.cleaned_data["on"]
            standing = ResourceValue.objects.filter(figure=figure.element, on=on)
            stored = FactForm.initial_of(standing.order_by("recorded_at").last())
            conflict = typed_beside(form, stored)
        except DomainError as error:
            add_domain_error(form, error)
        else:
            return _saved(request, code)
    heading = _("Record a value")
    return _page(
        request, "security/resource_form.html", figure, heading, form=form, conflict=conflict
    )


@require_http_methods(["GET", "HEAD", "POST"])
def resource_target(request: HttpRequest, code: str) -> HttpResponse:
    """Record what a figure is to become; both side by side when another was entered meanwhile."""
    figure = _figure_to_follow(request, code)
    standing = figure.targets[0] if figure.targets else None
    form = TargetForm(request.POST or None, figure=figure, initial=TargetForm.initial_of(standing))
    conflict: list[dict[str, Any]] = []
    if request.method == "POST" and form.is_valid():
        try:
            resource_target_record(
                actor=signed_in(request.user),
                figure=figure.element,
                sheet=form.sheet(),
                expected=form.expected(),
            )
        except EditConflict as error:
            form.add_error(None, error.message)
            entered = ResourceTarget.objects.filter(figure=figure.element)
            stored = TargetForm.initial_of(entered.order_by("recorded_at").last())
            conflict = typed_beside(form, stored)
        except DomainError as error:
            add_domain_error(form, error)
        else:
            return _saved(request, code)
    heading = _("Record a target")
    return _page(
        request, "security/resource_form.html", figure, heading, form=form, conflict=conflict
    )


def _asked_value(request: HttpRequest, figure: TrackedFigure) -> dict[str, Any]:
    """Return what the form shows: the value of the day that the address names, if one stands."""
    asked = request.GET.get("on", "")
    row = next((row for row in figure.values if row.on.isoformat() == asked), None)
    return {**FactForm.initial_of(row), "on": row.on if row else None}


def _saved(request: HttpRequest, code: str) -> HttpResponse:
    messages.success(request, _("Saved. The figure of the plan stays as printed."))
    return redirect("security:resource_figure", code=code)


def _figure_or_404(code: str, clocks: Clocks) -> TrackedFigure:
    figure = tracked_figure(plan_or_404(), code, clocks)
    if figure is None:
        raise Http404
    return figure


def _figure_to_follow(request: HttpRequest, code: str) -> TrackedFigure:
    if not may_follow_resources(access_of(request.user)):
        raise PermissionDenied
    return _figure_or_404(code, Clocks.now())


def _page(
    request: HttpRequest, template: str, figure: TrackedFigure, heading: str = "", **content: Any
) -> HttpResponse:
    back = reverse("security:resource_figure", args=[figure.element.code])
    trail = [{"label": _("Resources and capacity"), "url": reverse("security:resources")}]
    if heading:
        trail.append({"label": str(figure.element.title), "url": back})
    title = heading or figure.element.title
    context = plan_context("", title, trail, figure=figure, back=back, **content)
    form = content.get("form")
    return render(request, template, context, status=422 if form and form.errors else 200)
