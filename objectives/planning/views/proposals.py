"""Forms that add a change to an amendment, change it, take it out, or start it from the present."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ibzplan.core.errors import DomainError, EditConflict, NotAllowed
from ibzplan.core.localised import LocalisedText
from objectives.indicators.models import Indicator
from objectives.planning.choices import PART_KINDS, AmendmentState, ChangeKind, PlanState
from objectives.planning.forms.amendments import (
    NEW,
    AdditionForm,
    ChangeForm,
    MergerForm,
    OwnerForm,
    ProposalForm,
    SplitForm,
    StartForm,
    TargetChangeForm,
    VersionForm,
    WithdrawalForm,
    add_refusal,
)
from objectives.planning.forms.common import offer_again
from objectives.planning.models import Amendment, AmendmentChange, OperationalObjective
from objectives.planning.selectors.amendments import (
    drafts_offered,
    indicators_of,
    may_edit,
    may_propose,
    new_values,
    open_amendments_on,
    own_drafts,
)
from objectives.planning.selectors.comparison import change_fields, names_of
from objectives.planning.services import planned_targets
from objectives.planning.services.amendment_changes import (
    change_add,
    change_rebase,
    change_remove,
    change_update,
)
from objectives.planning.services.amendment_values import proposed_sheet
from objectives.planning.services.amendments import amendment_create
from objectives.planning.views.amendments import amendment_breadcrumb, amendment_or_404
from objectives.planning.views.lookup import objective_or_404
from objectives.planning.views.objectives import breadcrumb_of
from objectives.planning.views.proposal_parts import (
    AskedPart,
    choose_part,
    part_asked,
    part_form,
    part_of,
    part_titles,
)
from personnel.access import Access, signed_in
from personnel.choices import Role

# Kinds that bring drafts of the plan into force: without a draft there is nothing to fill in.
_NEED_DRAFTS: Final = (ChangeKind.ADD, ChangeKind.SPLIT, ChangeKind.MERGE)
_TAIL: Final = ("motivation", "is_important", "change_version")


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a form speaks of: `change` when one is changed, `part` an activity or risk."""

    amendment: Amendment
    access: Access
    objective: OperationalObjective | None
    indicator: Indicator | None
    change: AmendmentChange | None = None
    part: AskedPart | None = None
    result: str = ""

    @property
    def spoken_of(self) -> OperationalObjective:
        """Return the objective; an address without one is a 404."""
        if self.objective is None:
            raise Http404
        return self.objective

    @property
    def new(self) -> dict[str, Any]:
        """Return what the change proposes so far."""
        return new_values(self.change) if self.change else {}

    @property
    def drafts(self) -> list[OperationalObjective]:
        """Return the drafts to choose from, with those that the change brings already."""
        own = list(self.change.results.all()) if self.change else []
        return [*own, *drafts_offered(self.amendment.plan, self.access)]

    @property
    def continuing(self) -> dict[UUID, Indicator]:
        """Return the indicators that may go on in a draft: those of the user's own unit."""
        objective = self.spoken_of
        if not self.access.plans_for(objective.unit_id):
            return {}
        rows = indicators_of(objective, self.access)
        return {row.uuid: row for row in rows if row.owner_id == objective.unit_id}


