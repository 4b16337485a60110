"""The form of an activity with the rows of its milestones, and that of what became of them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django import forms
from django.forms.boundfield import BoundField
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ibzplan.core.errors import DomainError
from ibzplan.core.forms import add_domain_error
from ibzplan.core.localised import LocalisedText
from objectives.planning.forms.common import DateField, DateInput, localised_of, textarea
from objectives.planning.models import OperationalObjective
from objectives.planning.services import ActivitySheet, MilestoneReport, MilestoneSheet
from objectives.strategy.choices import ActivityKind
from objectives.strategy.models import Activity, Milestone

NEW_ROWS: Final = 4
FREE_ROWS: Final = 2
MAX_ROWS: Final = 60
_ROW: Final = re.compile(r"milestone_([0-9]{1,3})_")
_PARTS: Final = ("title_nl", "title_fr", "due_on")


@dataclass(frozen=True, slots=True)
class MilestoneRow:
    """The fields of one milestone; `uuid` is that of the one that it changes."""

    number: int
    uuid: BoundField
    cells: Sequence[BoundField]


class ActivityForm(forms.Form):
    """An activity; an empty row of milestones says nothing."""

    kind = forms.ChoiceField(
        label=_("Kind"), choices=ActivityKind.choices, initial=ActivityKind.ACTION
    )
    title_nl = forms.CharField(label=_("Name in Dutch"), max_length=200, required=False)
    title_fr = forms.CharField(label=_("Name in French"), max_length=200, required=False)
    starts_on = DateField(label=_("From"), required=False, widget=DateInput())
    ends_on = DateField(label=_("Until"), required=False, widget=DateInput())
    description_nl = forms.CharField(
        label=_("Description in Dutch"), required=False, widget=textarea(2)
    )
    description_fr = forms.CharField(
        label=_("Description in French"), required=False, widget=textarea(2)
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    # The identity of a new activity, given with the empty form: sent twice, it is made once.
    key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        objective: OperationalObjective,
        activity: Activity | None = None,
        milestones: Sequence[Milestone] = (),
        **kwargs: Any,
    ) -> None:
        """Start from the dates of the objective, with some rows free for new milestones."""
        super().__init__(*args, **kwargs)
        self.activity = activity
        self.before = {row.uuid: row for row in milestones}
        self.fields["starts_on"].initial = objective.starts_on
        self.fields["ends_on"].initial = objective.ends_on
        count = len(milestones) + FREE_ROWS if activity else NEW_ROWS
        self.row_numbers = range(1, max(count, self._rows_sent()) + 1)
        for number in self.row_numbers:
            self._add_row(number)
        for number, row in enumerate(milestones, start=1):
            self.initial.update(_row_values(number, row))

    def _rows_sent(self) -> int:
        """Return the last row that was sent: whoever saves meanwhile changes how many there are."""
        numbers = [int(found[1]) for name in self.data if (found := _ROW.match(name))]
        return min(max(numbers, default=0), MAX_ROWS)

    def _add_row(self, number: int) -> None:
        row = f"milestone_{number}_"
        self.fields[f"{row}uuid"] = forms.UUIDField(widget=forms.HiddenInput, required=False)
        labels = {
            "title_nl": gettext("Milestone %(row)s: name in Dutch"),
            "title_fr": gettext("Milestone %(row)s: name in French"),
        }
        for part, label in labels.items():
            self.fields[row + part] = forms.CharField(
                label=label % {"row": number}, max_length=200, required=False
            )
        self.fields[f"{row}due_on"] = DateField(
            label=gettext("Milestone %(row)s: date") % {"row": number},
            required=False,
            widget=DateInput(),
        )

    @staticmethod
    def initial_of(activity: Activity) -> dict[str, Any]:
        """Return what the form shows for an existing activity, its milestones apart."""
        return {
            "kind": activity.kind,
            "title_nl": activity.title.get("nl", ""),
            "title_fr": activity.title.get("fr", ""),
            "starts_on": activity.starts_on,
            "ends_on": activity.ends_on,
            "description_nl": activity.description.get("nl", ""),
            "description_fr": activity.description.get("fr", ""),
            "version": activity.version,
        }

    @property
    def rows(self) -> list[MilestoneRow]:
        """Return the rows as the page shows them."""
        return [
            MilestoneRow(
                number,
                self[f"milestone_{number}_uuid"],
                [self[f"milestone_{number}_{part}"] for part in _PARTS],
            )
            for number in self.row_numbers
        ]

    def clean(self) -> dict[str, Any]:
        """Check that every milestone that was begun has a date."""
        data = super().clean() or self.cleaned_data
        for number in self.row_numbers:
            field = f"milestone_{number}_due_on"
            if self._is_filled(number) and data.get(field) is None and field not in self.errors:
                self.add_error(field, gettext("Give the date on which it is to be done."))
        return data

    def _is_filled(self, number: int) -> bool:
        return any(self.cleaned_data.get(f"milestone_{number}_{part}") for part in _PARTS)

    def _filled(self) -> list[int]:
        return [number for number in self.row_numbers if self._is_filled(number)]

    def sheet(self) -> ActivitySheet:
        """Return what was typed, for the service."""
        data, before = self.cleaned_data, self.activity
        return ActivitySheet(
            kind=data["kind"],
            title=localised_of(data, "title", before.title if before else None),
            description=localised_of(data, "description", before.description if before else None),
            starts_on=data["starts_on"],
            ends_on=data["ends_on"],
        )

    def milestones(self) -> list[MilestoneSheet]:
        """Return the milestones in the order in which they were typed."""
        return [self._milestone(number) for number in self._filled()]

    def _milestone(self, number: int) -> MilestoneSheet:
        row = f"milestone_{number}_"
        uuid = self.cleaned_data[f"{row}uuid"]
        known = self.before.get(uuid)
        return MilestoneSheet(
            title=localised_of(self.cleaned_data, f"{row}title", known.title if known else None),
            due_on=self.cleaned_data[f"{row}due_on"],
            uuid=uuid,
        )

    def add_refusal(self, error: DomainError) -> None:
        """Show a broken rule at the cell that was typed; the service knows no empty rows."""
        field = error.field or ""
        if field.startswith("milestone_"):
            _word, number, part = field.split("_", 2)
            field = f"milestone_{self._filled()[int(number) - 1]}_{part}"
        add_domain_error(self, DomainError(error.code, error.message, field))

    def differences(
        self, stored: Activity, milestones: Sequence[Milestone]
    ) -> list[dict[str, str]]:
        """Return the fields in which the stored version and the typed one differ, in words."""
        theirs = self.initial_of(stored)
        rows = [
            (str(field.label), _word(theirs[name]), _word(self.cleaned_data[name]))
            for name, field in self.fields.items()
            if name in theirs and name != "version"
        ]
        stored_rows = [_milestone_words(row.title, row.due_on) for row in milestones]
        typed_rows = [_milestone_words(row.title, row.due_on) for row in self.milestones()]
        rows.append((gettext("Milestones"), "; ".join(stored_rows), "; ".join(typed_rows)))
        return [
            {"label": label, "theirs": their, "mine": mine}
            for label, their, mine in rows
            if their != mine
        ]


def _row_values(number: int, row: Milestone) -> dict[str, Any]:
    return {
        f"milestone_{number}_uuid": row.uuid,
        f"milestone_{number}_title_nl": row.title.get("nl", ""),
        f"milestone_{number}_title_fr": row.title.get("fr", ""),
        f"milestone_{number}_due_on": row.due_on,
    }


def _milestone_words(title: LocalisedText, due_on: date) -> str:
    return f"{title} ({_word(due_on)})"


def _word(value: Any) -> str:
    if isinstance(value, date):
        return date_format(value, "SHORT_DATE_FORMAT")
    if value in ActivityKind.values:
        return str(ActivityKind(value).label)
    return "" if value is None else str(value)


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A milestone of an activity, with the fields that say what became of it."""

    activity: Activity
    milestone: Milestone
    cells: Sequence[BoundField]
    version: BoundField


