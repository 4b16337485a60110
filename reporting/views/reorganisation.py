"""Pages of reorganisations: prepare one, look at everything that moves, carry it out."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ibzplan.core.clocks import Clocks
from ibzplan.core.errors import DomainError, EditConflict
from ibzplan.core.forms import add_domain_error, version_in
from ibzplan.core.localised import LocalisedText
from ibzplan.core.selectors import history_of
from ibzplan.core.views import refused_as_403
from objectives.indicators.formatting import period_text
from objectives.planning.forms.common import offer_again
from personnel.access import Access, access_of, signed_in
from personnel.models import OrganisationUnit
from personnel.services.units import unit_create
from reporting.choices import ReorganisationState
from reporting.forms import ReorganisationForm
from reporting.models import Reorganisation
from reporting.selectors.reorganisation import (
    Moves,
    applies_reorganisations,
    can_be_applied,
    prepares_reorganisations,
    reads_reorganisations,
    reorganisation_moves,
    reorganisations,
    titles_seen,
)
from reporting.services.reorganisation import (
    reorganisation_apply,
    reorganisation_create,
    reorganisation_update,
)


def _reader(request: HttpRequest) -> Access:
    """Return the access of whoever reads reorganisations; anyone else is refused."""
    access = access_of(request.user)
    if not reads_reorganisations(access):
        raise PermissionDenied
    return access


def _preparer(request: HttpRequest) -> Access:
    access = _reader(request)
    if not prepares_reorganisations(access):
        raise PermissionDenied
    return access


@require_safe
def reorganisation_list(request: HttpRequest) -> HttpResponse:
    """Show what is prepared and what was carried out."""
    access = _reader(request)
    return render(
        request,
        "reporting/reorganisation_list.html",
        {"rows": list(reorganisations()), "may_prepare": prepares_reorganisations(access)},
    )


@require_safe
def reorganisation_detail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show everything that would move, or what moved; nothing is written."""
    access = _reader(request)
    row = get_object_or_404(reorganisations(), uuid=uuid)
    is_draft = row.state == ReorganisationState.DRAFT
    moves = reorganisation_moves(row, Clocks.now().known_at) if is_draft else None
    may_apply = applies_reorganisations(access) and is_draft
    return render(
        request,
        "reporting/reorganisation_detail.html",
        {
            "row": row,
            "moves": moves,
            "titles_seen": titles_seen(moves, access) if moves else frozenset(),
            "returned": _returned(moves),
            "may_edit": prepares_reorganisations(access) and is_draft,
            "may_apply": may_apply and can_be_applied(row, timezone.localdate()),
            "must_wait": is_draft and not can_be_applied(row, timezone.localdate()),
            "history": history_of(row),
        },
    )


def _returned(moves: Moves | None) -> list[tuple[str, str]]:
    if moves is None:
        return []
    return [(row.indicator.code, period_text(row.period)) for row in moves.tasks.returned]


@require_http_methods(["GET", "HEAD", "POST"])
def reorganisation_new(request: HttpRequest) -> HttpResponse:
    """Prepare a reorganisation."""
    _preparer(request)
    form = ReorganisationForm(request.POST or None, initial={"key": uuid4()})
    if request.method == "POST" and form.is_valid():
        row = _save(request, form, None)
        if row is not None:
            return redirect("reporting:reorganisation", uuid=row.uuid)
    return _form_page(request, form, None)


