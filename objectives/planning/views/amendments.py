"""Pages of amendments: all of a plan, one with its changes side by side, and its steps."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ibzplan.core.clocks import Clocks
from ibzplan.core.comments.threads import comments_panel
from ibzplan.core.errors import DomainError, EditConflict
from ibzplan.core.forms import add_domain_error
from ibzplan.core.views import refused_as_403
from objectives.planning.choices import AmendmentState
from objectives.planning.comparing import word_sides
from objectives.planning.forms.amendments import AmendmentForm, AmendmentStepForm
from objectives.planning.forms.common import offer_again
from objectives.planning.models import Amendment, AmendmentChange
from objectives.planning.selectors.amendments import (
    OPEN,
    Conflict,
    amendments_of,
    changes_of,
    conflicts_of,
    drafts_offered,
    may_decide,
    may_edit,
    may_return,
    may_submit,
    open_amendments_on,
    takes_amendments,
)
from objectives.planning.selectors.comparison import FieldChange, change_fields, names_of
from objectives.planning.selectors.going_along import codes_seen, side_seen
from objectives.planning.services.amendments import (
    amendment_approve,
    amendment_create,
    amendment_reject,
    amendment_return,
    amendment_submit,
    amendment_update,
    amendment_withdraw,
    conflict_sides,
)
from objectives.planning.version_texts import Names, value_said
from objectives.planning.views.lookup import history_for
from objectives.planning.views.versions import plan_or_404
from personnel.access import Access, access_of, signed_in
from personnel.choices import Role
from personnel.models import OrganisationUnit
from personnel.selectors import planning_units


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """A proposed change as the page shows it; `also` are other open amendments that touch it."""

    change: AmendmentChange
    fields: tuple[FieldChange, ...]
    also: tuple[Amendment, ...]


@dataclass(frozen=True, slots=True)
class ConflictLine:
    """An objective that changed since it was proposed, each field in three columns."""

    conflict: Conflict
    rows: list[dict[str, Any]]


def amendment_or_404(request: HttpRequest, uuid: UUID) -> tuple[Amendment, Access]:
    """Return the amendment with the user's access, or raise 404."""
    access = access_of(request.user)
    rows = Amendment.objects.visible_to(access).select_related(
        "plan", "plan__plan", "unit", "decided_by"
    )
    return get_object_or_404(rows, uuid=uuid), access


def amendment_breadcrumb(amendment: Amendment, *, last: str = "") -> list[dict[str, str]]:
    """Return the way from the dashboard to an amendment."""
    year = amendment.plan.year
    items = [
        {"label": _("Dashboard"), "url": reverse("reporting:dashboard")},
        {
            "label": _("Amendments of the plan of %(year)s") % {"year": year},
            "url": reverse("planning:amendments", args=[year]),
        },
        {
            "label": f"W{amendment.number}",
            "url": reverse("planning:amendment", args=[amendment.uuid]) if last else "",
        },
    ]
    return [*items, {"label": last, "url": ""}] if last else items


@require_safe
def amendment_list(request: HttpRequest, year: int) -> HttpResponse:
    """List the amendments of a plan that the user may see."""
    plan, access = plan_or_404(request, year)
    return render(
        request,
        "planning/amendment_list.html",
        {
            "plan": plan,
            "amendments": list(amendments_of(plan, access)),
            "takes_amendments": takes_amendments(plan),
            "drafts": drafts_offered(plan, access) if takes_amendments(plan) else [],
            "may_begin": bool(_own_units(access)) or access.has(Role.CORPORATE),
            "demo_mark": plan.is_demo,
        },
    )


def _own_units(access: Access) -> list[OrganisationUnit]:
    return [unit for unit in planning_units() if access.plans_for(unit.pk)]


