"""The form of a reorganisation."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ibzplan.core.localised import LocalisedText
from objectives.planning.forms.common import DateField, DateInput
from objectives.strategy.models import Werf
from personnel.models import OrganisationUnit
from reporting.models import Reorganisation
from reporting.services.reorganisation import ReorganisationSheet, Source


class ReorganisationForm(forms.Form):
    """Which units go over into which successor, and when."""

    title_nl = forms.CharField(label=_("Name in Dutch"), max_length=200)
    title_fr = forms.CharField(label=_("Name in French"), max_length=200, required=False)
    takes_effect_on = DateField(
        label=_("Takes effect on"),
        widget=DateInput(),
        help_text=_("It is carried out on this day or later, never before."),
    )
    units = forms.ModelMultipleChoiceField(
        label=_("Units that go over"),
        queryset=OrganisationUnit.objects.none(),
        to_field_name="code",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose the units that go over.")},
    )
    werven = forms.ModelMultipleChoiceField(
        label=_("Only these werven"),
        queryset=Werf.objects.none(),
        to_field_name="uuid",
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 8}),
        help_text=_(
            "Choose none when the units go over whole. A unit of which part stays goes on."
        ),
    )
    successor = forms.ModelChoiceField(
        label=_("Successor"),
        queryset=OrganisationUnit.objects.none(),
        to_field_name="code",
        required=False,
        empty_label=_("A new unit, named below"),
    )
    new_code = forms.CharField(label=_("Code of the new unit"), max_length=20, required=False)
    new_title_nl = forms.CharField(
        label=_("Name of the new unit in Dutch"), max_length=200, required=False
    )
    new_title_fr = forms.CharField(
        label=_("Name of the new unit in French"), max_length=200, required=False
    )
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The decision or the law behind it: the history of everything repeats it."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    # The identity of a new one, given with the empty form: sent twice, it is made once.
    key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, reorganisation: Reorganisation | None = None, **kwargs: Any
    ) -> None:
        """Offer every unit, and the werven of all strategic plans."""
        super().__init__(*args, **kwargs)
        self.reorganisation = reorganisation
        fields: dict[str, Any] = self.fields
        units = OrganisationUnit.objects.order_by("order", "code")
        fields["units"].queryset = fields["successor"].queryset = units
        for name in ("units", "successor"):
            fields[name].label_from_instance = lambda unit: f"{unit.code} {unit.title}"
        fields["werven"].queryset = Werf.objects.select_related("objective").order_by(
            "objective__plan_id", "objective__order", "order", "pk"
        )

    @staticmethod
    def initial_of(reorganisation: Reorganisation) -> dict[str, Any]:
        """Return what the form shows for one that is prepared."""
        sources = list(reorganisation.sources.select_related("unit").prefetch_related("werven"))
        return {
            "title_nl": reorganisation.title.get("nl", ""),
            "title_fr": reorganisation.title.get("fr", ""),
            "takes_effect_on": reorganisation.takes_effect_on,
            "units": [row.unit.code for row in sources],
            "werven": sorted({werf.uuid for row in sources for werf in row.werven.all()}),
            "successor": reorganisation.successor.code,
            "reason": reorganisation.reason,
            "version": reorganisation.version,
        }

    def clean(self) -> dict[str, Any]:
        """Ask for the successor, or for the code and name of a new one."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("successor") is None and "successor" not in self.errors:
            for name in ("new_code", "new_title_nl"):
                if not data.get(name):
                    self.add_error(name, _("Choose a successor, or give the new unit this."))
        return data

    def sheet(self, successor: OrganisationUnit) -> ReorganisationSheet:
        """Return what was typed, for the service."""
        data, before = self.cleaned_data, self.reorganisation
        texts = {"nl": data["title_nl"], "fr": data["title_fr"]}
        return ReorganisationSheet(
            title=(before.title if before else LocalisedText()).edited(texts),
            takes_effect_on=data["takes_effect_on"],
            successor=successor,
            sources=tuple(
                Source(unit=unit, werven=tuple(data["werven"])) for unit in data["units"]
            ),
            reason=data["reason"],
        )
