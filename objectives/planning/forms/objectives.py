"""The form of an operational objective, and its steps."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from objectives.planning.forms.common import DateInput, localised_of, textarea
from objectives.planning.models import OperationalObjective, OperationalPlan
from objectives.planning.services import ObjectiveSheet
from objectives.security.models import SecurityObjective
from objectives.strategy.models import Werf
from personnel.models import ManagementFunction, OrganisationUnit


class ObjectiveForm(forms.Form):
    """An operational objective."""

    # Options carry codes and UUIDs: a database key never leaves the server.
    unit = forms.ModelChoiceField(
        label=_("Directorate"), queryset=OrganisationUnit.objects.none(), to_field_name="code"
    )
    werf = forms.ModelChoiceField(
        label=_("Werf"), queryset=Werf.objects.none(), to_field_name="uuid"
    )
    title_nl = forms.CharField(
        label=_("Name in Dutch"),
        max_length=200,
        help_text=_("Start with what you will do: a verb, an object, and by how much."),
    )
    title_fr = forms.CharField(label=_("Name in French"), max_length=200, required=False)
    description_nl = forms.CharField(
        label=_("Description in Dutch"), required=False, widget=textarea()
    )
    description_fr = forms.CharField(
        label=_("Description in French"), required=False, widget=textarea()
    )
    holder = forms.ModelChoiceField(
        label=_("Responsible holder"),
        queryset=ManagementFunction.objects.none(),
        to_field_name="code",
        help_text=_(
            "The management function that answers for it, for instance “Director-general”."
        ),
    )
    starts_on = forms.DateField(label=_("From"), widget=DateInput())
    ends_on = forms.DateField(label=_("Until"), widget=DateInput())
    security_objectives = forms.ModelMultipleChoiceField(
        label=_("Contributes to objectives of the NVP"),
        queryset=SecurityObjective.objects.none(),
        to_field_name="uuid",
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 6}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    # The identity of a new objective, given with the empty form: sent twice, it is made once.
    key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        plan: OperationalPlan,
        units: list[OrganisationUnit],
        objective: OperationalObjective | None = None,
        **kwargs: Any,
    ) -> None:
        """Offer the planner's own units and the werven of the strategic plan."""
        super().__init__(*args, **kwargs)
        self.objective = objective
        fields: dict[str, Any] = self.fields
        fields["unit"].queryset = OrganisationUnit.objects.filter(
            pk__in=[unit.pk for unit in units]
        )
        fields["werf"].queryset = Werf.objects.filter(objective__plan=plan.plan_id).order_by(
            "objective__order", "order", "pk"
        )
        fields["security_objectives"].queryset = SecurityObjective.objects.select_related(
            "theme"
        ).order_by("theme__order", "theme__code", "order", "pk")
        fields["holder"].queryset = ManagementFunction.objects.select_related("unit")
        if len(units) == 1:
            fields["unit"].initial = units[0].code
        fields["starts_on"].initial = date(plan.year, 1, 1)
        fields["ends_on"].initial = date(plan.year, 12, 31)
        if objective is not None:
            del fields["unit"], fields["werf"]

    @staticmethod
    def initial_of(objective: OperationalObjective) -> dict[str, Any]:
        """Return what the form shows for an existing objective."""
        return {
            "title_nl": objective.title.get("nl", ""),
            "title_fr": objective.title.get("fr", ""),
            "description_nl": objective.description.get("nl", ""),
            "description_fr": objective.description.get("fr", ""),
            "holder": objective.holder.code if objective.holder else None,
            "starts_on": objective.starts_on,
            "ends_on": objective.ends_on,
            "security_objectives": [
                link.security_objective.uuid
                for link in objective.security_links.current().select_related("security_objective")
            ],
            "version": objective.version,
        }

    def sheet(self) -> ObjectiveSheet:
        """Return what was typed, for the service."""
        data, before = self.cleaned_data, self.objective
        return ObjectiveSheet(
            title=localised_of(data, "title", before.title if before else None),
            description=localised_of(data, "description", before.description if before else None),
            holder=data["holder"],
            starts_on=data["starts_on"],
            ends_on=data["ends_on"],
        )


class MoveForm(forms.Form):
    """A step of an objective, with the version that the user saw."""

    to = forms.CharField()
    version = forms.IntegerField()
    reason = forms.CharField(required=False)
