"""Forms of reporting."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from ibzplan.core.clocks import Clocks
from ibzplan.core.errors import DomainError
from ibzplan.core.localised import LocalisedText
from objectives.planning.forms.common import DateField, DateInput, localised_of
from objectives.planning.models import OperationalPlan
from objectives.strategy.models import Werf
from personnel.models import OrganisationUnit, SupervisingMinister
from personnel.selectors import planning_units
from reporting.choices import STATUS_CHOICES, CompareMode, DeadlineKind, MovementKind
from reporting.models import Deadline, ProgressReport, Reorganisation
from reporting.selectors.movements import clocks_of_report
from reporting.services.calendar import DeadlineSheet
from reporting.services.reorganisation import ReorganisationSheet, Source

LANGUAGE_CHOICES = [("nl", _("Dutch")), ("fr", _("French"))]


class ReportForm(forms.Form):
    """What a progress report is about; the plan is that of the reference date's year."""

    minister = forms.ModelChoiceField(
        label=_("Supervising minister"),
        queryset=SupervisingMinister.objects.none(),
        to_field_name="code",
        empty_label=None,
    )
    reference_date = DateField(
        label=_("Reference date"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Periods that ended on or before this day count."),
    )
    language = forms.ChoiceField(label=_("Language of the report"), choices=LANGUAGE_CHOICES)

    def __init__(self, *args: Any, ministers: list[SupervisingMinister], **kwargs: Any) -> None:
        """Offer the ministers who receive reports on the plan, under their official codes."""
        super().__init__(*args, **kwargs)
        field = self.fields["minister"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 (for the type checker)
        field.queryset = SupervisingMinister.objects.filter(pk__in=[m.pk for m in ministers])


class DeadlineForm(forms.Form):
    """A day of the plan cycle; `version` is the one that the user started from."""

    kind = forms.ChoiceField(label=_("What is due"), choices=DeadlineKind.choices)
    due_on = DateField(label=_("Day"), widget=DateInput())
    unit = forms.ModelChoiceField(
        label=_("Directorate"),
        queryset=OrganisationUnit.objects.none(),
        to_field_name="code",
        required=False,
        empty_label=_("All directorates"),
    )
    title_nl = forms.CharField(
        label=_("Title in Dutch"),
        max_length=200,
        required=False,
        help_text=_("Empty: the kind and the plan year say it."),
    )
    title_fr = forms.CharField(label=_("Title in French"), max_length=200, required=False)
    article_nl = forms.CharField(
        label=_("Rule that sets the day, in Dutch"), max_length=300, required=False
    )
    article_fr = forms.CharField(
        label=_("Rule that sets the day, in French"), max_length=300, required=False
    )
    done_on = DateField(
        label=_("Done on"),
        required=False,
        widget=DateInput(),
        help_text=_("Nobody is reminded of what is done."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, deadline: Deadline | None = None, **kwargs: Any) -> None:
        """Start from a day that is there, or from nothing."""
        self.deadline = deadline
        if deadline is not None:
            kwargs.setdefault("initial", _entered(deadline))
        super().__init__(*args, **kwargs)
        field = self.fields["unit"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 (for the type checker)
        field.queryset = planning_units()
        if deadline is None:
            del self.fields["done_on"]

    def sheet(self) -> DeadlineSheet:
        """Return what was entered; call it on a valid form."""
        data, before = self.cleaned_data, self.deadline
        return DeadlineSheet(
            kind=data["kind"],
            due_on=data["due_on"],
            unit=data["unit"],
            title=localised_of(data, "title", before.title if before else None),
            article=localised_of(data, "article", before.article if before else None),
            done_on=data.get("done_on"),
        )


def _entered(deadline: Deadline) -> dict[str, Any]:
    return {
        "kind": deadline.kind,
        "due_on": deadline.due_on,
        "unit": deadline.unit.code if deadline.unit else None,
        "title_nl": deadline.title.get("nl", ""),
        "title_fr": deadline.title.get("fr", ""),
        "article_nl": deadline.article.get("nl", ""),
        "article_fr": deadline.article.get("fr", ""),
        "done_on": deadline.done_on,
        "version": deadline.version,
    }


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
    return f"{report.plan} · {report.minister.short_title} · {day} · {report.language.upper()}"