@require_http_methods(["GET", "HEAD", "POST"])
def amendment_new(request: HttpRequest, year: int) -> HttpResponse:
    """Begin an amendment."""
    plan, access = plan_or_404(request, year)
    units = _own_units(access)
    if not (units or access.has(Role.CORPORATE)) or not takes_amendments(plan):
        raise PermissionDenied
    form = AmendmentForm(request.POST or None, units=units, is_corporate=access.has(Role.CORPORATE))
    if request.method == "POST" and form.is_valid():
        try:
            amendment = amendment_create(
                actor=signed_in(request.user),
                plan=plan,
                unit=form.cleaned_data["unit"],
                **form.texts(),
            )
        except DomainError as error:
            add_domain_error(form, error)
        else:
            return redirect("planning:amendment", uuid=amendment.uuid)
    context = {"form": form, "plan": plan, "demo_mark": plan.is_demo}
    return render(request, "planning/amendment_form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def amendment_edit(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Change what an amendment is called and why; two versions stand beside each other."""
    amendment, access = amendment_or_404(request, uuid)
    if not may_edit(access, amendment):
        raise PermissionDenied
    form = AmendmentForm(request.POST or None, amendment=amendment)
    conflict: list[dict[str, Any]] = []
    if request.method == "POST" and form.is_valid():
        try:
            amendment_update(
                actor=signed_in(request.user),
                amendment=amendment,
                expected_version=form.cleaned_data["version"] or 0,
                **form.texts(),
            )
        except EditConflict as error:
            conflict = _two_versions(form, error.theirs)
            amendment.refresh_from_db()
            form.add_error(None, error.message)
            offer_again(form, version=str(amendment.version))
        except DomainError as error:
            add_domain_error(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("planning:amendment", uuid=uuid)
    context = {
        "form": form,
        "plan": amendment.plan,
        "amendment": amendment,
        "conflict": conflict,
        "demo_mark": amendment.is_demo,
        "breadcrumb": amendment_breadcrumb(amendment, last=_("Edit")),
    }
    return render(request, "planning/amendment_form.html", context)


def _two_versions(form: AmendmentForm, theirs: Mapping[str, Any]) -> list[dict[str, Any]]:
    rows = []
    for name in ("title", "motivation"):
        for language in ("nl", "fr"):
            field = f"{name}_{language}"
            stored = theirs[name].get(language, "")
            if stored != form.cleaned_data[field]:
                label = form.fields[field].label
                mine = form.cleaned_data[field]
                rows.append({"label": label, "theirs": stored, "mine": mine})
    return rows


@require_safe
def amendment_detail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show an amendment: changes side by side, why, who decides, what stands in the way."""
    amendment, access = amendment_or_404(request, uuid)
    changes = changes_of(amendment, access)
    names, codes = names_of(amendment.plan), codes_seen(changes, access)
    is_open = amendment.state in OPEN
    public_from = amendment.decided_at if amendment.state == AmendmentState.APPROVED else None
    return render(
        request,
        "planning/amendment_detail.html",
        {
            "amendment": amendment,
            "plan": amendment.plan,
            "lines": _lines(amendment, changes, names, codes, show_others=is_open),
            "conflicts": _conflict_lines(changes, names, codes) if is_open else [],
            "may_edit": amendment.state == AmendmentState.DRAFT and may_edit(access, amendment),
            "steps": _steps(amendment, access),
            "comments": comments_panel(amendment, request.user),
            "version": amendment.plan.versions.filter(amendment=amendment).first(),
            "history": history_for(
                amendment, amendment.unit_id or 0, access, public_from, Clocks.now()
            ),
            "demo_mark": amendment.is_demo,
            "breadcrumb": amendment_breadcrumb(amendment),
        },
    )


def _lines(
    amendment: Amendment,
    changes: list[AmendmentChange],
    names: Names,
    codes: Collection[str],
    *,
    show_others: bool,
) -> list[ChangeLine]:
    touched = [row for change in changes for row in change.objectives.all()]
    others = open_amendments_on(touched, besides=amendment) if show_others else {}
    return [
        ChangeLine(
            change,
            change_fields(change, names, codes),
            tuple(one for row in change.objectives.all() for one in others.get(row.pk, [])),
        )
        for change in changes
    ]


def _conflict_lines(
    changes: list[AmendmentChange], names: Names, codes: Collection[str]
) -> list[ConflictLine]:
    at = Clocks.now().known_at
    return [
        ConflictLine(
            conflict,
            [
                row
                for name, old, now, new in conflict_sides(conflict, at)
                for row in _three_columns(
                    name, [side_seen(name, side, codes) for side in (old, now, new)], names
                )
            ],
        )
        for conflict in conflicts_of(changes)
    ]


def _three_columns(name: str, values: Sequence[Any], names: Names) -> list[dict[str, Any]]:
    """Return what the proposer saw, what it says now, and what is proposed, a row a language."""
    sides = [
        {row.key: row for row in value_said(name, value, names)} if value is not None else {}
        for value in values
    ]
    keys = dict.fromkeys(key for side in sides for key in side)
    rows = []
    for key in keys:
        said = [side[key].text if key in side else "" for side in sides]
        if len(set(said)) > 1:
            label = next(side[key].label for side in sides if key in side)
            pieces = word_sides(said[0], said[1])
            rows.append({"label": label, "seen": pieces.old, "now": pieces.new, "new": said[2]})
    return rows


def _steps(amendment: Amendment, access: Access) -> list[str]:
    """Return the steps that this user may take with it now."""
    if amendment.state == AmendmentState.DRAFT:
        steps = ["submit"] if may_submit(access, amendment) else []
        return [*steps, "withdraw"] if may_edit(access, amendment) else steps
    if amendment.state == AmendmentState.SUBMITTED:
        steps = ["approve", "reject"] if may_decide(access) else []
        steps += ["return"] if may_return(access) else []
        return [*steps, "withdraw"] if may_edit(access, amendment) else steps
    return []


_SERVICES: Final[Mapping[str, Callable[..., Any]]] = {
    "submit": amendment_submit,
    "return": amendment_return,
    "approve": amendment_approve,
    "reject": amendment_reject,
    "withdraw": amendment_withdraw,
}


@require_POST
def amendment_step(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Submit, return, approve, reject or withdraw."""
    amendment, access = amendment_or_404(request, uuid)
    form = AmendmentStepForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose a step."))
        return redirect("planning:amendment", uuid=uuid)
    step = form.cleaned_data["step"]
    reason = {} if step == "submit" else {"reason": form.cleaned_data["reason"]}
    try:
        with refused_as_403():
            _SERVICES[step](
                actor=signed_in(request.user),
                amendment=amendment,
                expected_version=form.cleaned_data["version"],
                **reason,
            )
    except DomainError as error:
        messages.error(request, error.message)
    else:
        said = {"number": amendment.number, "state": amendment.get_state_display()}
        messages.success(request, _("Amendment %(number)s is now: %(state)s.") % said)
        if not Amendment.objects.visible_to(access).filter(uuid=uuid).exists():
            return redirect("planning:queue")  # it went back out of the user's sight
    return redirect("planning:amendment", uuid=uuid)
