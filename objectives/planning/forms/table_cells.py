"""The cells of a row in the table of objectives, and what they choose from."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from objectives.planning.forms.common import DateField, DateInput, ask_for_name, localised_of
from objectives.planning.models import OperationalPlan
from objectives.planning.selectors.offers import holders_offered, sub_units_offered
from objectives.planning.services.objective_sheets import ObjectiveSheet
from objectives.strategy.models import Werf
from personnel.models import ManagementFunction, OrganisationUnit

CELLS: Final = ("title_nl", "title_fr", "holder", "sub_unit", "starts_on", "ends_on")


@dataclass(frozen=True, slots=True)
class Offers:
    """What can be chosen in every row, read once: three queries."""

    holders: Mapping[str, ManagementFunction]
    sub_units: Mapping[str, OrganisationUnit]
    werven: Mapping[str, Werf]

    @classmethod
    def of(cls, plan: OperationalPlan, unit: OrganisationUnit) -> "Offers":
        """Return the choices of a unit in a plan year."""
        return cls(
            {row.code: row for row in holders_offered([unit], plan.year)},
            {row.code: row for row in sub_units_offered([unit], plan.year)},
            {
                str(row.uuid): row
                for row in Werf.objects.filter(objective__plan=plan.plan_id).order_by(
                    "objective__order", "order", "pk"
                )
            },
        )


def choices_of(rows: Mapping[str, Any], empty: str = "–") -> list[tuple[str, str]]:
    """Return the choices of a field, none first."""
    return [("", empty), *((key, str(row)) for key, row in rows.items())]


@dataclass(frozen=True, slots=True)
class Cell:
    """A field of a row, ready to be shown, with what is wrong with it."""

    field: forms.BoundField
    html: str
    errors: list[str]


def cell_of(bound: forms.BoundField) -> Cell:
    """Return a field with the look of a cell."""
    look = "form-select" if isinstance(bound.field.widget, forms.Select) else "form-control"
    errors = [str(error) for error in bound.errors] if bound.form.is_bound else []
    attrs: dict[str, str | bool] = {"class": f"{look} {look}-sm", "data-cell": bound.name}
    if errors:
        attrs["class"] = f"{look} {look}-sm is-invalid"
        attrs["aria-describedby"] = f"{bound.id_for_label}-error"
    return Cell(bound, bound.as_widget(attrs=attrs), errors)


class CellsForm(forms.Form):
    """What every row has: names, holder, sub-unit, dates."""

    title_nl = forms.CharField(label=_("Name in Dutch"), max_length=200, required=False)
    title_fr = forms.CharField(label=_("Name in French"), max_length=200, required=False)
    holder = forms.ChoiceField(label=_("Responsible holder"), required=False)
    sub_unit = forms.ChoiceField(label=_("Sub-unit"), required=False)
    starts_on = DateField(label=_("From"), widget=DateInput())
    ends_on = DateField(label=_("Until"), widget=DateInput())

    def __init__(self, *args: Any, offers: Offers, **kwargs: Any) -> None:
        """Give every cell its look and the row its choices."""
        super().__init__(*args, **kwargs)
        self.holders, self.sub_units = dict(offers.holders), dict(offers.sub_units)

    def offer(self) -> None:
        """Fill the choices of the row."""
        fields: dict[str, Any] = self.fields
        fields["holder"].choices = choices_of(self.holders)
        fields["sub_unit"].choices = choices_of(self.sub_units)

    def cells(self) -> list[Cell]:
        """Return the cells in the order of the columns."""
        return [cell_of(self[name]) for name in CELLS]

    @property
    def messages(self) -> list[str]:
        """Return what is wrong with the row as a whole."""
        return [str(error) for error in self.non_field_errors()] if self.is_bound else []

    def clean(self) -> dict[str, Any] | None:
        """Take a name in either language."""
        cleaned = super().clean()
        ask_for_name(self)
        return cleaned

    def filled(self, before: ObjectiveSheet | None = None) -> ObjectiveSheet:
        """Return what was typed, with what the table does not show as it was."""
        data = self.cleaned_data
        values: dict[str, Any] = {
            "title": localised_of(data, "title", before.title if before else None),
            "holder": self.holders.get(data["holder"]),
            "sub_unit": self.sub_units.get(data["sub_unit"]),
            "starts_on": data["starts_on"],
            "ends_on": data["ends_on"],
        }
        return replace(before, **values) if before else ObjectiveSheet(**values)