@require_http_methods(["GET", "HEAD", "POST"])
def proposal_start(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Choose what changes of an objective in force, and in which amendment."""
    found = objective_or_404(request, uuid)
    objective = found.objective
    if not may_propose(found.access, objective):
        raise PermissionDenied
    drafts = own_drafts(objective.plan, found.access)
    form = StartForm(request.POST or None, drafts=drafts)
    if request.method == "POST" and form.is_valid():
        try:
            amendment = _chosen(request, objective, found.access, form, drafts)
        except DomainError as error:
            field = error.field if error.field in form.fields else None
            form.add_error(field, error.message)
        else:
            kind = form.cleaned_data["kind"]
            address = reverse("planning:proposal_new", args=[amendment.uuid, kind])
            return redirect(f"{address}?objective={objective.uuid}")
    return render(
        request,
        "planning/proposal_start.html",
        {
            "form": form,
            "objective": objective,
            "others": open_amendments_on([objective]).get(objective.pk, []),
            "demo_mark": objective.is_demo,
            "breadcrumb": breadcrumb_of(objective, last=_("Propose a change")),
        },
    )


def _chosen(
    request: HttpRequest,
    objective: OperationalObjective,
    access: Access,
    form: StartForm,
    drafts: list[Amendment],
) -> Amendment:
    """Return the draft that was chosen, or a new amendment."""
    data = form.cleaned_data
    if data["amendment"] != NEW:
        return next(row for row in drafts if str(row.uuid) == data["amendment"])
    return amendment_create(
        actor=signed_in(request.user),
        plan=objective.plan,
        unit=None if access.has(Role.CORPORATE) else objective.unit,
        title=LocalisedText({"nl": data["title_nl"], "fr": data["title_fr"]}),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def proposal_new(request: HttpRequest, uuid: UUID, kind: str) -> HttpResponse:
    """Add a change to an amendment."""
    amendment, access = _writable(request, uuid)
    if kind not in _FORMS:
        raise Http404
    objective, indicator = _objective(request, amendment, access), None
    if kind == ChangeKind.TARGET:
        if objective is None:
            raise Http404
        indicator = _indicator(request, objective, access)
        if indicator is None:
            return _choose_indicator(request, amendment, objective, access)
    part = part_asked(request) if kind in PART_KINDS else None
    asked = _Asked(
        amendment, access, objective, indicator, part=part, result=request.GET.get("result", "")
    )
    if kind in PART_KINDS and part is None:
        return choose_part(request, amendment, asked.spoken_of, kind)
    form = _form(request, kind, asked)
    if request.method == "POST" and form.is_valid():
        try:
            change = change_add(
                actor=signed_in(request.user), amendment=amendment, proposal=form.proposal()
            )
        except NotAllowed as error:
            raise PermissionDenied(error.message) from error
        except DomainError as error:
            add_refusal(form, error)
        else:
            _say_saved(request, change)
            return redirect("planning:amendment", uuid=amendment.uuid)
    return _page(request, kind, asked, form)


@require_http_methods(["GET", "HEAD", "POST"])
def proposal_edit(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Change a proposed change; what someone else saved meanwhile stands beside it."""
    change, asked = _change_or_404(request, uuid)
    form = _form(request, change.kind, asked)
    theirs: list[Any] = []
    if request.method == "POST" and form.is_valid():
        try:
            change_update(
                actor=signed_in(request.user),
                change=change,
                proposal=form.proposal(),
                expected_version=form.cleaned_data["change_version"] or 0,
            )
        except NotAllowed as error:
            raise PermissionDenied(error.message) from error
        except EditConflict as error:
            stored = get_object_or_404(AmendmentChange, uuid=uuid)
            theirs = list(change_fields(stored, names_of(asked.amendment.plan)))
            form.add_error(None, error.message)
            offer_again(form, change_version=str(stored.version))
        except DomainError as error:
            add_refusal(form, error)
        else:
            _say_saved(request, AmendmentChange.objects.get(uuid=uuid))
            return redirect("planning:amendment", uuid=asked.amendment.uuid)
    return _page(request, change.kind, asked, form, theirs=theirs)


@require_POST
def proposal_removal(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Take a change out of its amendment."""
    return _with_version(request, uuid, change_remove, _("The change is taken out."))


@require_POST
def proposal_rebase(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Let a change start from what its objective says now."""
    said = _("The change now starts from what the plan says today.")
    return _with_version(request, uuid, change_rebase, said)


def _with_version(
    request: HttpRequest, uuid: UUID, service: Callable[..., None], said: str
) -> HttpResponse:
    change, asked = _change_or_404(request, uuid)
    form = VersionForm(request.POST)
    version = form.cleaned_data["version"] if form.is_valid() else 0
    try:
        service(actor=signed_in(request.user), change=change, expected_version=version)
    except NotAllowed as error:
        raise PermissionDenied(error.message) from error
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, said)
    return redirect("planning:amendment", uuid=asked.amendment.uuid)


def _say_saved(request: HttpRequest, change: AmendmentChange) -> None:
    """Tell that it is saved, and warn when another open amendment touches the same objective."""
    messages.success(request, _("The change is saved in the amendment."))
    touched = list(change.objectives.all())
    others = open_amendments_on(touched, besides=change.amendment)
    for objective in touched:
        for other in others.get(objective.pk, []):
            messages.warning(
                request,
                _(
                    "Amendment %(number)s touches %(code)s too: whichever is approved second has "
                    "to start again from the first."
                )
                % {"number": other.number, "code": objective.code},
            )


def _writable(request: HttpRequest, uuid: UUID) -> tuple[Amendment, Access]:
    amendment, access = amendment_or_404(request, uuid)
    if not may_edit(access, amendment) or amendment.state != AmendmentState.DRAFT:
        raise PermissionDenied
    return amendment, access


def _change_or_404(request: HttpRequest, uuid: UUID) -> tuple[AmendmentChange, _Asked]:
    change = get_object_or_404(
        AmendmentChange.objects.select_related("amendment", "indicator", "indicator__owner"),
        uuid=uuid,
    )
    amendment, access = _writable(request, change.amendment.uuid)
    objective = _objectives(amendment).filter(amendment_changes=change).first()
    part = part_of(change) if change.kind in PART_KINDS else None
    return change, _Asked(amendment, access, objective, change.indicator, change, part)


def _objectives(amendment: Amendment) -> Any:
    return OperationalObjective.objects.filter(plan=amendment.plan_id).select_related(
        "plan", "plan__plan", "werf", "werf__objective", "unit", "holder", "sub_unit"
    )


def _objective(
    request: HttpRequest, amendment: Amendment, access: Access
) -> OperationalObjective | None:
    uuid = _uuid(request.GET.get("objective", ""))
    if uuid is None:
        return None
    found = get_object_or_404(_objectives(amendment), uuid=uuid)
    if not may_propose(access, found):
        raise PermissionDenied
    return found  # type: ignore[no-any-return]


def _indicator(
    request: HttpRequest, objective: OperationalObjective, access: Access
) -> Indicator | None:
    wanted = _uuid(request.GET.get("indicator", ""))
    rows = indicators_of(objective, access)
    return next((row for row in rows if row.uuid == wanted), None)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError as error:
        raise Http404 from error


def _choose_indicator(
    request: HttpRequest, amendment: Amendment, objective: OperationalObjective, access: Access
) -> HttpResponse:
    return render(
        request,
        "planning/proposal_indicator.html",
        {
            "amendment": amendment,
            "objective": objective,
            "indicators": indicators_of(objective, access),
            "demo_mark": amendment.is_demo,
            "breadcrumb": amendment_breadcrumb(amendment, last=_("Other target")),
        },
    )


def _page(
    request: HttpRequest,
    kind: str,
    asked: _Asked,
    form: ProposalForm,
    *,
    theirs: list[Any] | None = None,
) -> HttpResponse:
    label, part_title = str(ChangeKind(kind).label), None
    if asked.part is not None:
        label, part_title = part_titles(kind, asked.spoken_of, asked.part, asked.new)
    return render(
        request,
        _template(kind, asked),
        {
            "form": form,
            "kind": kind,
            "kind_label": label,
            "amendment": asked.amendment,
            "plan": asked.amendment.plan,
            "objective": asked.objective,
            "indicator": asked.indicator,
            "part": asked.part,
            "part_title": part_title,
            "theirs": theirs or [],
            "lacks_drafts": kind in _NEED_DRAFTS and not asked.drafts,
            "demo_mark": asked.amendment.is_demo,
            "breadcrumb": amendment_breadcrumb(asked.amendment, last=label),
        },
    )


def _template(kind: str, asked: _Asked) -> str:
    """Return the page of a form: those with many fields have groups."""
    if asked.part is not None:
        return "planning/proposal_part_form.html"
    grouped = kind == ChangeKind.CHANGE
    return "planning/proposal_change_form.html" if grouped else "planning/proposal_form.html"


def _form(request: HttpRequest, kind: str, asked: _Asked) -> ProposalForm:
    """Return the form of a kind, with what the change says so far; why it changes comes last."""
    initial: dict[str, Any] = {}
    if asked.change is not None:
        initial = {
            "motivation": asked.change.motivation,
            "is_important": "yes" if asked.change.is_important else "no",
            "change_version": asked.change.version,
        }
    form = _FORMS[kind](request.POST or None, asked, initial)
    form.order_fields([name for name in form.fields if name not in _TAIL])
    return form


def _change_form(data: Any, asked: _Asked, initial: dict[str, Any]) -> ProposalForm:
    objective = asked.spoken_of
    start = ChangeForm.initial_of(objective)
    if asked.change is not None:
        start |= _proposed_initial(objective, asked.new)
    return ChangeForm(
        data,
        plan=objective.plan,
        units=[objective.unit],
        objective=objective,
        initial={**start, **initial},
    )


def _proposed_initial(objective: OperationalObjective, new: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the form of an objective shows of the fields that a change proposes."""
    sheet, links = proposed_sheet(objective, new)
    start: dict[str, Any] = {
        "holder": sheet.holder.code if sheet.holder else None,
        "sub_unit": sheet.sub_unit.code if sheet.sub_unit else None,
        "starts_on": sheet.starts_on,
        "ends_on": sheet.ends_on,
        "origin": sheet.origin,
        "origin_reference": sheet.origin_reference,
    }
    for name in ("title", "description"):
        for language in ("nl", "fr"):
            start[f"{name}_{language}"] = getattr(sheet, name).get(language, "")
    if links.goals is not None:
        start["goals"] = [row.uuid for row in links.goals]
    if links.security_objectives is not None:
        start["security_objectives"] = [row.uuid for row in links.security_objectives]
    if links.co_owners is not None:
        start["co_owners"] = [row.code for row in links.co_owners]
    return start


def _owner_form(data: Any, asked: _Asked, initial: dict[str, Any]) -> ProposalForm:
    objective = asked.spoken_of
    return OwnerForm(
        data,
        objective=objective,
        indicators=indicators_of(objective, asked.access),
        initial={**asked.new, **initial},
    )


def _target_form(data: Any, asked: _Asked, initial: dict[str, Any]) -> ProposalForm:
    objective, indicator = asked.spoken_of, asked.indicator
    if indicator is None:
        raise Http404
    start: dict[str, Any] = {}
    final = asked.new.get("final")
    if final:
        start = {
            "target": final["value"],
            "target_level": final["level"],
            "target_due_on": date.fromisoformat(final["due_on"]),
        }
    for row, step in enumerate(asked.new.get("interim", []), start=1):
        start[f"interim_{row}_due_on"] = date.fromisoformat(step["due_on"])
        start[f"interim_{row}_value"] = step["value"]
    return TargetChangeForm(
        data,
        objective=objective,
        indicator=indicator,
        targets=planned_targets(indicator, objective.plan.year),
        year=objective.plan.year,
        initial={**start, **initial},
    )


def _part_form(data: Any, asked: _Asked, initial: dict[str, Any], *, kind: str) -> ProposalForm:
    if asked.part is None:
        raise Http404
    return part_form(
        data,
        kind=kind,
        objective=asked.spoken_of,
        part=asked.part,
        new=asked.new,
        initial=initial,
    )


def _withdrawal_form(data: Any, asked: _Asked, initial: dict[str, Any]) -> ProposalForm:
    return WithdrawalForm(data, objective=asked.spoken_of, initial=initial)


def _addition_form(data: Any, asked: _Asked, initial: dict[str, Any]) -> ProposalForm:
    chosen = asked.change.results.first() if asked.change else None
    start = {"results": str(chosen.uuid) if chosen else asked.result}
    return AdditionForm(data, drafts=asked.drafts, initial={**start, **initial})


def _split_form(data: Any, asked: _Asked, initial: dict[str, Any]) -> ProposalForm:
    chosen = asked.change.results.all() if asked.change else []
    start = {"results": [str(row.uuid) for row in chosen]}
    return SplitForm(
        data,
        objective=asked.spoken_of,
        drafts=asked.drafts,
        indicators=asked.continuing,
        initial={**start, **initial},
    )


def _merger_form(data: Any, asked: _Asked, initial: dict[str, Any]) -> ProposalForm:
    objective = asked.spoken_of
    rows = _objectives(asked.amendment).filter(state=PlanState.APPROVED).exclude(pk=objective.pk)
    if asked.amendment.unit_id is not None:
        rows = rows.filter(unit=asked.amendment.unit_id)
    start: dict[str, Any] = {}
    if asked.change is not None:
        result = asked.change.results.first()
        start = {
            "objectives": [str(row.uuid) for row in asked.change.objectives.all()],
            "results": str(result.uuid) if result else None,
        }
    return MergerForm(
        data,
        objective=objective,
        others=list(rows.order_by("code", "pk")),
        drafts=asked.drafts,
        indicators=asked.continuing,
        initial={**start, **initial},
    )


_FORMS: Final[Mapping[str, Callable[[Any, _Asked, dict[str, Any]], ProposalForm]]] = {
    ChangeKind.CHANGE: _change_form,
    ChangeKind.OWNER: _owner_form,
    ChangeKind.TARGET: _target_form,
    ChangeKind.WITHDRAW: _withdrawal_form,
    ChangeKind.ADD: _addition_form,
    ChangeKind.SPLIT: _split_form,
    ChangeKind.MERGE: _merger_form,
    ChangeKind.ACTIVITY: partial(_part_form, kind=ChangeKind.ACTIVITY),
    ChangeKind.RISK: partial(_part_form, kind=ChangeKind.RISK),
}
