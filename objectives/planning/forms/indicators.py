"""The forms of an indicator: a new one below an objective, and another version of one."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ibzplan.core.errors import DomainError
from ibzplan.core.forms import QuantityField
from ibzplan.core.localised import fold
from objectives.indicators.choices import TargetKind
from objectives.indicators.models import Indicator, IndicatorDefinition
from objectives.indicators.services import sheet_of
from objectives.indicators.services.definition_checks import FIRST_DAY
from objectives.planning.forms.common import DateInput
from objectives.planning.forms.definition_text import breakdowns_written, levels_written
from objectives.planning.forms.definitions import (
    COUNTED,
    JUDGED,
    JUDGED_RARE,
    LIMITS,
    WHAT,
    WHEN,
    DefinitionForm,
    GroupNames,
    TextField,
)
from objectives.planning.models import OperationalPlan

INTERIM_ROWS: Final = 4


class IndicatorForm(DefinitionForm):
    """A new indicator below an objective: its definition, its target and its weight there."""

    target = QuantityField(label=_("Target"), required=False)
    target_due_on = forms.DateField(label=_("To be reached by"), widget=DateInput())
    target_level = forms.CharField(
        label=_("Level to reach"),
        max_length=200,
        required=False,
        help_text=_("Only for levels: its name or its number; empty is the highest."),
    )
    weight = forms.IntegerField(label=_("Weight"), min_value=1, max_value=100, initial=1)
    is_key = forms.BooleanField(
        label=_("Key indicator: off track here means the objective is at risk at best"),
        required=False,
    )
    group_names = (
        WHAT,
        COUNTED,
        GroupNames(
            _("How it is judged"),
            (*JUDGED, "target", "target_due_on"),
            (
                *("levels", "target_level"),
                *(name for name in JUDGED_RARE if name != "levels"),
                *(
                    f"interim_{row}_{part}"
                    for row in range(1, INTERIM_ROWS + 1)
                    for part in ("due_on", "value")
                ),
            ),
            _("Levels, range, tolerance, thresholds, interim targets"),
        ),
        WHEN,
        LIMITS,
        GroupNames(_("In this objective"), ("weight", "is_key")),
    )

    def __init__(self, *args: Any, plan: OperationalPlan, **kwargs: Any) -> None:
        """Start from the plan year."""
        super().__init__(*args, **kwargs)
        self.fields["baseline_date"].initial = date(plan.year - 1, 12, 31)
        self.fields["target_due_on"].initial = date(plan.year, 12, 31)
        for row in range(1, INTERIM_ROWS + 1):
            self.fields[f"interim_{row}_due_on"] = forms.DateField(
                label=gettext("Interim target %(row)s: date") % {"row": row},
                required=False,
                widget=DateInput(),
            )
            self.fields[f"interim_{row}_value"] = QuantityField(
                label=gettext("Interim target %(row)s: value") % {"row": row}, required=False
            )

    def clean(self) -> dict[str, Any]:
        """Read the level to reach; interim targets have a date of their own and a value."""
        data = super().clean() or self.cleaned_data
        self._level = self._read_level(data)
        used: set[date] = set()
        for row in range(1, INTERIM_ROWS + 1):
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

    def _read_level(self, data: Mapping[str, Any]) -> int | None:
        """Return the number of the level that was named; the highest when none was."""
        levels: list[dict[str, Any]] = data.get("levels") or []
        if data.get("target_kind") != TargetKind.ORDINAL or not levels:
            return None
        typed = (data.get("target_level") or "").strip()
        if not typed:
            return len(levels) - 1
        if typed.isascii() and typed.isdecimal() and int(typed) < len(levels):
            return int(typed)
        for number, level in enumerate(levels):
            if fold(typed) in {fold(level.get(language, "")) for language in ("nl", "fr")}:
                return number
        self.add_error(
            "target_level",
            gettext("“%(value)s” is not one of the levels. Type its name, or 0 to %(highest)s.")
            % {"value": typed, "highest": len(levels) - 1},
        )
        return None

    def level_to_reach(self) -> int | None:
        """Return the level to reach of an ordinal indicator, else None."""
        return self._level

    def interim(self) -> list[tuple[date, Decimal]]:
        """Return the interim targets, in the order in which they were typed."""
        data = self.cleaned_data
        return [
            (data[f"interim_{row}_due_on"], data[f"interim_{row}_value"])
            for row in range(1, INTERIM_ROWS + 1)
            if data[f"interim_{row}_due_on"] is not None
        ]

    def add_refusal(self, error: DomainError) -> None:
        """Name the row that was typed: empty rows between them do not count in the service."""
        field = error.field or ""
        if field.startswith("interim_"):
            _word, number, part = field.split("_", 2)
            rows = [
                row
                for row in range(1, INTERIM_ROWS + 1)
                if self.cleaned_data.get(f"interim_{row}_due_on") is not None
            ]
            field = f"interim_{rows[int(number) - 1]}_{part}"
        elif field == "target" and self.cleaned_data.get("target_kind") == TargetKind.ORDINAL:
            field = "target_level"
        super().add_refusal(DomainError(error.code, error.message, field))


class DefineForm(DefinitionForm):
    """Another version of a definition, with the reason and the day from which it holds."""

    reason = TextField(
        label=_("Why does the definition change?"),
        rows=2,
        help_text=_("Needed once others saw the indicator or a figure was recorded."),
    )
    valid_from = forms.DateField(
        label=_("Holds for figures from"),
        required=False,
        widget=DateInput(),
        help_text=_("Empty: for all figures."),
    )
    is_series_break = forms.BooleanField(
        label=_("Series break: figures before and after this day cannot be compared"),
        required=False,
        help_text=_(
            "Every chart shows the break with its reason, and the forecast starts anew there."
        ),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    group_names = (
        WHAT,
        COUNTED,
        GroupNames(
            _("How it is judged"),
            JUDGED,
            JUDGED_RARE,
            _("Levels, range, tolerance, thresholds"),
        ),
        WHEN,
        LIMITS,
        GroupNames(_("Why it changes"), ("reason", "valid_from", "is_series_break")),
    )

    @classmethod
    def initial_of(cls, indicator: Indicator, newest: IndicatorDefinition) -> dict[str, Any]:
        """Return what the form shows of an indicator whose newest version is given."""
        first_day = newest.valid_from if newest.valid_from > FIRST_DAY else None
        return {
            **cls.values_of(sheet_of(indicator)),
            "valid_from": first_day,
            "is_series_break": newest.is_series_break,
            "version": indicator.version,
        }

    def differences(self, theirs: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Return label, stored and typed value of every field in which they differ."""
        mine = {
            **self.cleaned_data,
            "levels": levels_written(self.cleaned_data["levels"]),
            "disaggregations": breakdowns_written(self.cleaned_data["disaggregations"]),
        }
        return [
            {
                "label": field.label,
                "theirs": self._shown(name, theirs.get(name)),
                "mine": self._shown(name, mine[name]),
            }
            for name, field in self.fields.items()
            if name not in ("version", "reason") and _said(theirs.get(name)) != _said(mine[name])
        ]

    def _shown(self, name: str, value: Any) -> Any:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            return dict(field.choices).get(value, value)  # type: ignore[arg-type]
        if isinstance(field, forms.BooleanField):
            return gettext("Yes") if value else gettext("No")
        return field.prepare_value(value) if value is not None else ""


def _said(value: Any) -> Any:
    """Return None for what says nothing; zero says something."""
    return None if value is None or value == "" else value