@require_http_methods(["GET", "HEAD", "POST"])
def reorganisation_edit(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Change one that is prepared; when someone saved meanwhile, show both versions."""
    _preparer(request)
    row = get_object_or_404(reorganisations(), uuid=uuid)
    if row.state == ReorganisationState.APPLIED:
        messages.error(
            request, _("This reorganisation is carried out: prepare another one to mend it.")
        )
        return redirect("reporting:reorganisation", uuid=uuid)
    form = ReorganisationForm(
        request.POST or None, reorganisation=row, initial=ReorganisationForm.initial_of(row)
    )
    if request.method == "POST" and form.is_valid() and _save(request, form, row) is not None:
        return redirect("reporting:reorganisation", uuid=uuid)
    return _form_page(request, form, row)


def _save(
    request: HttpRequest, form: ReorganisationForm, row: Reorganisation | None
) -> Reorganisation | None:
    """Save what was typed, with the new unit that it names; None when it was refused."""
    actor = signed_in(request.user)
    try:
        with refused_as_403(), transaction.atomic():
            sheet = form.sheet(_successor(request, form))
            if row is None:
                row = reorganisation_create(actor=actor, sheet=sheet, uuid=form.cleaned_data["key"])
            else:
                reorganisation_update(
                    actor=actor,
                    reorganisation=row,
                    sheet=sheet,
                    expected_version=form.cleaned_data["version"] or 0,
                )
    except EditConflict as error:
        form.add_error(None, error.message)
        return None
    except DomainError as error:
        add_domain_error(form, error)
        return None
    messages.success(request, _("Saved. Nothing has moved yet."))
    return row


def _successor(request: HttpRequest, form: ReorganisationForm) -> OrganisationUnit:
    """Return the unit that was chosen, or make the one that was named."""
    data = form.cleaned_data
    if data["successor"] is not None:
        chosen: OrganisationUnit = data["successor"]
        return chosen
    again = Reorganisation.objects.select_related("successor").filter(uuid=data["key"]).first()
    if again is not None:  # the button was pressed twice
        return again.successor
    try:
        return unit_create(
            actor=signed_in(request.user),
            code=data["new_code"].strip(),
            title=LocalisedText({"nl": data["new_title_nl"], "fr": data["new_title_fr"]}),
            valid_from=data["takes_effect_on"],
        )
    except DomainError as error:
        if error.field:
            error.field = f"new_{error.field}"
        raise


def _form_page(
    request: HttpRequest, form: ReorganisationForm, row: Reorganisation | None
) -> HttpResponse:
    conflict: list[dict[str, Any]] = []
    if row is not None and form.is_bound:
        stored = reorganisations().get(pk=row.pk)
        if form.data.get("version") not in ("", None, str(stored.version)):
            conflict = _side_by_side(stored, form)
            offer_again(form, version=str(stored.version))
    return render(
        request,
        "reporting/reorganisation_form.html",
        {"form": form, "row": row, "conflict": conflict},
        status=422 if form.is_bound else 200,
    )


def _side_by_side(stored: Reorganisation, form: ReorganisationForm) -> list[dict[str, Any]]:
    """Return the fields in which the stored version and the typed one differ."""
    theirs, rows = ReorganisationForm.initial_of(stored), []
    for name, field in form.fields.items():
        if name in ("version", "key") or name not in theirs:
            continue
        many = name in ("units", "werven")
        typed = form.data.getlist(name) if many else form.data.get(name, "")  # type: ignore[attr-defined]
        old = [str(one) for one in theirs[name]] if many else str(theirs[name])
        if old != typed:
            rows.append({"label": field.label, "theirs": old, "mine": typed})
    return rows


@require_POST
def reorganisation_applying(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Carry it out, once the reader confirmed what the page showed."""
    _reader(request)
    row = get_object_or_404(reorganisations(), uuid=uuid)
    if not request.POST.get("confirmed"):
        messages.error(request, _("Confirm that you looked at everything that goes over."))
        return redirect("reporting:reorganisation", uuid=uuid)
    try:
        with refused_as_403():
            reorganisation_apply(
                actor=signed_in(request.user),
                reorganisation=row,
                expected_version=version_in(request.POST.get("version", "")) or 0,
            )
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(
            request, _("Everything went over into %(unit)s.") % {"unit": row.successor.code}
        )
    return redirect("reporting:reorganisation", uuid=uuid)
