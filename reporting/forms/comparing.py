"""The form that chooses two moments of a plan year."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from ibzplan.core.clocks import Clocks
from ibzplan.core.errors import DomainError
from objectives.planning.forms.common import DateInput
from objectives.planning.models import OperationalPlan
from personnel.models import OrganisationUnit, SupervisingMinister
from reporting.choices import STATUS_CHOICES, CompareMode, MovementKind
from reporting.models import ProgressReport
from reporting.selectors.movements import clocks_of_report


class CompareForm(forms.Form):
    """Which two moments of a plan year are compared, and what of it is shown; from an address.

    A valid form holds both clocks as `before` and `after` in its cleaned data.
    """

    mode = forms.ChoiceField(
        label=_("Compare"), choices=CompareMode.choices, widget=forms.RadioSelect
    )
    since = forms.CharField(label=_("From reference date"), required=False, widget=DateInput())
    since_known = forms.CharField(
        label=_("From: as known on"),
        required=False,
        widget=DateInput(),
        help_text=_("Empty: as it is known now."),
    )
    since_report = forms.ChoiceField(label=_("From report"), required=False)
    until = forms.CharField(label=_("To reference date"), required=False, widget=DateInput())
    until_known = forms.CharField(
        label=_("To: as known on"),
        required=False,
        widget=DateInput(),
        help_text=_("Empty: as it is known now."),
    )
    until_report = forms.ChoiceField(label=_("To report"), required=False)
    minister = forms.ChoiceField(label=_("Supervising minister"), required=False)
    unit = forms.ChoiceField(label=_("Directorate"), required=False)
    year = forms.ChoiceField(label=_("Plan"))
    status = forms.ChoiceField(
        label=_("Status after"),
        required=False,
        choices=[("", _("All statuses")), *STATUS_CHOICES],
    )
    kind = forms.ChoiceField(
        label=_("Movement"),
        required=False,
        choices=[("", _("All movements")), *MovementKind.choices],
    )

    def __init__(
        self,
        *args: Any,
        plans: Sequence[OperationalPlan],
        ministers: Sequence[SupervisingMinister],
        units: Sequence[OrganisationUnit],
        reports: Sequence[ProgressReport],
        **kwargs: Any,
    ) -> None:
        """Offer what the user may see; anything else is an error at its field."""
        super().__init__(*args, **kwargs)
        self._reports = {str(report.uuid): report for report in reports}
        offered = [(key, report_label(report)) for key, report in self._reports.items()]
        self._offer("year", [(str(plan.year), f"OP {plan.year}") for plan in plans])
        self._offer(
            "minister",
            [("", _("All ministers")), *((row.code, str(row.short_title)) for row in ministers)],
        )
        self._offer(
            "unit",
            [
                ("", _("All directorates")),
                *((row.code, f"{row.title} ({row.code})") for row in units),
            ],
        )
        for name in ("since_report", "until_report"):
            self._offer(name, [("", _("Choose a report")), *offered])
            self.fields[name].error_messages["invalid_choice"] = _(
                "There is no such report, or it is not for you: choose one of the list."
            )

    def _offer(self, name: str, choices: Sequence[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 (for the type checker)
        field.choices = choices

    def clean(self) -> dict[str, Any]:
        """Put both clocks in the cleaned data; whatever cannot be is an error at its field."""
        data: dict[str, Any] = super().clean() or {}
        mode = data.get("mode")
        if mode == CompareMode.REPORTS:
            self._clean_reports(data)
        elif mode is not None:
            data["after"] = self._clocks(data, "until")
            if mode == CompareMode.DATES:
                data["before"] = self._clocks(data, "since")
                if data["before"] is not None and not data.get("since"):
                    self.add_error("since", _("Give the first reference date."))
        self._check_order(data)
        return data

    def _clean_reports(self, data: dict[str, Any]) -> None:
        for name, clock in (("since_report", "before"), ("until_report", "after")):
            report = self._reports.get(data.get(name, ""))
            if report is not None:
                data[clock] = clocks_of_report(report)
                data[name] = report
            elif name not in self.errors:
                self.add_error(name, _("Choose a report of the list."))
        first, second = data.get("since_report"), data.get("until_report")
        if not (first and second) or self.errors:
            return
        if first.plan_id != second.plan_id:
            self.add_error(
                "until_report",
                _("This report is on %(other)s, the first one on %(plan)s: choose the same plan.")
                % {"other": second.plan, "plan": first.plan},
            )

    def _clocks(self, data: dict[str, Any], name: str) -> Clocks | None:
        """Return the clocks of two fields; None with an error at the field for a wrong one."""
        known = f"{name}_known"
        try:
            query = {field: data.get(field, "") for field in (name, known)}
            clocks = Clocks.from_query(query, reference_name=name, known_name=known)
        except DomainError as error:
            field = error.field or name
            self.add_error(
                field,
                _("“%(value)s” is not a date: give year-month-day, as in 2026-09-30.")
                % {"value": data.get(field, "")},
            )
            return None
        return clocks

    def _check_order(self, data: dict[str, Any]) -> None:
        before, after = data.get("before"), data.get("after")
        if before is None or after is None or self.errors:
            return
        field = "until_report" if data["mode"] == CompareMode.REPORTS else "until"
        first = (before.reference_date, before.known_at)
        second = (after.reference_date, after.known_at)
        if first == second:
            self.add_error(field, _("Both moments are the same: choose another one."))
        elif second < first:
            self.add_error(
                field,
                _("%(second)s comes before %(first)s: swap the two moments.")
                % {
                    "first": moment_text(before, second=after),
                    "second": moment_text(after, second=before),
                },
            )

    @property
    def can_swap(self) -> bool:
        """Tell whether the second moment comes before the first one: swapping is the remedy."""
        before, after = self.cleaned_data.get("before"), self.cleaned_data.get("after")
        if self.is_valid() or before is None or after is None:
            return False
        return (after.reference_date, after.known_at) < (before.reference_date, before.known_at)


def moment_text(clocks: Clocks, *, second: Clocks) -> str:
    """Return the reference date, with what it was known on where the other has the same date."""
    day = date_format(clocks.reference_date, "SHORT_DATE_FORMAT")
    if clocks.reference_date != second.reference_date:
        return day
    known = date_format(timezone.localtime(clocks.known_at), "SHORT_DATETIME_FORMAT")
    return str(_("%(day)s as known on %(moment)s")) % {"day": day, "moment": known}


def report_label(report: ProgressReport) -> str:
    """Return what a list of reports says of one: plan, minister, reference date, language."""
    day = date_format(report.reference_date, "SHORT_DATE_FORMAT")
    named = report.plan or report.strategic_plan.code
    return f"{named} · {report.minister.short_title} · {day} · {report.language.upper()}"
