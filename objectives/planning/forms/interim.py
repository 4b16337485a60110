"""Rows of a date and a value: the interim targets on the way to the final one."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.functional import Promise
from django.utils.translation import gettext

from ibzplan.core.forms import QuantityField
from objectives.planning.forms.common import DateField, DateInput


def _number_field(label: str | Promise) -> forms.Field:
    return QuantityField(label=label, required=False)


class InterimRows(forms.Form):
    """A form with as many rows as `add_rows` made; an empty one says nothing."""

    row_numbers: range = range(0)

    def add_rows(
        self, count: int, value_field: Callable[[str], forms.Field] = _number_field
    ) -> None:
        """Make the fields interim_1_due_on, interim_1_value and so on."""
        self.row_numbers = range(1, count + 1)
        for row in self.row_numbers:
            self.fields[f"interim_{row}_due_on"] = DateField(
                label=gettext("Interim target %(row)s: date") % {"row": row},
                required=False,
                widget=DateInput(),
            )
            self.fields[f"interim_{row}_value"] = value_field(
                gettext("Interim target %(row)s: value") % {"row": row}
            )

    def clean(self) -> dict[str, Any]:
        """Check that interim targets have a date of their own and a value."""
        data = super().clean() or self.cleaned_data
        used: set[date] = set()
        for row in self.row_numbers:
            day, value = data.get(f"interim_{row}_due_on"), data.get(f"interim_{row}_value")
            if (day is None) != (value is None) and not self._row_has_error(row):
                name = "due_on" if day is None else "value"
                self.add_error(
                    f"interim_{row}_{name}", gettext("Give both the date and the value.")
                )
            if day in used:
                self.add_error(f"interim_{row}_due_on", gettext("This date stands there already."))
            used |= {day} if day else set()
        return data

    def _row_has_error(self, row: int) -> bool:
        return any(
            name in self.errors for name in (f"interim_{row}_due_on", f"interim_{row}_value")
        )

    def interim(self) -> list[tuple[date, Decimal]]:
        """Return the interim targets, in the order in which they were typed."""
        data = self.cleaned_data
        return [
            (data[f"interim_{row}_due_on"], data[f"interim_{row}_value"])
            for row in self.row_numbers
            if data[f"interim_{row}_due_on"] is not None
        ]

    def interim_fields(self) -> list[BoundField]:
        """Return the fields of all rows, date before value."""
        return [
            self[f"interim_{row}_{part}"]
            for row in self.row_numbers
            for part in ("due_on", "value")
        ]

    def typed_field(self, name: str) -> str:
        """Return the field of the row that a service counts, which knows no empty rows."""
        if not name.startswith("interim_"):
            return name
        _word, number, part = name.split("_", 2)
        rows = [
            row
            for row in self.row_numbers
            if self.cleaned_data.get(f"interim_{row}_due_on") is not None
        ]
        return f"interim_{rows[int(number) - 1]}_{part}"
