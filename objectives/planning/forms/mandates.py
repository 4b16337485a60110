"""What the corporate cell types about management functions and their holders."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from objectives.planning.forms.common import DateField, DateInput, ask_for_name, localised_of
from personnel.choices import FunctionLevel
from personnel.models import FunctionHolder, ManagementFunction, OrganisationUnit, User
from personnel.services import FunctionSheet, HolderSheet


class FunctionForm(forms.Form):
    """A management function."""

    code = forms.CharField(
        label=_("Code"), max_length=30, help_text=_("It does not change, for instance “ADCV-DG”.")
    )
    unit = forms.ModelChoiceField(
        label=_("Unit"), queryset=OrganisationUnit.objects.all(), to_field_name="code"
    )
    title_nl = forms.CharField(label=_("Name in Dutch"), max_length=200, required=False)
    title_fr = forms.CharField(label=_("Name in French"), max_length=200, required=False)
    level = forms.ChoiceField(label=_("Level"), choices=FunctionLevel.choices)
    valid_from = DateField(label=_("Exists from"), required=False, widget=DateInput())
    valid_to = DateField(label=_("Exists until"), required=False, widget=DateInput())
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    # The identity of a new function, given with the empty form: sent twice, it is made once.
    key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, function: ManagementFunction | None = None, **kwargs: Any
    ) -> None:
        """A code is given once."""
        super().__init__(*args, **kwargs)
        self.function = function
        if function is not None:
            del self.fields["code"]

    @staticmethod
    def initial_of(function: ManagementFunction) -> dict[str, Any]:
        """Return what the form shows for an existing function."""
        return {
            "unit": function.unit.code,
            "title_nl": function.title.get("nl", ""),
            "title_fr": function.title.get("fr", ""),
            "level": function.level,
            "valid_from": function.valid_from,
            "valid_to": function.valid_to,
            "version": function.version,
        }

    def clean(self) -> dict[str, Any] | None:
        """Take a name in either language."""
        cleaned = super().clean()
        ask_for_name(self)
        return cleaned

    def sheet(self) -> FunctionSheet:
        """Return what was typed, for the service."""
        data = self.cleaned_data
        return FunctionSheet(
            unit=data["unit"],
            title=localised_of(data, "title", self.function.title if self.function else None),
            level=data["level"],
            valid_from=data["valid_from"],
            valid_to=data["valid_to"],
        )


class HolderForm(forms.Form):
    """Who holds a function, from when until when."""

    name = forms.CharField(
        label=_("Name"),
        max_length=120,
        required=False,
        help_text=_("Leave it empty to take over the name of the account."),
    )
    user = forms.ModelChoiceField(
        label=_("Account"),
        queryset=User.objects.none(),
        to_field_name="username",
        required=False,
        help_text=_("Choose it when the holder signs in here."),
    )
    holds_from = DateField(
        label=_("Holds the function from"),
        required=False,
        widget=DateInput(),
        help_text=_("A holder without an end who came before then ends the day before."),
    )
    holds_to = DateField(label=_("Holds the function until"), required=False, widget=DateInput())
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the accounts of people."""
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["user"].queryset = User.objects.filter(is_client=False, is_active=True).order_by(
            "display_name", "username"
        )

    @staticmethod
    def initial_of(holder: FunctionHolder) -> dict[str, Any]:
        """Return what the form shows for an existing holder."""
        return {
            "name": holder.name,
            "user": holder.user.username if holder.user else None,
            "holds_from": holder.holds_from,
            "holds_to": holder.holds_to,
            "version": holder.version,
        }

    def sheet(self) -> HolderSheet:
        """Return what was typed, for the service."""
        data = self.cleaned_data
        return HolderSheet(
            name=data["name"],
            user=data["user"],
            holds_from=data["holds_from"],
            holds_to=data["holds_to"],
        )
