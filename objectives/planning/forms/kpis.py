"""Which indicator measures a transversal objective."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from objectives.indicators.models import Indicator

if TYPE_CHECKING:
    _Choice = forms.ModelChoiceField[Indicator]
else:
    _Choice = forms.ModelChoiceField


class _IndicatorChoice(_Choice):
    """An indicator by its code and title."""

    def label_from_instance(self, obj: Any) -> str:
        """Return code, title and unit."""
        return f"{obj.code} {obj.title} ({obj.owner.code})"


class KpiForm(forms.Form):
    """An indicator in force."""

    indicator = _IndicatorChoice(
        label=_("Indicator"),
        queryset=Indicator.objects.none(),
        to_field_name="uuid",
        help_text=_("Only indicators of an approved plan: their figures come from their own unit."),
    )

    def __init__(self, *args: Any, candidates: QuerySet[Indicator], **kwargs: Any) -> None:
        """Offer the indicators."""
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["indicator"].queryset = candidates.select_related("owner")
