"""Making an indicator below an objective, changing its definition, weighing and withdrawing it."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ibzplan.core.drafts.selectors import draft_panel
from ibzplan.core.errors import DomainError, EditConflict
from ibzplan.core.forms import add_domain_error
from ibzplan.core.services.drafts import draft_drop
from ibzplan.core.views import refused_as_403
from objectives.indicators.models import Indicator, IndicatorDefinition
from objectives.indicators.services import may_define, sheet_of, sheet_told
from objectives.indicators.services.definition_checks import FIRST_DAY
from objectives.planning.drafts import INDICATOR, NEW_INDICATOR
from objectives.planning.forms import DefineForm, IndicatorForm, WeighForm, WithdrawForm
from objectives.planning.forms.common import offer_again
from objectives.planning.models import ObjectiveIndicator, OperationalObjective
from objectives.planning.services import (
    indicator_add,
    indicator_redefine,
    indicator_weigh,
    indicator_withdraw,
)
from objectives.planning.views.drafting import key_of, typed_key
from objectives.planning.views.lookup import indicator_or_404, objective_or_404
from objectives.planning.views.objectives import breadcrumb_of, closed_to_edits
from personnel.access import signed_in


def _source(request: HttpRequest) -> Indicator | None:
    """Return the indicator whose definition `?from=` copies, or raise 404."""
    text = request.GET.get("from", "")
    if not text:
        return None
    try:
        uuid = UUID(text)
    except ValueError as error:
        raise Http404 from error
    return indicator_or_404(request, uuid)[0]


@require_http_methods(["GET", "HEAD", "POST"])
def indicator_new(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Add an indicator with baseline and target; `?from=` starts from another's definition."""
    found = objective_or_404(request, uuid)
    objective = found.objective
    if closed := closed_to_edits(request, found):
        return closed
    source = _source(request)
    before = sheet_told(source) if source else None
    initial = IndicatorForm.values_of(before) if before else {}
    for name in ("baseline", "baseline_date", "is_confidential"):
        initial.pop(name, None)  # the other unit's own starting point
    initial["key"] = key_of(request, Indicator)
    form = IndicatorForm(request.POST or None, plan=objective.plan, before=before, initial=initial)
    key = typed_key(form["key"].value(), uuid4())
    user = signed_in(request.user)
    if request.method == "POST" and form.is_valid():
        try:
            indicator = _add(request, objective, form, source)
        except DomainError as error:
            form.add_refusal(error)
        else:
            messages.success(request, _("Indicator %(code)s is saved.") % {"code": indicator.code})
            draft_drop(actor=user, form=NEW_INDICATOR, target=key)
            return redirect("planning:indicator", uuid=indicator.uuid)
    return render(
        request,
        "planning/indicator_form.html",
        {
            "form": form,
            "objective": objective,
            "source": source,
            "draft": draft_panel(user, NEW_INDICATOR, key, form, place=str(objective.uuid)),
            "demo_mark": objective.is_demo,
            "breadcrumb": breadcrumb_of(objective, last=_("New indicator")),
        },
    )


def _add(
    request: HttpRequest,
    objective: OperationalObjective,
    form: IndicatorForm,
    source: Indicator | None,
) -> Indicator:
    return indicator_add(
        actor=signed_in(request.user),
        objective=objective,
        sheet=form.sheet(),
        target=form.cleaned_data["target"],
        target_level=form.level_to_reach(),
        target_due_on=form.cleaned_data["target_due_on"],
        interim=form.interim(),
        weight=form.cleaned_data["weight"],
        is_key=form.cleaned_data["is_key"],
        derived_from=source,
        uuid=form.cleaned_data["key"],
    )


