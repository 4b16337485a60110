"""The form that changes the targets of an indicator in a draft objective."""

from datetime import date
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from ibzplan.core.errors import DomainError
from ibzplan.core.forms import QuantityField, add_domain_error
from objectives.indicators.choices import TargetKind
from objectives.indicators.models import Indicator
from objectives.planning.forms.common import DateField, DateInput, level_choices, textarea
from objectives.planning.forms.definition_groups import Cell
from objectives.planning.forms.interim import InterimRows
from objectives.planning.services import PlannedTargets

FREE_ROWS: Final = 2
WITHOUT_VALUE: Final = (TargetKind.RANGE, TargetKind.MILESTONE)


class TargetForm(InterimRows):
    """The final target and the interim ones, as far as the kind of indicator knows them."""

    target = QuantityField(label=_("Target"), required=False)
    target_level = forms.TypedChoiceField(
        label=_("Level to reach"), required=False, coerce=int, empty_value=None
    )
    target_due_on = DateField(label=_("To be reached by"), widget=DateInput())
    reason = forms.CharField(
        label=_("Why does the target change?"),
        max_length=500,
        required=False,
        widget=textarea(2),
        help_text=_("Needed for what takes the place of an earlier target. It stays on record."),
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, indicator: Indicator, targets: PlannedTargets, year: int, **kwargs: Any
    ) -> None:
        """Start from the targets that count; two rows are left for new interim ones."""
        super().__init__(*args, **kwargs)
        self.indicator, fields = indicator, self.fields
        kind, final = indicator.target_kind, targets.final
        fields["target_due_on"].initial = final.due_on if final else date(year, 12, 31)
        if kind == TargetKind.ORDINAL:
            fields["target_level"].choices = level_choices(indicator)  # type: ignore[attr-defined]
            fields["target_level"].initial = final.level if final else None
        else:
            del fields["target_level"]
        if kind in (TargetKind.ORDINAL, *WITHOUT_VALUE):
            del fields["target"]
        else:
            fields["target"].initial = final.value if final else None
            fields["target"].help_text = str(indicator.unit_of_measure)
        if kind not in WITHOUT_VALUE:
            self._add_interim(targets)

    def _add_interim(self, targets: PlannedTargets) -> None:
        is_ordinal = self.indicator.target_kind == TargetKind.ORDINAL
        count = len(targets.interim) + FREE_ROWS
        if is_ordinal:
            self.add_rows(count, self._level_field)
        else:
            self.add_rows(count)
        for row, target in enumerate(targets.interim, start=1):
            self.fields[f"interim_{row}_due_on"].initial = target.due_on
            self.fields[f"interim_{row}_value"].initial = (
                target.level if is_ordinal else target.value
            )

    def _level_field(self, label: str) -> forms.Field:
        return forms.TypedChoiceField(
            label=label,
            required=False,
            coerce=Decimal,
            empty_value=None,
            choices=level_choices(self.indicator),
        )

    def final_cells(self) -> list[Cell]:
        """Return the fields of the final target."""
        names = ("target", "target_level", "target_due_on")
        return [Cell(self[name]) for name in names if name in self.fields]

    def interim_cells(self) -> list[Cell]:
        """Return the fields of the interim targets; none for a kind without a path."""
        return [Cell(field) for field in self.interim_fields()]

    def add_refusal(self, error: DomainError) -> None:
        """Show a broken rule at the field that was typed."""
        field = self.typed_field(error.field or "")
        if field == "target" and self.indicator.target_kind == TargetKind.ORDINAL:
            field = "target_level"
        add_domain_error(self, DomainError(error.code, error.message, field))
