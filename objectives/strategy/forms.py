"""What the corporate cell types about the life of the strategic plan; rules are in the services."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ibzplan.core.forms import DateField, DateInput, localised_of, textarea
from ibzplan.core.localised import LocalisedText
from objectives.strategy.models import Plan, PlanAddendum, StrategicObjective, Werf
from objectives.strategy.services import AddendumSheet, EntrySheet, LineageSheet, PlanSheet


class SigningForm(forms.Form):
    """The day on which the plan was signed."""

    signed_on = DateField(
        label=_("Signed on"),
        required=False,
        widget=DateInput(),
        help_text=_("Leave it empty while the plan is not signed."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    @staticmethod
    def initial_of(plan: Plan) -> dict[str, Any]:
        """Return what the form shows."""
        return {"signed_on": plan.signed_on, "version": plan.version}


class _NamedForm(forms.Form):
    """A code, given once, with name and description in both languages."""

    code = forms.CharField(label=_("Code"), max_length=20)
    title_nl = forms.CharField(label=_("Name in Dutch"), max_length=300)
    title_fr = forms.CharField(label=_("Name in French"), max_length=300, required=False)
    description_nl = forms.CharField(
        label=_("Description in Dutch"), required=False, widget=textarea()
    )
    description_fr = forms.CharField(
        label=_("Description in French"), required=False, widget=textarea()
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    # The identity of a new row, given with the empty form: sent twice, it is made once.
    key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, row: PlanAddendum | StrategicObjective | None = None, **kwargs: Any
    ) -> None:
        """A code is given once."""
        super().__init__(*args, **kwargs)
        self.row = row
        if row is not None:
            del self.fields["code"]

    def texts(self) -> dict[str, LocalisedText]:
        """Return name and description as typed; an edit in one language outdates the other."""
        row = self.row
        return {
            name: localised_of(self.cleaned_data, name, getattr(row, name) if row else None)
            for name in ("title", "description")
        }

    @staticmethod
    def initial_of(row: PlanAddendum | StrategicObjective) -> dict[str, Any]:
        """Return what the form shows for an existing row."""
        return {
            "title_nl": row.title.get("nl", ""),
            "title_fr": row.title.get("fr", ""),
            "description_nl": row.description.get("nl", ""),
            "description_fr": row.description.get("fr", ""),
            "version": row.version,
        }


class AddendumForm(_NamedForm):
    """An addendum to a plan."""

    signed_on = DateField(label=_("Signed on"), required=False, widget=DateInput())

    def sheet(self) -> AddendumSheet:
        """Return what was typed, for the service."""
        data = self.cleaned_data
        return AddendumSheet(code=data.get("code", ""), signed_on=data["signed_on"], **self.texts())


class EntryForm(_NamedForm):
    """A strategic objective, or a werf of a next plan."""

    def sheet(self) -> EntrySheet:
        """Return what was typed, for the service."""
        return EntrySheet(code=self.cleaned_data.get("code", ""), **self.texts())


class WerfForm(EntryForm):
    """A werf below one of the objectives of a next plan."""

    objective = forms.ModelChoiceField(
        label=_("Strategic objective"),
        queryset=StrategicObjective.objects.none(),
        to_field_name="code",
    )
    field_order = ("objective", "code")

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any) -> None:
        """Offer the objectives of the plan."""
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["objective"].queryset = StrategicObjective.objects.filter(plan=plan, addendum=None)


class SuccessionForm(forms.Form):
    """The plan that takes the place of another one."""

    code = forms.CharField(
        label=_("Code"), max_length=20, help_text=_("For instance “SP2030”; it does not change.")
    )
    title_nl = forms.CharField(label=_("Name in Dutch"), max_length=300)
    title_fr = forms.CharField(label=_("Name in French"), max_length=300, required=False)
    starts_on = DateField(label=_("Valid from"), widget=DateInput())
    ends_on = DateField(label=_("Valid until"), widget=DateInput())
    replaced_on = DateField(
        label=_("Takes the place of the present plan on"),
        widget=DateInput(),
        help_text=_("Until the day before, the pages show the present plan."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def sheet(self) -> PlanSheet:
        """Return what was typed, for the service."""
        data = self.cleaned_data
        return PlanSheet(
            code=data["code"],
            title=localised_of(data, "title"),
            starts_on=data["starts_on"],
            ends_on=data["ends_on"],
            replaced_on=data["replaced_on"],
        )


class ReplacementForm(forms.Form):
    """The first day on which the next plan holds."""

    replaced_on = DateField(label=_("Takes the place of the present plan on"), widget=DateInput())
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    @staticmethod
    def initial_of(plan: Plan) -> dict[str, Any]:
        """Return what the form shows."""
        return {"replaced_on": plan.replaced_on, "version": plan.version}


class LineageForm(forms.Form):
    """Where an objective or a werf goes on in the next plan, or why it ends."""

    successors = forms.MultipleChoiceField(
        label=_("Goes on in"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    discontinued_because = forms.CharField(
        label=_("It ends with this plan, because"), required=False, widget=textarea(2)
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, options: Sequence[StrategicObjective | Werf] = (), **kwargs: Any
    ) -> None:
        """Offer the entries of the same kind in the next plan."""
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["successors"].choices = [(row.code, str(row)) for row in options]
        if not options:
            fields["successors"].help_text = _(
                "The next plan has nothing to choose here yet: add it there first."
            )

    @staticmethod
    def initial_of(entry: StrategicObjective | Werf) -> dict[str, Any]:
        """Return what the form shows for an entry."""
        return {
            "successors": [row.code for row in entry.successors.order_by("order", "pk")],
            "discontinued_because": entry.discontinued_because,
            "version": entry.version,
        }

    def sheet(self) -> LineageSheet:
        """Return what was chosen, for the service."""
        data = self.cleaned_data
        return LineageSheet(
            successors=tuple(data["successors"]),
            discontinued_because=data["discontinued_because"],
        )
