"""The form of one figure: the whole, its parts, the explanation, what was confirmed."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final

from django import forms
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ibzplan.core.errors import DomainError
from ibzplan.core.forms import QuantityField, add_domain_error
from ibzplan.core.localised import LocalisedText
from objectives.indicators.breakdowns import Dimension, dimensions_of
from objectives.indicators.choices import TargetKind
from objectives.indicators.formatting import period_text
from objectives.indicators.models import Indicator
from objectives.indicators.periods import Period
from objectives.indicators.services import ConfirmationRequired, Figure, FigurePart
from objectives.planning.forms.common import DateField, DateInput, level_choices, textarea

KIND_FIELDS: Final = ("value", "numerator", "denominator", "level", "done_on", "forecast_on")
NARRATIVES: Final = {
    "nl": _("What explains the figure? (in Dutch)"),
    "fr": _("What explains the figure? (in French)"),
}


@dataclass(frozen=True, slots=True)
class OpenPeriod:
    """A period that takes a figure; `current` is the UUID of the one it has, '' for none."""

    period: Period
    current: str = ""
    remark: str = ""

    @property
    def label(self) -> str:
        """Return e.g. 'T3 2026 (92,7 %)'."""
        name = period_text(self.period)
        return f"{name} ({self.remark})" if self.remark else name


@dataclass(frozen=True, slots=True)
class PartFields:
    """One part of a breakdown with its field, or the two of a ratio."""

    title: str
    fields: tuple[forms.BoundField, ...]


@dataclass(frozen=True, slots=True)
class DimensionFields:
    """The fields of one dimension, grouped under its title."""

    dimension: Dimension
    parts: tuple[PartFields, ...]


def _preselected(periods: Iterable[OpenPeriod]) -> str | None:
    """Return the latest ended period without a figure, else the latest ended one, if any."""
    today = timezone.localdate()
    ended = [one for one in periods if one.period.end <= today]
    wanted = [one for one in ended if not one.current] or ended
    return str(max(wanted, key=lambda one: one.period.end).period) if wanted else None


def _field_name(key: str, number: str = "") -> str:
    """Return the name under which services speak of a part, with the second number of a ratio."""
    return f"breakdown:{key}:{number}" if number else f"breakdown:{key}"


class MeasurementForm(forms.Form):
    """One figure; only the fields that the indicator's kind uses."""

    period = forms.ChoiceField(label=_("Period"))
    value = QuantityField(label=_("Value"), required=False)
    numerator = QuantityField(label=_("Numerator"), required=False)
    denominator = QuantityField(label=_("Denominator"), required=False)
    level = forms.TypedChoiceField(
        label=_("Level reached"), required=False, coerce=int, empty_value=None
    )
    done_on = DateField(label=_("Done on"), required=False, widget=DateInput())
    forecast_on = DateField(label=_("Expected on"), required=False, widget=DateInput())
    # Nobody types in it: what is wrong with the parts together is said here.
    breakdown = forms.CharField(widget=forms.HiddenInput, required=False)
    clear_parts = forms.BooleanField(
        label=_("Take away the parts that I leave empty"), required=False
    )
    narrative_nl = forms.CharField(label=NARRATIVES["nl"], required=False, widget=textarea(2))
    narrative_fr = forms.CharField(label=NARRATIVES["fr"], required=False, widget=textarea(2))
    reason = forms.CharField(
        label=_("Reason of the correction"),
        required=False,
        help_text=_("Only when the period has a figure already."),
    )
    # "2026-T1=<uuid>,2026-T2=": the figures that the user saw when the form was made.
    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    # "<fingerprint of the figure>:outlier,unchanged": the warnings that the user looked at.
    confirmed = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, indicator: Indicator, periods: Iterable[OpenPeriod], **kwargs: Any
    ) -> None:
        """Keep the fields of the kind; offer the periods given."""
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        offered = list(periods)
        self.is_ratio = indicator.is_ratio
        self.split = dimensions_of(indicator.disaggregations)
        self.warnings: tuple[str, ...] = ()
        self.to_confirm = ""
        self.now = ",".join(f"{one.period}={one.current}" for one in offered)
        fields["seen"].initial = self.now
        fields["period"].choices = [(str(one.period), one.label) for one in offered]
        fields["period"].initial = _preselected(offered)
        fields["level"].choices = level_choices(indicator)
        unit = str(indicator.unit_of_measure)
        if unit and not indicator.is_ratio:
            fields["value"].help_text = unit
        for name in set(KIND_FIELDS) - set(self.fields_of(indicator)):
            del fields[name]
        self._add_parts(fields)

    def _add_parts(self, fields: dict[str, Any]) -> None:
        if not self.split:
            del fields["clear_parts"]
        for dimension in self.split:
            for key, member in zip(dimension.keys(), dimension.members, strict=True):
                title = str(member.title)
                if not self.is_ratio:
                    fields[_field_name(key)] = QuantityField(label=title, required=False)
                    continue
                fields[_field_name(key)] = QuantityField(label=_("Numerator"), required=False)
                fields[_field_name(key, "denominator")] = QuantityField(
                    label=_("Denominator"), required=False
                )

    @staticmethod
    def fields_of(indicator: Indicator) -> tuple[str, ...]:
        """Return the names of the fields that hold this kind's figure."""
        if indicator.target_kind == TargetKind.MILESTONE:
            return ("done_on", "forecast_on")
        if indicator.target_kind == TargetKind.ORDINAL:
            return ("level",)
        return ("numerator", "denominator") if indicator.is_ratio else ("value",)

    @property
    def figure_fields(self) -> list[forms.BoundField]:
        """Return the period and the fields of the whole."""
        return [self["period"], *(self[name] for name in KIND_FIELDS if name in self.fields)]

    @property
    def narratives(self) -> list[forms.BoundField]:
        """Return the two explanations, that in the language of the interface first."""
        names = ["narrative_nl", "narrative_fr"]
        if (get_language() or "").startswith("fr"):
            names.reverse()
        return [self[name] for name in names]

    @property
    def dimensions(self) -> Iterator[DimensionFields]:
        """Yield the fields of the parts, one dimension at a time."""
        for dimension in self.split:
            yield DimensionFields(
                dimension,
                tuple(
                    PartFields(str(member.title), self._part_fields(key))
                    for key, member in zip(dimension.keys(), dimension.members, strict=True)
                ),
            )

    def _part_fields(self, key: str) -> tuple[forms.BoundField, ...]:
        first = self[_field_name(key)]
        return (first, self[_field_name(key, "denominator")]) if self.is_ratio else (first,)

    @property
    def has_typed_parts(self) -> bool:
        """Tell whether the parts deserve to be shown: something was typed, or is wrong."""
        names = [name for name in self.fields if name.startswith("breakdown")]
        return self.is_bound and any(self[name].data or self[name].errors for name in names)

    def seen_figure(self) -> str | None:
        """Return the UUID of the figure that the user saw for the period ('' for none)."""
        pairs = dict(
            pair.split("=", 1) for pair in self.cleaned_data["seen"].split(",") if "=" in pair
        )
        return pairs.get(self.cleaned_data["period"])

    def figure(self) -> Figure:
        """Return what was typed, for the service."""
        data = self.cleaned_data
        return Figure(
            value=data.get("value"),
            numerator=data.get("numerator"),
            denominator=data.get("denominator"),
            level=data.get("level"),
            done_on=data.get("done_on"),
            forecast_on=data.get("forecast_on"),
            narrative=LocalisedText({"nl": data["narrative_nl"], "fr": data["narrative_fr"]}),
            breakdown=self._breakdown(data),
        )

    def _breakdown(self, data: Mapping[str, Any]) -> dict[str, FigurePart]:
        """Return the parts typed; empty ones only where the user wants them taken away."""
        parts = {}
        for key in chain.from_iterable(dimension.keys() for dimension in self.split):
            first = data.get(_field_name(key))
            part = (
                FigurePart(numerator=first, denominator=data.get(_field_name(key, "denominator")))
                if self.is_ratio
                else FigurePart(value=first)
            )
            if part or data.get("clear_parts"):
                parts[key] = part
        return parts

    def _fingerprint(self) -> str:
        """Return what tells this figure from another: a confirmation holds for one figure only."""
        figure = self.figure()
        parts = sorted((key, str(part)) for key, part in figure.breakdown.items())
        whole = [getattr(figure, name) for name in KIND_FIELDS]
        text = repr([self.cleaned_data["period"], [str(item) for item in whole], parts])
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def confirmed_checks(self) -> list[str]:
        """Return the warnings that the user confirmed for exactly this figure."""
        fingerprint, _colon, names = self.cleaned_data["confirmed"].partition(":")
        if not names or fingerprint != self._fingerprint():
            return []
        return [str(name) for name in names.split(",")]

    def add_refusal(self, error: DomainError) -> None:
        """Show why nothing was recorded: warnings to confirm, or a broken rule at its field."""
        checks = self.confirmed_checks()
        if isinstance(error, ConfirmationRequired):
            self.warnings = error.texts
            checks += [one.check.value for one in error.findings]
        else:
            add_domain_error(self, error)
        if checks:
            self.to_confirm = f"{self._fingerprint()}:{','.join(dict.fromkeys(checks))}"
