"""Recording what of a line's credits was used, and correcting it."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from budget.forms import ExecutionForm
from budget.models import CreditExecution, CreditLine
from budget.money import keur_text
from budget.selectors import execution_of_day
from budget.services import execution_record
from budget.views.asked import line_or_404, must_keep
from budget.views.line import form_page
from ibzplan.core.errors import DomainError, EditConflict
from ibzplan.core.forms import add_domain_error, offer_again
from ibzplan.core.views import refused_as_403
from personnel.access import signed_in


@require_http_methods(["GET", "HEAD", "POST"])
def execution_new(request: HttpRequest, code: str) -> HttpResponse:
    """Record a figure; with `?on=` the form begins with that of a day, to be corrected."""
    must_keep(request)
    line = line_or_404(code)
    of_day = _of_day(line, request.GET.get("on", ""))
    form = ExecutionForm(request.POST or None, initial=ExecutionForm.initial_of(of_day))
    conflict: list[dict[str, Any]] = []
    if request.method == "POST" and form.is_valid():
        try:
            with refused_as_403():
                row = execution_record(
                    actor=signed_in(request.user),
                    line=line,
                    sheet=form.sheet(),
                    reason=form.cleaned_data["reason"],
                    corrects=form.cleaned_data["corrects"],
                )
        except EditConflict as error:
            form.add_error(None, error.message)
            conflict = _beside(form, error.theirs)
        except DomainError as error:
            add_domain_error(form, error)
        else:
            messages.success(
                request,
                _("The figure of %(day)s is recorded.")
                % {"day": date_format(row.on, "SHORT_DATE_FORMAT")},
            )
            return redirect("budget:credit_line", code=code)
    heading = _("Correct the execution") if of_day else _("Execution up to a day")
    return form_page(request, form, heading=heading, of=line, conflict=conflict)


def _of_day(line: CreditLine, text: str) -> CreditExecution | None:
    try:
        day = parse_date(text)
    except ValueError:
        day = None
    return execution_of_day(line, day) if day else None


def _beside(form: ExecutionForm, theirs: Mapping[str, Any]) -> list[dict[str, str]]:
    offer_again(form, corrects=str(theirs["corrects"]))
    return [
        {
            "label": str(form.fields[name].label),
            "theirs": keur_text(theirs[name]),
            "mine": keur_text(form.cleaned_data[name]),
        }
        for name in ("committed", "paid")
        if theirs[name] != form.cleaned_data[name]
    ]
