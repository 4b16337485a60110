"""The register of management functions, and what a holder of one is evaluated on."""

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from ibzplan.core.clocks import year_in
from ibzplan.core.errors import DomainError, EditConflict
from ibzplan.core.forms import add_domain_error, typed_beside
from objectives.indicators.templatetags.status import counts_sentence
from objectives.planning.forms.mandates import FunctionForm, HolderForm
from objectives.planning.selectors.mandates import (
    Mandate,
    function_known,
    function_rows,
    holders_of_year,
    mandate,
    reads_mandate,
)
from objectives.planning.selectors.plan_years import plan_of_year, years_latest_first
from objectives.planning.selectors.statuses import running_year
from objectives.planning.views.lookup import clocks_of
from personnel.access import access_of, signed_in
from personnel.models import FunctionHolder, ManagementFunction
from personnel.selectors import holders_known
from personnel.services import (
    function_create,
    function_update,
    holder_set,
    may_keep_functions,
)


def _trail(*items: tuple[str, str]) -> list[dict[str, str]]:
    home = (_("Management functions"), reverse("planning:mandates"))
    return [{"label": label, "url": url} for label, url in (home, *items)]


@require_safe
def mandate_list(request: HttpRequest) -> HttpResponse:
    """List the functions by unit; the corporate cell adds and changes them from here."""
    access, clocks = access_of(request.user), clocks_of(request)
    if not access.roles and not access.is_superuser:
        raise PermissionDenied
    plan = plan_of_year(running_year(clocks))
    rows = function_rows(clocks, access, signed_in(request.user), plan)
    return render(
        request,
        "planning/mandate_list.html",
        {
            "rows": rows,
            "held_count": sum(row.holder is not None for row in rows),
            "plan": plan,
            "clocks": clocks,
            "may_keep": may_keep_functions(access) and not clocks.pinned_known,
            "demo_mark": any(row.function.is_demo for row in rows),
        },
    )


@require_safe
def mandate_detail(request: HttpRequest, code: str) -> HttpResponse:
    """Show what a function answers for in a year and what came of it, for whoever may read it."""
    access, clocks, user = access_of(request.user), clocks_of(request), signed_in(request.user)
    function = function_known(code, clocks)
    year = year_in(request.GET.get("year", "")) or running_year(clocks)
    if function is None:
        raise Http404
    holders = holders_of_year(function, year, clocks) if year is not None else ()
    if not reads_mandate(access, user, function, holders):
        raise PermissionDenied
    plan = plan_of_year(year)
    if plan is None:
        return render(request, "planning/plan_absent.html", {"heading": function.title})
    shown = mandate(function, plan, holders, clocks=clocks, access=access)
    return render(
        request,
        "planning/mandate_detail.html",
        {
            "function": function,
            "mandate": shown,
            "summary": counts_sentence(shown.counts),
            "evaluated": _evaluated(shown),
            "all_holders": holders_known([function], clocks)[function.pk],
            "plan": plan,
            "years": years_latest_first(),
            "clocks": clocks,
            "may_keep": may_keep_functions(access) and not clocks.pinned_known,
            "demo_mark": function.is_demo,
            "breadcrumb": _trail((str(function.title), "")),
        },
    )


def _evaluated(shown: Mandate) -> str:
    total = len(shown.objectives)
    return ngettext(
        "The final evaluation of %(done)s of %(total)s objective is handed in.",
        "The final evaluation of %(done)s of %(total)s objectives is handed in.",
        total,
    ) % {"done": shown.evaluated_count, "total": total}


def _must_keep(request: HttpRequest) -> None:
    if not may_keep_functions(access_of(request.user)):
        raise PermissionDenied


