"""What an officer types about staffing."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from django import forms
from django.utils import timezone
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _

from ibzplan.core.clocks import FIRST_YEAR, LAST_YEAR
from ibzplan.core.forms import DateField, QuantityField, textarea
from personnel.choices import FigureOrigin, FlowPeriod, StaffKind, StaffMeasure, Statute
from personnel.models import StaffingFigure, StaffingFlow
from personnel.services.staffing import StaffingSheet, Versions
from personnel.services.staffing_flows import FlowSheet
from personnel.staffing.amounts import people
from personnel.staffing.flows import MONTHS_OF
from personnel.staffing.table import PARTS

_STATUTES: Final = tuple(statute.value for statute in Statute)
_REASON: Final = _("Needed where a figure of the past changes; it stays beside it.")


def _typed(measure: str, amount: int) -> str:
    """Return a stored amount in the form in which it can be typed back."""
    return str(QuantityField().prepare_value(people(measure, amount)))


class StaffingForm(forms.Form):
    """Who is on a line on a day, by statute."""

    measure = forms.ChoiceField(label=_("Counted in"), choices=StaffMeasure.choices)
    kind = forms.ChoiceField(label=_("Kind"), choices=StaffKind.choices)
    on = DateField(label=_("Day"), help_text=_("A plan stands on the last day of its year."))
    mandate = QuantityField(label=Statute.MANDATE.label, required=False)
    statutory = QuantityField(label=Statute.STATUTORY.label, required=False)
    contractual = QuantityField(label=Statute.CONTRACTUAL.label, required=False)
    all = QuantityField(
        label=Statute.ALL.label,
        required=False,
        help_text=_("Only where the three are not known; else they are added up."),
    )
    reason = forms.CharField(
        label=_("Reason"), required=False, widget=textarea(2), help_text=_REASON
    )
    version = forms.CharField(widget=forms.HiddenInput, required=False)

    @staticmethod
    def initial_of(
        measure: str, kind: str, on: date | None, figures: Mapping[str, StaffingFigure]
    ) -> dict[str, Any]:
        """Return what the form shows: the figures that count, by statute, on a day."""
        entered = {
            statute: row.version
            for statute, row in figures.items()
            if row.origin == FigureOrigin.ENTERED
        }
        has_parts = all(part in figures for part in PARTS)
        return {
            "measure": measure,
            "kind": kind,
            "on": on,
            **{
                statute: _typed(measure, row.amount)
                for statute, row in figures.items()
                if not (has_parts and statute == Statute.ALL)
            },
            "version": ".".join(str(entered.get(statute, 0)) for statute in _STATUTES),
        }

    def clean(self) -> dict[str, Any] | None:
        """Ask for a number at least."""
        cleaned = super().clean()
        if not self.errors and all(self.cleaned_data.get(name) is None for name in _STATUTES):
            self.add_error("mandate", _("Write at least one number; 0 is a number."))
        return cleaned

    def sheet(self) -> StaffingSheet:
        """Return what was typed, for the service."""
        data = self.cleaned_data
        return StaffingSheet(
            measure=data["measure"],
            kind=data["kind"],
            on=data["on"],
            amounts={statute: data[statute] for statute in _STATUTES},
        )

    def versions(self) -> Versions:
        """Return the versions that the page showed; 0 for what cannot be read."""
        parts = str(self.cleaned_data["version"]).split(".")
        return {
            statute: int(part) if part.isascii() and part.isdecimal() and len(part) < 10 else 0
            for statute, part in zip(_STATUTES, [*parts, "0", "0", "0", "0"], strict=False)
        }


def _parts() -> list[tuple[str, Any]]:
    """Return the year and its parts, by what stands in the address."""
    return [
        ("Y", FlowPeriod.YEAR.label),
        *((f"S{n}", f"{FlowPeriod.HALF.label} {n}") for n in (1, 2)),
        *((f"T{n}", f"{FlowPeriod.QUARTER.label} {n}") for n in (1, 2, 3, 4)),
        *((f"M{n:02d}", MONTHS[n]) for n in range(1, 13)),
    ]


class FlowForm(forms.Form):
    """Who came and who went on a line in a period."""

    measure = forms.ChoiceField(label=_("Counted in"), choices=StaffMeasure.choices)
    statute = forms.ChoiceField(
        label=_("Statute"), choices=Statute.choices, initial=Statute.ALL.value
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=StaffKind.choices)
    year = forms.IntegerField(label=_("Year"), min_value=FIRST_YEAR + 1, max_value=LAST_YEAR - 1)
    part = forms.ChoiceField(label=_("Period"), choices=_parts)
    inflow = QuantityField(label=_("Inflow"), help_text=_("Who came in this period; 0 for nobody."))
    outflow = QuantityField(label=_("Outflow"), help_text=_("Who left in this period."))
    reason = forms.CharField(
        label=_("Reason"), required=False, widget=textarea(2), help_text=_REASON
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    @staticmethod
    def initial_of(flow: StaffingFlow | None) -> dict[str, Any]:
        """Return what the form shows of a flow; of none: last year's."""
        if flow is None:
            return {"year": timezone.localdate().year - 1, "part": "Y", "version": 0}
        number = (flow.starts_on.month - 1) // MONTHS_OF[flow.resolution] + 1
        width = 2 if flow.resolution == FlowPeriod.MONTH else 1
        is_year = flow.resolution == FlowPeriod.YEAR
        return {
            "measure": flow.measure,
            "statute": flow.statute,
            "kind": flow.kind,
            "year": flow.starts_on.year,
            "part": "Y" if is_year else f"{flow.resolution}{number:0{width}d}",
            "inflow": _typed(flow.measure, flow.inflow),
            "outflow": _typed(flow.measure, flow.outflow),
            "version": flow.version,
        }

    def sheet(self) -> FlowSheet:
        """Return what was typed, for the service."""
        data = self.cleaned_data
        resolution, number = data["part"][0], int(data["part"][1:] or 1)
        return FlowSheet(
            measure=data["measure"],
            statute=data["statute"],
            kind=data["kind"],
            starts_on=date(data["year"], (number - 1) * MONTHS_OF[resolution] + 1, 1),
            resolution=resolution,
            inflow=data["inflow"],
            outflow=data["outflow"],
        )


class StaffingImportForm(forms.Form):
    """A table of one day."""

    measure = forms.ChoiceField(label=_("Counted in"), choices=StaffMeasure.choices)
    kind = forms.ChoiceField(label=_("Kind"), choices=StaffKind.choices)
    on = DateField(label=_("Day"), help_text=_("A plan stands on the last day of its year."))
    file = forms.FileField(
        label=_("Table (.xlsx or .csv)"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv,.txt"}),
        error_messages={"required": _("Choose the file that you saved.")},
    )
    decimal = forms.ChoiceField(
        label=_("Numbers that stand as text"),
        required=False,
        choices=[
            ("", _("Refuse those that can be read in two ways, such as 1.500")),
            (",", _("1.500,25: a comma before the decimals")),
            (".", _("1,500.25: a point before the decimals")),
        ],
    )


class StaffingApplyForm(forms.Form):
    """The list of changes that was looked at, and why they come."""

    reason = forms.CharField(
        label=_("Reason"), required=False, widget=textarea(2), help_text=_REASON
    )
    carried = forms.CharField(widget=forms.HiddenInput)
    fingerprint = forms.CharField(widget=forms.HiddenInput)


class WithdrawalForm(forms.Form):
    """Why a figure counts no more."""

    reason = forms.CharField(label=_("Reason"), widget=textarea(2))
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
