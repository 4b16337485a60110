"""The staffing of a day as a table: handed out, handed in, looked at, applied."""

from datetime import date
from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ibzplan.core.clocks import Clocks
from ibzplan.core.errors import DomainError, EditConflict
from ibzplan.core.forms import add_domain_error, offer_again
from ibzplan.core.table_files import Problem, UnreadableFile
from ibzplan.core.table_files.handed import carried_read, carried_sign, table_response
from ibzplan.core.views import refused_as_403
from personnel.access import access_of, signed_in
from personnel.choices import StaffKind, StaffMeasure
from personnel.services.staffing import check_day, may_keep_staffing
from personnel.services.staffing_import import (
    StaffingCheck,
    import_needs_reason,
    staffing_import,
    staffing_import_check,
)
from personnel.staffing import staffing_read
from personnel.staffing_file import (
    PeopleRow,
    staffing_file_read,
    template_columns,
    template_rows,
)
from personnel.staffing_forms import StaffingApplyForm, StaffingImportForm
from personnel.staffing_views import cell_asked, staffing_trail

_SALT: Final = "personnel.import"


def _must_keep(request: HttpRequest) -> None:
    if not may_keep_staffing(access_of(request.user)):
        raise PermissionDenied


@require_http_methods(["GET", "HEAD", "POST"])
def import_page(request: HttpRequest) -> HttpResponse:
    """Offer the table of a day and take it in; with a file, show what it would change."""
    _must_keep(request)
    measure, kind, on = cell_asked(request)
    initial = {"measure": measure, "kind": kind, "on": on}
    is_handed = request.method == "POST"
    form = (
        StaffingImportForm(request.POST, request.FILES)
        if is_handed
        else StaffingImportForm(initial=initial)
    )
    if is_handed and form.is_valid():
        data = form.cleaned_data
        try:
            check_day(data["kind"], data["on"])
            content = data["file"].read()
            found = staffing_file_read(content, data["measure"], decimal=data["decimal"])
        except UnreadableFile as error:
            form.add_error("file", error.message)
        except DomainError as error:
            add_domain_error(form, error)
        else:
            carried = {
                "measure": data["measure"],
                "kind": data["kind"],
                "on": data["on"].isoformat(),
                "file": data["file"].name,
                "rows": [row.as_json() for row in found.rows],
                "empty": found.empty,
                "sheet": found.table.sheet,
                "columns": found.columns,
            }
            return _preview(request, carried, problems=found.problems)
    return render(
        request,
        "personnel/staffing_import.html",
        {
            "form": form,
            "measure": StaffMeasure(measure),
            "kind": StaffKind(kind),
            "on": on,
            "breadcrumb": staffing_trail((_("Hand in a table"), "")),
        },
        status=422 if form.errors else 200,
    )


def _check(carried: dict[str, Any]) -> StaffingCheck:
    return staffing_import_check(
        staffing_read(Clocks.now()),
        [PeopleRow.from_json(row) for row in carried["rows"]],
        measure=carried["measure"],
        kind=carried["kind"],
        on=date.fromisoformat(carried["on"]),
        sheet=carried["sheet"],
        columns=carried["columns"],
    )


def _preview(
    request: HttpRequest,
    carried: dict[str, Any],
    *,
    problems: list[Problem] | None = None,
    form: StaffingApplyForm | None = None,
) -> HttpResponse:
    """Show what is wrong with the file, or what it would change; nothing is written."""
    check = _check(carried)
    found = sorted([*(problems or []), *check.problems], key=lambda one: (one.row, one.column))
    signed = carried_sign(request, carried, salt=_SALT)
    if form is None:
        form = StaffingApplyForm(initial={"carried": signed, "fingerprint": check.fingerprint})
    else:
        offer_again(form, carried=signed, fingerprint=check.fingerprint)
    on = date.fromisoformat(carried["on"])
    form.fields["reason"].required = import_needs_reason(check.changes, carried["kind"], on)
    return render(
        request,
        "personnel/staffing_import_preview.html",
        {
            "form": form,
            "file_name": carried["file"],
            "measure": StaffMeasure(carried["measure"]),
            "kind": StaffKind(carried["kind"]),
            "on": on,
            "problems": found,
            "changes": check.changes,
            "kept": check.kept,
            "unchanged": check.unchanged,
            "empty": carried["empty"],
            "breadcrumb": staffing_trail(
                (_("Hand in a table"), reverse("personnel:staffing_import")),
                (carried["file"], ""),
            ),
        },
        status=422 if found or form.errors else 200,
    )


@require_POST
def import_apply(request: HttpRequest) -> HttpResponse:
    """Write the changes that were looked at, all of them or none."""
    _must_keep(request)
    form = StaffingApplyForm(request.POST)
    carried = carried_read(request, salt=_SALT)
    if carried is None:
        messages.error(
            request, _("The list of changes is too old, or not whole. Hand the file in again.")
        )
        return redirect("personnel:staffing_import")
    if not form.is_valid():
        return _preview(request, carried, form=form)
    try:
        with refused_as_403():
            count = staffing_import(
                actor=signed_in(request.user),
                measure=carried["measure"],
                kind=carried["kind"],
                on=date.fromisoformat(carried["on"]),
                rows=[PeopleRow.from_json(row) for row in carried["rows"]],
                fingerprint=form.cleaned_data["fingerprint"],
                file_name=carried["file"],
                reason=form.cleaned_data["reason"],
            )
    except EditConflict as error:
        form.add_error(None, error.message)
        return _preview(request, carried, form=form)
    except DomainError as error:
        add_domain_error(form, error)
        return _preview(request, carried, form=form)
    text = ngettext("%(count)s line is entered.", "%(count)s lines are entered.", count)
    messages.success(request, text % {"count": count})
    return redirect(f"{reverse('personnel:staffing_lines')}?measure={carried['measure']}")


@require_safe
def import_table(request: HttpRequest) -> HttpResponse:
    """Hand out the table of a day, with what stands now, as XLSX or CSV."""
    _must_keep(request)
    measure, kind, on = cell_asked(request)
    columns = template_columns(measure)
    rows = template_rows(staffing_read(Clocks.now()), measure, kind, on)
    day = f"-{on.isoformat()}" if on else ""
    return table_response(
        columns,
        rows,
        title=str(StaffMeasure(measure).label),
        name=f"ibzplan-{slugify(_('Staffing'))}-{measure}{day}",
        is_csv=request.GET.get("format") == "csv",
    )