@require_http_methods(["GET", "HEAD", "POST"])
def indicator_definition(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Change a definition; when someone saved meanwhile, show both versions side by side."""
    indicator, _access = indicator_or_404(request, uuid)
    if not may_define(signed_in(request.user), indicator):
        raise PermissionDenied
    newest = _newest(indicator)
    form = DefineForm(
        request.POST or None,
        before=sheet_of(indicator, newest),
        initial=DefineForm.initial_of(indicator, newest),
        break_on=newest.valid_from if newest.is_series_break else None,
    )
    conflict: list[dict[str, Any]] = []
    if request.method == "POST" and form.is_valid():
        try:
            with refused_as_403():
                _define(request, indicator, form)
        except EditConflict as error:
            stored = DefineForm.initial_of(indicator, _newest(indicator))
            conflict = form.differences(stored)
            form.add_error(None, error.message)
            offer_again(form, version=str(stored["version"]))
        except DomainError as error:
            form.add_refusal(error)
        else:
            messages.success(request, _("Saved."))
            draft_drop(actor=signed_in(request.user), form=INDICATOR, target=uuid)
            return redirect("planning:indicator", uuid=uuid)
    links = indicator.objective_links.current().select_related("objective")
    link = links.order_by("-objective__plan__year", "pk").first()
    return render(
        request,
        "planning/indicator_form.html",
        {
            "form": form,
            "indicator": indicator,
            "conflict": conflict,
            "draft": draft_panel(signed_in(request.user), INDICATOR, uuid, form),
            "objective": link.objective if link else None,
            "has_figures": indicator.measurements.exists(),
            "demo_mark": indicator.is_demo,
        },
    )


def _newest(indicator: Indicator) -> IndicatorDefinition:
    newest: IndicatorDefinition = indicator.definitions.order_by("-recorded_at", "-pk")[0]
    return newest


def _define(request: HttpRequest, indicator: Indicator, form: DefineForm) -> None:
    indicator_redefine(
        actor=signed_in(request.user),
        indicator=indicator,
        sheet=form.sheet(),
        reason=form.cleaned_data["reason"],
        valid_from=form.cleaned_data["valid_from"] or FIRST_DAY,
        is_series_break=form.breaks_series(),
        expected_version=form.cleaned_data["version"] or 0,
    )


def used_or_404(
    request: HttpRequest, objective: OperationalObjective, indicator_uuid: UUID
) -> ObjectiveIndicator:
    """Return the link by which an objective uses an indicator, or raise 404."""
    indicator, _access = indicator_or_404(request, indicator_uuid)
    link: ObjectiveIndicator = get_object_or_404(
        objective.indicator_links.current().select_related("indicator"), indicator=indicator
    )
    return link


@require_http_methods(["GET", "HEAD", "POST"])
def indicator_weight(request: HttpRequest, uuid: UUID, indicator_uuid: UUID) -> HttpResponse:
    """Change what an indicator weighs in a draft objective."""
    found = objective_or_404(request, uuid)
    objective = found.objective
    link = used_or_404(request, objective, indicator_uuid)
    if closed := closed_to_edits(request, found):
        return closed
    form = WeighForm(request.POST or None, initial={"weight": link.weight, "is_key": link.is_key})
    if request.method == "POST" and form.is_valid():
        try:
            indicator_weigh(
                actor=signed_in(request.user),
                objective=objective,
                indicator=link.indicator,
                **form.cleaned_data,
            )
        except DomainError as error:
            add_domain_error(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("planning:objective", uuid=uuid)
    heading = _("Weight of the indicator")
    return _small_page(request, objective, link, form, heading=heading, button=_("Save"))


@require_http_methods(["GET", "HEAD", "POST"])
def indicator_withdrawal(request: HttpRequest, uuid: UUID, indicator_uuid: UUID) -> HttpResponse:
    """Ask why, then take an indicator out of a draft objective."""
    found = objective_or_404(request, uuid)
    objective = found.objective
    link = used_or_404(request, objective, indicator_uuid)
    if closed := closed_to_edits(request, found):
        return closed
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            indicator_withdraw(
                actor=signed_in(request.user),
                objective=objective,
                indicator=link.indicator,
                reason=form.cleaned_data["reason"],
            )
        except DomainError as error:
            add_domain_error(form, error)
        else:
            messages.success(
                request, _("Indicator %(code)s is withdrawn.") % {"code": link.indicator.code}
            )
            return redirect("planning:objective", uuid=uuid)
    return _small_page(
        request,
        objective,
        link,
        form,
        heading=_("Withdraw the indicator"),
        button=_("Withdraw"),
        explanation=_(
            "Its figures, targets and definition stay on record, and in the library. What is not "
            "measured yet for this plan year is no longer asked for."
        ),
    )


def _small_page(
    request: HttpRequest,
    objective: OperationalObjective,
    link: ObjectiveIndicator,
    form: WeighForm | WithdrawForm,
    *,
    heading: str,
    button: str,
    explanation: str = "",
) -> HttpResponse:
    return render(
        request,
        "planning/indicator_reuse_form.html",
        {
            "form": form,
            "objective": objective,
            "indicator": link.indicator,
            "heading": heading,
            "button": button,
            "explanation": explanation,
            "demo_mark": objective.is_demo,
            "breadcrumb": breadcrumb_of(objective, last=heading),
        },
    )
