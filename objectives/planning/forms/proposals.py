"""The forms of each kind of change that an amendment proposes."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from ibzplan.core.errors import DomainError
from objectives.indicators.models import Indicator
from objectives.planning.choices import ChangeKind
from objectives.planning.forms.amendments import MAX_MOTIVATION_CHARACTERS
from objectives.planning.forms.common import textarea
from objectives.planning.forms.objectives import LINKS, ObjectiveForm
from objectives.planning.forms.targets import WITHOUT_VALUE, TargetForm
from objectives.planning.models import OperationalObjective
from objectives.planning.services.amendment_changes import Proposal
from objectives.planning.services.amendment_values import number_text, proposed_values
from objectives.planning.services.known_rows import ObjectiveLinks
from personnel.models import ManagementFunction, OrganisationUnit
from personnel.selectors import planning_units

YES_NO: Final = (("yes", _("Yes: the next progress report explains it")), ("no", _("No")))


class ProposalForm(forms.Form):
    """Why a change is proposed, and whether the next report has to explain it."""

    motivation = forms.CharField(
        label=_("Why does this change?"),
        max_length=MAX_MOTIVATION_CHARACTERS,
        widget=textarea(),
        help_text=_("It stays in the history of the objective."),
    )
    is_important = forms.ChoiceField(
        label=_("Is it an important change?"), choices=YES_NO, widget=forms.RadioSelect
    )
    change_version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    change_kind: str = ""
    objective: OperationalObjective | None = None

    def proposal(self) -> Proposal:
        """Return what was typed, for the service."""
        return Proposal(
            kind=self.change_kind,
            motivation=self.cleaned_data["motivation"],
            is_important=self.cleaned_data["is_important"] == "yes",
            **self.parts(),
        )

    def parts(self) -> dict[str, Any]:
        """Return what this kind of change adds to it."""
        return {"objectives": [self.objective]}

    def field_of(self, name: str | None) -> str | None:
        """Return the field of the form for what a service names."""
        return name if name in self.fields else None


class ChangeForm(ProposalForm, ObjectiveForm):
    """Other text, dates, holder or links of an objective in force."""

    change_kind = ChangeKind.CHANGE

    def parts(self) -> dict[str, Any]:
        """Return the fields, in the words of a consolidated version."""
        links = ObjectiveLinks(**{name: self.cleaned_data[name] for name in LINKS})
        return {
            "objectives": [self.objective],
            "values": proposed_values(self.sheet(), links),
        }


class OwnerForm(ProposalForm):
    """Another directorate, with the holder there and the indicators that go along."""

    change_kind = ChangeKind.OWNER

    unit = forms.ModelChoiceField(
        label=_("New directorate"),
        queryset=OrganisationUnit.objects.none(),
        to_field_name="code",
    )
    holder = forms.ModelChoiceField(
        label=_("Responsible holder"),
        queryset=ManagementFunction.objects.none(),
        to_field_name="code",
        required=False,
    )
    indicators = forms.MultipleChoiceField(
        label=_("Indicators that go along"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("What is not ticked stays with the present directorate, which measures it."),
    )

    def __init__(
        self,
        *args: Any,
        objective: OperationalObjective,
        indicators: Sequence[Indicator],
        **kwargs: Any,
    ) -> None:
        """Offer the other directorates; every indicator of the present one goes along."""
        super().__init__(*args, **kwargs)
        self.objective = objective
        fields: dict[str, Any] = self.fields
        fields["unit"].queryset = planning_units()
        fields["unit"].initial = objective.unit.code
        fields["holder"].queryset = ManagementFunction.objects.select_related("unit").order_by(
            "unit__order", "unit__code", "order", "code"
        )
        fields["holder"].initial = objective.holder.code if objective.holder else None
        own = [row for row in indicators if row.owner_id == objective.unit_id]
        fields["indicators"].choices = [(row.code, f"{row.code} {row.title}") for row in own]
        fields["indicators"].initial = [row.code for row in own]

    def parts(self) -> dict[str, Any]:
        """Return codes, in the words of a consolidated version."""
        holder = self.cleaned_data["holder"]
        values = {
            "unit": self.cleaned_data["unit"].code,
            "holder": holder.code if holder else None,
            "indicators": sorted(self.cleaned_data["indicators"]),
        }
        return {"objectives": [self.objective], "values": values}


class TargetChangeForm(ProposalForm, TargetForm):
    """Other targets of an indicator for the plan year."""

    change_kind = ChangeKind.TARGET

    def __init__(self, *args: Any, objective: OperationalObjective, **kwargs: Any) -> None:
        """Start from the targets that count; the motivation is the reason."""
        super().__init__(*args, **kwargs)
        self.objective = objective
        del self.fields["reason"], self.fields["seen"]

    def parts(self) -> dict[str, Any]:
        """Return the whole path, in the words of a consolidated version."""
        data = self.cleaned_data
        values: dict[str, Any] = {
            "final": {
                "due_on": data["target_due_on"].isoformat(),
                "value": number_text(data.get("target")),
                "level": data.get("target_level"),
            }
        }
        if self.indicator.target_kind not in WITHOUT_VALUE:
            values["interim"] = [
                {"due_on": day.isoformat(), "value": number_text(Decimal(value))}
                for day, value in sorted(self.interim())
            ]
        return {
            "objectives": [self.objective],
            "indicator": self.indicator,
            "values": values,
        }

    def field_of(self, name: str | None) -> str | None:
        """Return the row that was typed for the row that the service counts."""
        field = self.typed_field(name or "")
        if field == "target" and "target_level" in self.fields:
            return "target_level"
        return super().field_of(field)


class WithdrawalForm(ProposalForm):
    """An objective leaves the plan."""

    change_kind = ChangeKind.WITHDRAW

    def __init__(self, *args: Any, objective: OperationalObjective, **kwargs: Any) -> None:
        """Speak of one objective."""
        super().__init__(*args, **kwargs)
        self.objective = objective


class AdditionForm(ProposalForm):
    """A draft of the plan comes into force."""

    change_kind = ChangeKind.ADD

    results = forms.ChoiceField(label=_("Which draft?"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, drafts: Sequence[OperationalObjective], **kwargs: Any) -> None:
        """Offer the drafts that no other amendment brings."""
        super().__init__(*args, **kwargs)
        self.drafts = {str(row.uuid): row for row in drafts}
        field: Any = self.fields["results"]
        field.choices = [(uuid, str(row)) for uuid, row in self.drafts.items()]

    def parts(self) -> dict[str, Any]:
        """Return the draft."""
        return {"results": [self.drafts[self.cleaned_data["results"]]]}


class _SuccessionForm(ProposalForm):
    """What takes the place of objectives, and which indicators go on in it."""

    def __init__(
        self,
        *args: Any,
        objective: OperationalObjective,
        drafts: Sequence[OperationalObjective],
        indicators: Mapping[UUID, Indicator],
        **kwargs: Any,
    ) -> None:
        """Speak of one objective; offer the drafts of the plan."""
        super().__init__(*args, **kwargs)
        self.objective = objective
        self.drafts = {str(row.uuid): row for row in drafts}
        self.indicators = indicators
        choices = [(uuid, str(row)) for uuid, row in self.drafts.items()]
        field: Any = self.fields["results"]
        field.choices = choices
        for uuid, indicator in indicators.items():
            self.fields[f"goes_{uuid}"] = forms.ChoiceField(
                label=_("%(indicator)s goes on in") % {"indicator": indicator},
                choices=[("", _("none of them")), *choices],
                required=False,
            )

    def _continuing(self) -> list[tuple[Indicator, OperationalObjective]]:
        return [
            (indicator, self.drafts[chosen])
            for uuid, indicator in self.indicators.items()
            if (chosen := self.cleaned_data[f"goes_{uuid}"])
        ]


class SplitForm(_SuccessionForm):
    """An objective goes on in several drafts."""

    change_kind = ChangeKind.SPLIT

    results = forms.MultipleChoiceField(
        label=_("Split into"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Make the new objectives as drafts first; tick at least two."),
    )

    def parts(self) -> dict[str, Any]:
        """Return the drafts and what goes on in each."""
        return {
            "objectives": [self.objective],
            "results": [self.drafts[uuid] for uuid in self.cleaned_data["results"]],
            "continuing": self._continuing(),
        }


class MergerForm(_SuccessionForm):
    """Several objectives go on in one draft."""

    change_kind = ChangeKind.MERGE

    objectives = forms.MultipleChoiceField(
        label=_("Merged with"), widget=forms.CheckboxSelectMultiple
    )
    results = forms.ChoiceField(
        label=_("Into which draft?"),
        widget=forms.RadioSelect,
        help_text=_("Make the new objective as a draft first."),
    )

    def __init__(
        self,
        *args: Any,
        others: Sequence[OperationalObjective],
        **kwargs: Any,
    ) -> None:
        """Offer the other objectives in force too."""
        super().__init__(*args, **kwargs)
        self.others = {str(row.uuid): row for row in others}
        field: Any = self.fields["objectives"]
        field.choices = [(uuid, str(row)) for uuid, row in self.others.items()]

    def parts(self) -> dict[str, Any]:
        """Return all of them, the one that the user started from first."""
        merged = [self.others[uuid] for uuid in self.cleaned_data["objectives"]]
        return {
            "objectives": [self.objective, *merged],
            "results": [self.drafts[self.cleaned_data["results"]]],
            "continuing": self._continuing(),
        }


def add_refusal(form: ProposalForm, error: DomainError) -> None:
    """Show a broken rule at the field that was typed."""
    form.add_error(form.field_of(error.field), error.message)
