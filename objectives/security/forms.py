"""What the steering group types about the figures of chapter 3."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from ibzplan.core.forms import DateField, QuantityField, textarea
from objectives.security.models import ResourceTarget, ResourceValue
from objectives.security.selectors.resources import TrackedFigure
from objectives.security.services import FactSheet


class FactForm(forms.Form):
    """A value or a target with who says so; `version` is the row that the page showed."""

    value = QuantityField(
        label=_("Value"),
        required=False,
        help_text=_("Leave it empty, with a reason, to take away what was recorded."),
    )
    source = forms.CharField(
        label=_("Source"),
        max_length=200,
        required=False,
        help_text=_("Who says so, or where it stands: an annual report, a letter."),
    )
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        widget=textarea(2),
        help_text=_("Needed where it takes the place of what stands already."),
    )
    version = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, figure: TrackedFigure, **kwargs: Any) -> None:
        """Of a ratio the first part is asked."""
        super().__init__(*args, **kwargs)
        if figure.printed.of is not None:
            self.fields["value"].label = _("First part of the ratio")

    @staticmethod
    def initial_of(row: ResourceValue | ResourceTarget | None) -> dict[str, Any]:
        """Return what the form shows of a row that stands already."""
        if row is None:
            return {"version": ""}
        shown = "" if row.value is None else QuantityField().prepare_value(row.value)
        return {"value": shown, "source": row.source, "version": row.uuid}

    def expected(self) -> UUID | None:
        """Return the row that the page showed."""
        found: UUID | None = self.cleaned_data["version"]
        return found

    def sheet(self) -> FactSheet:
        """Return what was typed, for the service."""
        data = self.cleaned_data
        return FactSheet(
            value=data["value"], on=data["on"], source=data["source"], reason=data["reason"]
        )


class ValueForm(FactForm):
    """What a figure is on a day."""

    on = DateField(label=_("Day"))

    field_order = ("on", "value", "source", "reason")


class TargetForm(FactForm):
    """What a figure is to become."""

    on = DateField(
        label=_("To be reached by"),
        required=False,
        help_text=_("Only where the source names a day."),
    )

    field_order = ("value", "on", "source", "reason")

    @staticmethod
    def initial_of(row: ResourceValue | ResourceTarget | None) -> dict[str, Any]:
        """Return what the form shows of the target that was entered."""
        due_on = row.due_on if isinstance(row, ResourceTarget) else None
        return {**FactForm.initial_of(row), "on": due_on}
