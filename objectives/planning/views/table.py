"""The objectives of a unit in one table: enter and edit many at once."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from objectives.planning.choices import PlanState
from objectives.planning.forms.table import ObjectiveTable
from objectives.planning.selectors.table import table_objectives
from objectives.planning.services.table import RowsRefused, SavedRows, objectives_save_all
from objectives.planning.views.lookup import own_units, year_or_404
from personnel.access import access_of, signed_in
from personnel.models import OrganisationUnit


@require_http_methods(["GET", "HEAD", "POST"])
def objective_table(request: HttpRequest, year: int) -> HttpResponse:
    """Edit the objectives of one's unit as rows; everything is saved, or nothing."""
    plan = year_or_404(year)
    units = own_units(access_of(request.user))
    if not units or plan.state == PlanState.CLOSED:
        raise PermissionDenied
    unit = _unit(request, units)
    posted = request.POST if request.method == "POST" else None
    table = ObjectiveTable.of(plan, unit, table_objectives(plan, unit), posted)
    address = f"{reverse('planning:objective_table', args=[year])}?unit={unit.code}"
    if posted is not None and posted.get("action") != "more" and _saved(request, table):
        return redirect(address)
    return render(
        request,
        "planning/objective_table.html",
        {
            "table": table,
            "plan": plan,
            "unit": unit,
            "units": units,
            "address": address,
            "demo_mark": plan.is_demo,
            "breadcrumb": [
                {"label": _("Dashboard"), "url": reverse("reporting:dashboard")},
                {"label": unit.code, "url": reverse("planning:unit", args=[unit.code])},
                {"label": _("Table"), "url": ""},
            ],
        },
    )


def _unit(request: HttpRequest, units: list[OrganisationUnit]) -> OrganisationUnit:
    """Return the unit that the address names, or the first of one's own."""
    code = request.GET.get("unit", "")
    return next((unit for unit in units if unit.code == code), units[0])


def _saved(request: HttpRequest, table: ObjectiveTable) -> bool:
    """Save all rows if all can be; what stands in the way is shown at its row."""
    if not table.is_valid():
        return False
    try:
        done = objectives_save_all(
            actor=signed_in(request.user),
            plan=table.plan,
            changed=table.changes(),
            new=table.additions(),
        )
    except RowsRefused as error:
        table.refuse(error.errors)
        return False
    messages.success(request, _said(done))
    return True


def _said(done: SavedRows) -> str:
    changed = ngettext(
        "%(count)d objective changed.", "%(count)d objectives changed.", done.changed
    ) % {"count": done.changed}
    if not done.made:
        return changed if done.changed else _("Nothing was changed.")
    made = _("New: %(codes)s.") % {"codes": ", ".join(one.code for one in done.made)}
    return f"{changed} {made}" if done.changed else made
