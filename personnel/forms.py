"""The form of a key of the API."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ibzplan.core.choices import TokenScope
from ibzplan.core.forms import DateField
from ibzplan.core.services.tokens import LIFE_DAYS
from personnel.models import OrganisationUnit, SupervisingMinister
from personnel.selectors import planning_units
from personnel.services.api_keys import KeySheet


class ApiKeyForm(forms.Form):
    """What a key is for, what it may do, and until when."""

    name = forms.CharField(
        label=_("What it is for"),
        max_length=120,
        help_text=_("The program or the file that uses it, for instance “Power BI of the cell”."),
    )
    may = forms.ChoiceField(
        label=_("What it may do"),
        choices=[
            (TokenScope.READ.value, _("Read only")),
            (TokenScope.WRITE.value, _("Read and write")),
        ],
        widget=forms.RadioSelect,
        initial=TokenScope.READ.value,
    )
    ends_on = DateField(
        label=_("Works until"), help_text=_("Two weeks before that day you are told.")
    )
    ministers = forms.ModelMultipleChoiceField(
        label=_("Only for these ministers"),
        queryset=SupervisingMinister.objects.all(),
        to_field_name="uuid",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("With their units and the common ones."),
    )
    units = forms.ModelMultipleChoiceField(
        label=_("Only for these directorates"),
        queryset=OrganisationUnit.objects.none(),
        to_field_name="uuid",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "With the units below them. Ministers and directorates chosen: only those directorates "
            "that answer to these ministers, or are common. Nothing chosen: all that you reach "
            "yourself; a key never reaches further."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer a year, and the directorates that there are."""
        day = timezone.localdate() + timedelta(days=LIFE_DAYS)
        kwargs.setdefault("initial", {"ends_on": day})
        super().__init__(*args, **kwargs)
        field = self.fields["units"]
        assert isinstance(field, forms.ModelMultipleChoiceField)  # noqa: S101 (for the type checker)
        field.queryset = planning_units()

    def sheet(self) -> KeySheet:
        """Return what was asked for; call it on a valid form."""
        data = self.cleaned_data
        return KeySheet(
            name=data["name"],
            ends_on=data["ends_on"],
            scopes=[data["may"]],
            ministers=list(data["ministers"]),
            units=list(data["units"]),
        )
