"""The forms of an indicator: a new one below an objective, and another version of one."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ibzplan.core.errors import DomainError
from ibzplan.core.forms import QuantityField
from ibzplan.core.localised import fold
from objectives.indicators.choices import TargetKind
from objectives.indicators.models import Indicator, IndicatorDefinition
from objectives.indicators.services import sheet_of
from objectives.indicators.services.definition_checks import FIRST_DAY
from objectives.planning.forms.common import DateField, DateInput
from objectives.planning.forms.definition_groups import (
    COUNTED,
    JUDGED,
    JUDGED_RARE,
    LIMITS,
    WHAT,
    WHEN,
    GroupNames,
)
from objectives.planning.forms.definition_text import breakdowns_written, levels_written
from objectives.planning.forms.definitions import DefinitionForm, TextField
from objectives.planning.forms.interim import InterimRows
from objectives.planning.models import OperationalPlan
from objectives.planning.services.indicators import MAX_WEIGHT

INTERIM_ROWS: Final = 4
# What belongs to one change only: two writers do not differ in it.
_NOT_COMPARED: Final = frozenset({"version", "reason", "is_series_break", "takes_break_back"})


class IndicatorForm(InterimRows, DefinitionForm):
    """A new indicator below an objective: its definition, its target and its weight there."""

    target = QuantityField(label=_("Target"), required=False)
    target_due_on = DateField(label=_("To be reached by"), widget=DateInput())
    target_level = forms.CharField(
        label=_("Level to reach"),
        max_length=200,
        required=False,
        help_text=_("Only for levels: its name or its number; empty is the highest."),
    )
    weight = forms.IntegerField(label=_("Weight"), min_value=1, max_value=MAX_WEIGHT, initial=1)
    is_key = forms.BooleanField(
        label=_("Key indicator: off track here means the objective is at risk at best"),
        required=False,
    )
    key = forms.UUIDField(widget=forms.HiddenInput, required=False)
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
        self.add_rows(INTERIM_ROWS)

    def clean(self) -> dict[str, Any]:
        """Read the level to reach."""
        data = super().clean()
        self._level = self._read_level(data)
        return data

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

    def add_refusal(self, error: DomainError) -> None:
        """Name the row that was typed, and the level where that was typed."""
        field = self.typed_field(error.field or "")
        if field == "target" and self.cleaned_data.get("target_kind") == TargetKind.ORDINAL:
            field = "target_level"
        super().add_refusal(DomainError(error.code, error.message, field))


class DefineForm(DefinitionForm):
    """Another version of a definition, with the reason and the day from which it holds."""

    reason = TextField(
        label=_("Why does the definition change?"),
        rows=2,
        help_text=_("Needed once others saw the indicator or a figure was recorded."),
    )
    valid_from = DateField(
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
    takes_break_back = forms.BooleanField(
        label=_("Take the series break back: the figures can be compared after all"),
        required=False,
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
        GroupNames(
            _("Why it changes"), ("reason", "valid_from", "is_series_break", "takes_break_back")
        ),
    )

    def __init__(self, *args: Any, break_on: date | None = None, **kwargs: Any) -> None:
        """Start from the newest version; `break_on` is the day of a series break that it marks.

        That break stays unless the box to take it back is ticked: who puts a text right and
        changes the day neither takes it back nor marks another one.
        """
        super().__init__(*args, **kwargs)
        self.break_on = break_on
        if break_on is None:
            del self.fields["takes_break_back"]
        else:
            self.fields["takes_break_back"].help_text = gettext("The series breaks on %(day)s.") % {
                "day": date_format(break_on, "SHORT_DATE_FORMAT")
            }

    def clean(self) -> dict[str, Any]:
        """Refuse to take back a break of another day than the one it stands on, or to do both."""
        super().clean()
        data = self.cleaned_data
        if data.get("takes_break_back") and self.break_on is not None:
            if data.get("is_series_break"):
                self.add_error(
                    "takes_break_back", gettext("Mark a series break or take it back, not both.")
                )
            if data.get("valid_from") != self.break_on:
                self.add_error(
                    "valid_from",
                    gettext("To take the series break back, let this hold from its day: %(day)s.")
                    % {"day": date_format(self.break_on, "SHORT_DATE_FORMAT")},
                )
        return data

    def breaks_series(self) -> bool | None:
        """Return True to mark a series break, False to take one back, None to leave it so."""
        if self.cleaned_data["is_series_break"]:
            return True
        return False if self.cleaned_data.get("takes_break_back") else None

    @classmethod
    def initial_of(cls, indicator: Indicator, newest: IndicatorDefinition) -> dict[str, Any]:
        """Return what the form shows of an indicator whose newest version is given."""
        first_day = newest.valid_from if newest.valid_from > FIRST_DAY else None
        return {
            **cls.values_of(sheet_of(indicator, newest)),
            "valid_from": first_day,
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
            if name not in _NOT_COMPARED and _said(theirs.get(name)) != _said(mine[name])
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
