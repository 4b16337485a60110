"""Forms that add a change to an amendment, change it, take it out, or start it from the present."""

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ibzplan.core.errors import DomainError, EditConflict
from ibzplan.core.localised import LocalisedText
from ibzplan.core.views import refused_as_403
from objectives.indicators.models import Indicator
from objectives.planning.choices import PART_KINDS, AmendmentState, ChangeKind
from objectives.planning.forms.amendments import NEW, StartForm, VersionForm
from objectives.planning.forms.common import offer_again
from objectives.planning.forms.proposals import ProposalForm, add_refusal
from objectives.planning.models import Amendment, AmendmentChange, OperationalObjective
from objectives.planning.selectors.amendments import (
    indicators_of,
    may_edit,
    may_propose,
    open_amendments_on,
    own_drafts,
)
from objectives.planning.selectors.comparison import change_fields, names_of
from objectives.planning.selectors.going_along import codes_seen
from objectives.planning.services.amendment_changes import (
    change_add,
    change_rebase,
    change_remove,
    change_update,
)
from objectives.planning.services.amendments import amendment_create
from objectives.planning.views.amendments import amendment_breadcrumb, amendment_or_404
from objectives.planning.views.lookup import objective_or_404
from objectives.planning.views.objectives import breadcrumb_of
from objectives.planning.views.proposal_forms import (
    PROPOSAL_FORMS,
    ProposalAsked,
    objectives_of,
    proposal_form,
)
from objectives.planning.views.proposal_parts import choose_part, part_asked, part_of, part_titles
from personnel.access import Access, signed_in
from personnel.choices import Role

# Kinds that bring drafts of the plan into force: without a draft there is nothing to fill in.
_NEED_DRAFTS: Final = (ChangeKind.ADD, ChangeKind.SPLIT, ChangeKind.MERGE)


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
    if kind not in PROPOSAL_FORMS:
        raise Http404
    objective, indicator = _objective(request, amendment, access), None
    if kind == ChangeKind.TARGET:
        if objective is None:
            raise Http404
        indicator = _indicator(request, objective, access)
        if indicator is None:
            return _choose_indicator(request, amendment, objective, access)
    part = part_asked(request) if kind in PART_KINDS else None
    asked = ProposalAsked(
        amendment, access, objective, indicator, part=part, result=request.GET.get("result", "")
    )
    if kind in PART_KINDS and part is None:
        return choose_part(request, amendment, asked.spoken_of, kind)
    form = proposal_form(request, kind, asked)
    if request.method == "POST" and form.is_valid():
        try:
            with refused_as_403():
                change = change_add(
                    actor=signed_in(request.user), amendment=amendment, proposal=form.proposal()
                )
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
    form = proposal_form(request, change.kind, asked)
    theirs: list[Any] = []
    if request.method == "POST" and form.is_valid():
        try:
            with refused_as_403():
                change_update(
                    actor=signed_in(request.user),
                    change=change,
                    proposal=form.proposal(),
                    expected_version=form.cleaned_data["change_version"] or 0,
                )
        except EditConflict as error:
            stored = get_object_or_404(AmendmentChange, uuid=uuid)
            codes = codes_seen([stored], asked.access)
            theirs = list(change_fields(stored, names_of(asked.amendment.plan), codes))
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
        with refused_as_403():
            service(actor=signed_in(request.user), change=change, expected_version=version)
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


def _change_or_404(request: HttpRequest, uuid: UUID) -> tuple[AmendmentChange, ProposalAsked]:
    change = get_object_or_404(
        AmendmentChange.objects.select_related("amendment", "indicator", "indicator__owner"),
        uuid=uuid,
    )
    amendment, access = _writable(request, change.amendment.uuid)
    objective = objectives_of(amendment).filter(amendment_changes=change).first()
    part = part_of(change) if change.kind in PART_KINDS else None
    return change, ProposalAsked(amendment, access, objective, change.indicator, change, part)


def _objective(
    request: HttpRequest, amendment: Amendment, access: Access
) -> OperationalObjective | None:
    uuid = _uuid(request.GET.get("objective", ""))
    if uuid is None:
        return None
    found = get_object_or_404(objectives_of(amendment), uuid=uuid)
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
    asked: ProposalAsked,
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


def _template(kind: str, asked: ProposalAsked) -> str:
    """Return the page of a form: those with many fields have groups."""
    if asked.part is not None:
        return "planning/proposal_part_form.html"
    grouped = kind == ChangeKind.CHANGE
    return "planning/proposal_change_form.html" if grouped else "planning/proposal_form.html"
