"""Pages on which the corporate cell keeps the life of the strategic plan."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ibzplan.core.errors import DomainError, EditConflict
from ibzplan.core.forms import add_domain_error, typed_beside
from ibzplan.core.models import Record
from ibzplan.core.selectors import history_of
from objectives.strategy import selectors
from objectives.strategy.forms import (
    AddendumForm,
    EntryForm,
    LineageForm,
    ReplacementForm,
    SigningForm,
    SuccessionForm,
    WerfForm,
)
from objectives.strategy.labels import action_text
from objectives.strategy.models import Plan, PlanAddendum, StrategicObjective, Werf
from objectives.strategy.services import (
    addendum_create,
    addendum_update,
    lineage_set,
    may_keep_plans,
    objective_add,
    objective_text_set,
    plan_replacement_set,
    plan_sign,
    plan_succeed,
    transversal_objective_add,
    werf_add,
)
from objectives.strategy.views.plan import plan_query
from personnel.access import access_of, signed_in

FormT = TypeVar("FormT", bound=forms.Form)


def _plan_of(request: HttpRequest) -> Plan:
    """Return the plan that the address names for whoever keeps plans; others are refused."""
    if not may_keep_plans(access_of(request.user)):
        raise PermissionDenied
    plan = selectors.plan_asked(request.GET.get("plan", ""))
    if plan is None:
        raise Http404
    return plan


def _overview(plan: Plan) -> str:
    return reverse("strategy:overview") + plan_query(plan) + "#life"


def _addendum_url(addendum: PlanAddendum) -> str:
    return reverse("planning:addendum", args=[addendum.code]) + plan_query(addendum.plan)


def _save(form: forms.Form, write: Callable[[], object]) -> tuple[bool, EditConflict | None]:
    """Run a service; return whether it wrote, and the conflict that kept it from doing so."""
    try:
        write()
    except EditConflict as error:
        form.add_error(None, error.message)
        return False, error
    except DomainError as error:
        add_domain_error(form, error)
        return False, None
    return True, None


def _answer(
    request: HttpRequest,
    form: FormT,
    *,
    plan: Plan,
    heading: str,
    back: str,
    write: Callable[[], object],
    stored: Callable[[], Mapping[str, Any]] | None = None,
    target: Record | None = None,
    note: str = "",
    leave: str = "",
) -> HttpResponse:
    """Show a form, or save what it holds and go back; after a conflict both versions show.

    `leave` is where one goes without saving, when `back` exists only afterwards.
    """
    conflict: list[dict[str, Any]] = []
    if request.method == "POST" and form.is_valid():
        saved, clash = _save(form, write)
        if saved:
            messages.success(request, _("Saved."))
            return redirect(back)
        if clash is not None and stored is not None:
            conflict = typed_beside(form, stored())
    history = history_of(target, 20) if target is not None else []
    return render(
        request,
        "strategy/life_form.html",
        {
            "form": form,
            "heading": heading,
            "plan": plan,
            "conflict": conflict,
            "back": leave or back,
            "note": note,
            "history": [(entry, action_text(entry.action)) for entry in history],
            "breadcrumb": [
                {"label": str(plan.title), "url": _overview(plan)},
                {"label": heading, "url": ""},
            ],
            "demo_mark": plan.is_demo,
        },
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def signing(request: HttpRequest) -> HttpResponse:
    """Record the day on which the plan was signed."""
    plan = _plan_of(request)
    form = SigningForm(request.POST or None, initial=SigningForm.initial_of(plan))
    return _answer(
        request,
        form,
        plan=plan,
        heading=_("Signature of the plan"),
        back=_overview(plan),
        write=lambda: plan_sign(
            actor=signed_in(request.user),
            plan=plan,
            signed_on=form.cleaned_data["signed_on"],
            expected_version=form.cleaned_data["version"] or 0,
        ),
        stored=lambda: SigningForm.initial_of(Plan.objects.get(pk=plan.pk)),
        target=plan,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def addendum_new(request: HttpRequest) -> HttpResponse:
    """Add an addendum to the plan."""
    plan = _plan_of(request)
    form = AddendumForm(request.POST or None, initial={"key": uuid4()})
    return _answer(
        request,
        form,
        plan=plan,
        heading=_("New addendum"),
        back=_overview(plan),
        write=lambda: addendum_create(
            actor=signed_in(request.user),
            plan=plan,
            sheet=form.sheet(),
            uuid=form.cleaned_data["key"],
        ),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def addendum_edit(request: HttpRequest, code: str) -> HttpResponse:
    """Change an addendum."""
    plan = _plan_of(request)
    row = get_object_or_404(PlanAddendum.objects.select_related("plan"), plan=plan, code=code)

    def initial(of: PlanAddendum) -> dict[str, Any]:
        return {**AddendumForm.initial_of(of), "signed_on": of.signed_on}

    form = AddendumForm(request.POST or None, row=row, initial=initial(row))
    return _answer(
        request,
        form,
        plan=plan,
        heading=_("Change the addendum %(code)s") % {"code": code},
        back=_addendum_url(row),
        write=lambda: addendum_update(
            actor=signed_in(request.user),
            addendum=row,
            sheet=form.sheet(),
            expected_version=form.cleaned_data["version"] or 0,
        ),
        stored=lambda: initial(PlanAddendum.objects.get(pk=row.pk)),
        target=row,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def transversal_new(request: HttpRequest, code: str) -> HttpResponse:
    """Add a transversal objective to an addendum."""
    plan = _plan_of(request)
    row = get_object_or_404(PlanAddendum.objects.select_related("plan"), plan=plan, code=code)
    form = EntryForm(request.POST or None, initial={"key": uuid4()})
    return _answer(
        request,
        form,
        plan=plan,
        heading=_("New transversal objective"),
        back=_addendum_url(row),
        write=lambda: transversal_objective_add(
            actor=signed_in(request.user),
            addendum=row,
            sheet=form.sheet(),
            uuid=form.cleaned_data["key"],
        ),
        note=_("Its code is unique in the whole plan."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def objective_edit(request: HttpRequest, code: str) -> HttpResponse:
    """Change the text of an objective that was added here."""
    plan = _plan_of(request)
    objectives = StrategicObjective.objects.select_related("plan", "addendum", "addendum__plan")
    row = get_object_or_404(objectives, plan=plan, code=code, loaded_values__isnull=True)
    form = EntryForm(request.POST or None, row=row, initial=EntryForm.initial_of(row))
    address = reverse("strategy:objective", args=[code]) + plan_query(plan)
    return _answer(
        request,
        form,
        plan=plan,
        heading=_("Change %(code)s") % {"code": code},
        back=_addendum_url(row.addendum) if row.addendum else address,
        write=lambda: objective_text_set(
            actor=signed_in(request.user),
            objective=row,
            sheet=form.sheet(),
            expected_version=form.cleaned_data["version"] or 0,
        ),
        stored=lambda: EntryForm.initial_of(StrategicObjective.objects.get(pk=row.pk)),
        target=row,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def succession(request: HttpRequest) -> HttpResponse:
    """Make the next plan, or change the day on which it takes the place of this one."""
    plan = _plan_of(request)
    if plan.successors.exists():
        return _replacement(request, plan)
    form = SuccessionForm(request.POST or None, initial={"key": uuid4(), "version": plan.version})
    return _answer(
        request,
        form,
        plan=plan,
        heading=_("Next plan"),
        back=reverse("strategy:lineage") + plan_query(plan),
        leave=_overview(plan),
        write=lambda: plan_succeed(
            actor=signed_in(request.user),
            plan=plan,
            sheet=form.sheet(),
            expected_version=form.cleaned_data["version"],
            uuid=form.cleaned_data["key"],
        ),
        stored=lambda: {"version": Plan.objects.get(pk=plan.pk).version},
        target=plan,
        note=_(
            "The next plan begins empty. Its objectives and werven are loaded from its own text "
            "or added here; after that each part of the present plan gets its place in it."
        ),
    )


def _replacement(request: HttpRequest, plan: Plan) -> HttpResponse:
    form = ReplacementForm(request.POST or None, initial=ReplacementForm.initial_of(plan))
    return _answer(
        request,
        form,
        plan=plan,
        heading=_("When the next plan takes its place"),
        back=_overview(plan),
        write=lambda: plan_replacement_set(
            actor=signed_in(request.user),
            plan=plan,
            replaced_on=form.cleaned_data["replaced_on"],
            expected_version=form.cleaned_data["version"] or 0,
        ),
        stored=lambda: ReplacementForm.initial_of(Plan.objects.get(pk=plan.pk)),
        target=plan,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def objective_new(request: HttpRequest) -> HttpResponse:
    """Add a strategic objective to a next plan."""
    plan = _plan_of(request)
    form = EntryForm(request.POST or None, initial={"key": uuid4()})
    return _answer(
        request,
        form,
        plan=plan,
        heading=_("New strategic objective"),
        back=_overview(plan),
        write=lambda: objective_add(
            actor=signed_in(request.user),
            plan=plan,
            sheet=form.sheet(),
            uuid=form.cleaned_data["key"],
        ),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def werf_new(request: HttpRequest) -> HttpResponse:
    """Add a werf to an objective of a next plan."""
    plan = _plan_of(request)
    form = WerfForm(request.POST or None, plan=plan, initial={"key": uuid4()})
    return _answer(
        request,
        form,
        plan=plan,
        heading=_("New werf"),
        back=_overview(plan),
        write=lambda: werf_add(
            actor=signed_in(request.user),
            objective=form.cleaned_data["objective"],
            sheet=form.sheet(),
            uuid=form.cleaned_data["key"],
        ),
    )


@require_safe
def lineage(request: HttpRequest) -> HttpResponse:
    """Show what becomes of every objective and werf in the next plan; what is open comes first."""
    plan = selectors.plan_asked(request.GET.get("plan", ""))
    page = selectors.lineage_page(plan) if plan is not None else None
    if page is None:
        raise Http404
    return render(
        request,
        "strategy/lineage.html",
        {
            "page": page,
            "may_keep": may_keep_plans(access_of(request.user)),
            "plan_query": plan_query(page.plan),
            "next_query": plan_query(page.successor),
            "breadcrumb": [
                {"label": str(page.plan.title), "url": _overview(page.plan)},
                {"label": _("Next plan"), "url": ""},
            ],
            "demo_mark": page.plan.is_demo,
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def objective_lineage(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Say where an objective goes on in the next plan."""
    row = get_object_or_404(StrategicObjective.objects.select_related("plan"), uuid=uuid)
    return _lineage_form(request, row, row.plan)