@require_http_methods(["GET", "HEAD", "POST"])
def function_new(request: HttpRequest) -> HttpResponse:
    """Add a function to the register."""
    _must_keep(request)
    form = FunctionForm(request.POST or None, initial={"key": uuid4()})
    if request.method == "POST" and form.is_valid():
        try:
            function = function_create(
                actor=signed_in(request.user),
                code=form.cleaned_data["code"],
                sheet=form.sheet(),
                uuid=form.cleaned_data["key"],
            )
        except DomainError as error:
            add_domain_error(form, error)
        else:
            messages.success(
                request,
                _("Function %(code)s is saved. Say who holds it.") % {"code": function.code},
            )
            return redirect("planning:holder_new", code=function.code)
    return _form_page(request, form, heading=_("New management function"))


@require_http_methods(["GET", "HEAD", "POST"])
def function_edit(request: HttpRequest, code: str) -> HttpResponse:
    """Change a function; when someone saved meanwhile, show both versions side by side."""
    _must_keep(request)
    function = get_object_or_404(ManagementFunction.objects.select_related("unit"), code=code)
    form = FunctionForm(
        request.POST or None, function=function, initial=FunctionForm.initial_of(function)
    )
    conflict: list[dict[str, Any]] = []
    if request.method == "POST" and form.is_valid():
        try:
            function_update(
                actor=signed_in(request.user),
                function=function,
                sheet=form.sheet(),
                expected_version=form.cleaned_data["version"] or 0,
            )
        except EditConflict as error:
            function.refresh_from_db()
            form.add_error(None, error.message)
            conflict = typed_beside(form, FunctionForm.initial_of(function))
        except DomainError as error:
            add_domain_error(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("planning:mandate", code=code)
    return _form_page(request, form, heading=str(function.title), of=function, conflict=conflict)


@require_http_methods(["GET", "HEAD", "POST"])
def holder_new(request: HttpRequest, code: str) -> HttpResponse:
    """Say who holds a function from a day on."""
    _must_keep(request)
    function = get_object_or_404(ManagementFunction, code=code)
    form = HolderForm(request.POST or None, initial={"key": uuid4()})
    if request.method == "POST" and form.is_valid():
        try:
            holder_set(
                actor=signed_in(request.user),
                function=function,
                sheet=form.sheet(),
                uuid=form.cleaned_data["key"],
            )
        except DomainError as error:
            add_domain_error(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("planning:mandate", code=code)
    return _form_page(request, form, heading=_("New holder"), of=function)


@require_http_methods(["GET", "HEAD", "POST"])
def holder_edit(request: HttpRequest, code: str, uuid: UUID) -> HttpResponse:
    """Change a holder's name or dates; both versions side by side after a conflict."""
    _must_keep(request)
    holder = get_object_or_404(
        FunctionHolder.objects.select_related("function", "user"), uuid=uuid, function__code=code
    )
    form = HolderForm(request.POST or None, initial=HolderForm.initial_of(holder))
    conflict: list[dict[str, Any]] = []
    if request.method == "POST" and form.is_valid():
        try:
            holder_set(
                actor=signed_in(request.user),
                function=holder.function,
                holder=holder,
                sheet=form.sheet(),
                expected_version=form.cleaned_data["version"] or 0,
            )
        except EditConflict as error:
            holder.refresh_from_db()
            form.add_error(None, error.message)
            conflict = typed_beside(form, HolderForm.initial_of(holder))
        except DomainError as error:
            add_domain_error(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("planning:mandate", code=code)
    return _form_page(
        request, form, heading=_("Change the holder"), of=holder.function, conflict=conflict
    )


def _form_page(
    request: HttpRequest,
    form: forms.Form,
    *,
    heading: str,
    of: ManagementFunction | None = None,
    conflict: list[dict[str, Any]] | None = None,
) -> HttpResponse:
    back = reverse("planning:mandate", args=[of.code]) if of else reverse("planning:mandates")
    trail = [(str(of.title), back)] if of else []
    return render(
        request,
        "planning/mandate_form.html",
        {
            "form": form,
            "heading": heading,
            "function": of,
            "conflict": conflict,
            "back": back,
            "demo_mark": of.is_demo if of else False,
            "breadcrumb": _trail(*trail, (heading, "")),
        },
        status=422 if form.errors else 200,
    )
