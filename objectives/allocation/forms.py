"""What is typed to allocate: an objective, a share, and why."""

from collections.abc import Collection
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy

from ibzplan.core.forms import textarea
from objectives.allocation.choices import LineKind
from objectives.allocation.selectors import Part
from objectives.allocation.share_texts import fault_text, share_typed
from objectives.allocation.sharing import ShareError, share_in
from objectives.planning.models import OperationalObjective
from personnel.choices import Statute

if TYPE_CHECKING:
    _Choice = forms.ModelChoiceField[OperationalObjective]
else:
    _Choice = forms.ModelChoiceField


class ShareField(forms.CharField):
    """A share as people write it; its value is exact."""

    def __init__(self, **kwargs: Any) -> None:
        """Ask the browser for no history."""
        kwargs.setdefault("widget", forms.TextInput(attrs={"autocomplete": "off"}))
        super().__init__(max_length=40, **kwargs)

    def to_python(self, value: Any) -> Any:
        """Return a Fraction, None when empty: what can be read in two ways is refused."""
        text = super().to_python(value)
        if text in self.empty_values:
            return None
        try:
            return share_in(str(text))
        except ShareError as error:
            raise ValidationError(fault_text(error.fault, error.text), code=error.fault) from error

    def prepare_value(self, value: Any) -> Any:
        """Show a stored share so that it can be typed back."""
        return share_typed(value) if isinstance(value, Fraction) else value

    def run_validators(self, value: Any) -> None:
        """Leave out those of a text: the length was judged by what was typed."""


class ObjectiveField(_Choice):
    """An objective by its code and name."""

    def label_from_instance(self, obj: Any) -> str:
        """Return code, name and unit."""
        return f"{obj.code} {obj.title} ({obj.unit.code})"


class ShareForm(forms.Form):
    """Another share of the same objective."""

    share = ShareField(
        label=gettext_lazy("Share of the line"),
        help_text=gettext_lazy(
            "A fraction such as 1/3 or a percentage such as 33,33 %. Thirds as 1/3 leave no cent "
            "over."
        ),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        required=False,
        widget=textarea(2),
        help_text=gettext_lazy("Optional; it stands in the history of the line."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    @staticmethod
    def initial_of(part: Part) -> dict[str, Any]:
        """Return what the form shows for a share that is there."""
        return {"share": part.share, "version": part.allocation.version}


class AllocationForm(ShareForm):
    """A share for an objective that has none of the line."""

    objective = ObjectiveField(
        label=gettext_lazy("Operational objective"),
        queryset=OperationalObjective.objects.none(),
        to_field_name="uuid",
        help_text=gettext_lazy("Those whose means you may change now."),
    )
    statute = forms.ChoiceField(
        label=gettext_lazy("Statute"), choices=Statute.choices, initial=Statute.ALL
    )
    field_order = ("objective", "statute", "share", "reason")

    def __init__(self, *args: Any, kind: LineKind, offered: Collection[int], **kwargs: Any) -> None:
        """Offer the objectives with these keys; people alone have a statute."""
        super().__init__(*args, **kwargs)
        rows = OperationalObjective.objects.filter(pk__in=offered).select_related("unit", "plan")
        field = self.fields["objective"]
        assert isinstance(field, ObjectiveField)  # noqa: S101 (declared above)
        field.queryset = rows.order_by("code", "pk")
        if kind == LineKind.CREDITS:
            del self.fields["statute"]


class WithdrawalForm(forms.Form):
    """Why a share is taken back."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        required=False,
        widget=textarea(2),
        help_text=gettext_lazy("Optional; it stands in the history of the line."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
