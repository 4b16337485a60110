"""The forms that propose another activity or risk of an objective in force, or the end of one."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from ibzplan.core.localised import LocalisedText
from objectives.planning.choices import ChangeKind
from objectives.planning.forms.activities import ActivityForm
from objectives.planning.forms.proposals import ProposalForm
from objectives.planning.forms.risks import RiskForm
from objectives.planning.models import OperationalObjective, Risk
from objectives.planning.services.amendment_parts import activity_value, part_name, risk_value
from objectives.strategy.models import Activity, Milestone


class ActivityChangeForm(ProposalForm, ActivityForm):
    """A new activity of an objective in force, or another content of one, with its milestones."""

    change_kind = ChangeKind.ACTIVITY

    def __init__(
        self, *args: Any, objective: OperationalObjective, part: UUID, **kwargs: Any
    ) -> None:
        """Speak of the activity `part`."""
        super().__init__(*args, objective=objective, **kwargs)
        self.objective, self.part = objective, part
        del self.fields["version"], self.fields["key"]

    def parts(self) -> dict[str, Any]:
        """Return the whole activity, in the words of a consolidated version."""
        value = activity_value(self.sheet(), self.milestones())
        return {
            "objectives": [self.objective],
            "values": {part_name(self.change_kind, self.part): value},
        }

    def field_of(self, name: str | None) -> str | None:
        """Return the row that was typed for the row that the service counts."""
        if name and name.startswith("milestone_"):
            _word, number, cell = name.split("_", 2)
            filled = self._filled()
            row = int(number) - 1
            name = f"milestone_{filled[row]}_{cell}" if row < len(filled) else None
        return super().field_of(name)


class RiskChangeForm(ProposalForm, RiskForm):
    """A new risk of an objective in force, or another content of one."""

    change_kind = ChangeKind.RISK

    def __init__(
        self, *args: Any, objective: OperationalObjective, part: UUID, **kwargs: Any
    ) -> None:
        """Speak of the risk `part`."""
        super().__init__(*args, **kwargs)
        self.objective, self.part = objective, part
        del self.fields["version"], self.fields["key"]

    def parts(self) -> dict[str, Any]:
        """Return the whole risk, in the words of a consolidated version."""
        return {
            "objectives": [self.objective],
            "values": {part_name(self.change_kind, self.part): risk_value(self.sheet())},
        }


class PartEndForm(ProposalForm):
    """An activity or a risk of an objective in force ends."""

    motivation = forms.CharField(
        label=_("Why does it end?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It stays in the history of the objective."),
    )

    def __init__(
        self, *args: Any, objective: OperationalObjective, part: UUID, kind: str, **kwargs: Any
    ) -> None:
        """Speak of the activity or risk `part`."""
        super().__init__(*args, **kwargs)
        self.objective, self.part, self.change_kind = objective, part, kind

    def parts(self) -> dict[str, Any]:
        """Return that nothing is left of it."""
        return {
            "objectives": [self.objective],
            "values": {part_name(self.change_kind, self.part): None},
        }


def proposed_activity(value: Mapping[str, Any]) -> tuple[Activity, list[Milestone]]:
    """Return an activity and its milestones as a change proposes them, for the form to show."""
    activity = Activity(
        kind=value["kind"],
        title=LocalisedText(value["title"]),
        description=LocalisedText(value["description"]),
        starts_on=date.fromisoformat(value["starts_on"]) if value["starts_on"] else None,
        ends_on=date.fromisoformat(value["ends_on"]) if value["ends_on"] else None,
    )
    return activity, [_milestone(row) for row in _rows(value)]


def _rows(value: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    rows: Sequence[Mapping[str, Any]] = value["milestones"]
    return rows


def _milestone(row: Mapping[str, Any]) -> Milestone:
    """Return a milestone; one that the change begins has no UUID, so that the form says so too."""
    values: dict[str, Any] = {
        "uuid": UUID(row["uuid"]) if row["uuid"] else None,
        "title": LocalisedText(row["title"]),
        "due_on": date.fromisoformat(row["due_on"]),
    }
    return Milestone(**values)


def proposed_risk(value: Mapping[str, Any]) -> Risk:
    """Return a risk as a change proposes it, for the form to show."""
    return Risk(
        title=LocalisedText(value["title"]),
        likelihood=value["likelihood"],
        impact=value["impact"],
        response=value["response"],
        measure=LocalisedText(value["measure"]),
    )