class MilestoneReportForm(forms.Form):
    """When each milestone of an objective was done, or when it is expected."""

    def __init__(
        self, *args: Any, milestones: Sequence[tuple[Activity, Milestone]], **kwargs: Any
    ) -> None:
        """Make two dates for each milestone, in the order of the page."""
        super().__init__(*args, **kwargs)
        self.milestones = list(milestones)
        for activity, milestone in self.milestones:
            row = _name(milestone)
            title = {"milestone": f"{activity.title}, {milestone.title}"}
            self.fields[f"{row}_done_on"] = DateField(
                label=gettext("%(milestone)s: done on") % title,
                required=False,
                widget=DateInput(),
                initial=milestone.done_on,
            )
            self.fields[f"{row}_forecast_on"] = DateField(
                label=gettext("%(milestone)s: expected on") % title,
                required=False,
                widget=DateInput(),
                initial=milestone.forecast_on,
            )
            self.fields[f"{row}_version"] = forms.IntegerField(
                widget=forms.HiddenInput, required=False, initial=milestone.version
            )

    @property
    def rows(self) -> list[ReportRow]:
        """Return the rows as the page shows them."""
        return [
            ReportRow(
                activity,
                milestone,
                [self[f"{_name(milestone)}_{part}"] for part in ("done_on", "forecast_on")],
                self[f"{_name(milestone)}_version"],
            )
            for activity, milestone in self.milestones
        ]

    def reports(self) -> list[MilestoneReport]:
        """Return what was typed, for the service."""
        data = self.cleaned_data
        return [
            MilestoneReport(
                milestone=milestone,
                done_on=data[f"{_name(milestone)}_done_on"],
                forecast_on=data[f"{_name(milestone)}_forecast_on"],
                expected_version=data[f"{_name(milestone)}_version"] or 0,
            )
            for _activity, milestone in self.milestones
        ]

    def add_refusal(self, error: DomainError) -> None:
        """Show a broken rule at the cell that was typed."""
        field = error.field or ""
        if field.startswith("milestone_"):
            _word, number, part = field.split("_", 2)
            field = f"{_name(self.milestones[int(number) - 1][1])}_{part}"
        add_domain_error(self, DomainError(error.code, error.message, field))

    def differences(self, stored: Sequence[tuple[Activity, Milestone]]) -> list[dict[str, str]]:
        """Return the dates in which the stored version and the typed one differ."""
        rows = []
        for _activity, milestone in stored:
            for part in ("done_on", "forecast_on"):
                name = f"{_name(milestone)}_{part}"
                if name not in self.fields:
                    continue
                theirs, mine = _word(getattr(milestone, part)), _word(self.cleaned_data[name])
                if theirs != mine:
                    label = str(self.fields[name].label)
                    rows.append({"label": label, "theirs": theirs, "mine": mine})
        return rows


def _name(milestone: Milestone) -> str:
    return f"m_{milestone.uuid.hex}"


class PartWithdrawForm(forms.Form):
    """Why an activity or a risk leaves its objective."""

    reason = forms.CharField(
        label=_("Why is it withdrawn?"),
        max_length=500,
        required=False,
        widget=textarea(2),
        help_text=_("Kept in the history of the objective."),
    )