@require_http_methods(["GET", "HEAD", "POST"])
def werf_lineage(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Say where a werf goes on in the next plan."""
    row = get_object_or_404(Werf.objects.select_related("objective__plan"), uuid=uuid)
    return _lineage_form(request, row, row.objective.plan)


def _lineage_form(request: HttpRequest, row: StrategicObjective | Werf, plan: Plan) -> HttpResponse:
    _plan_of(request)
    page = selectors.lineage_page(plan)
    if page is None:
        raise Http404
    form = LineageForm(
        request.POST or None,
        options=page.next_werven if isinstance(row, Werf) else page.next_objectives,
        initial=LineageForm.initial_of(row),
    )

    def write() -> bool:
        actor, version = signed_in(request.user), form.cleaned_data["version"] or 0
        sheet = form.sheet()
        if isinstance(row, Werf):
            return lineage_set(actor=actor, entry=row, sheet=sheet, expected_version=version)
        return lineage_set(actor=actor, entry=row, sheet=sheet, expected_version=version)

    return _answer(
        request,
        form,
        plan=plan,
        heading=str(row),
        back=reverse("strategy:lineage") + plan_query(plan),
        write=write,
        stored=lambda: LineageForm.initial_of(type(row)._default_manager.get(pk=row.pk)),
        target=row,
        note=_("Choose where it goes on in the next plan, or say why it ends."),
    )
