"""Forms of a progress report's life, from the question to the mail."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from ibzplan.core.forms import EXAMPLE_DAY
from ibzplan.core.services.texts import MAX_TEXT_CHARACTERS
from objectives.planning.forms.common import DateField, DateInput
from objectives.strategy.models import Plan
from personnel.models import SupervisingMinister, User
from reporting.choices import ReviewVerdict
from reporting.forms.comparing import report_label
from reporting.models import ProgressReport, ReportSending
from reporting.selectors.sending import reached_by

LANGUAGE_CHOICES: Final = [("nl", _("Dutch")), ("fr", _("French"))]
# What directorates get to read a report, unless the corporate cell says otherwise.
REVIEW_DAYS: Final = 7


class CodedField(forms.TypedChoiceField):
    """One of the rows offered, by its official code; gives the row."""

    def offer(self, rows: Iterable[Any], labels: Mapping[str, str]) -> None:
        """Offer rows, each under what `labels` calls it."""
        known = {row.code: row for row in rows}
        self.choices = [*self._first(), *((code, labels[code]) for code in known)]
        self.coerce = known.__getitem__

    def _first(self) -> list[tuple[str, Any]]:
        return [] if self.required else [("", self.empty_label)]

    def __init__(self, *, empty_label: Any = "", **kwargs: Any) -> None:
        """Keep how the empty choice reads, where there is one."""
        self.empty_label = empty_label
        super().__init__(empty_value=None, **kwargs)


class MomentField(forms.DateTimeField):
    """A day and an hour; what is none is named in the error, because the browser cannot show it."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")

    def to_python(self, value: Any) -> datetime | None:
        """Return the moment in Brussels, or None when empty."""
        try:
            return super().to_python(value)
        except ValidationError as error:
            raise ValidationError(
                _("“%(value)s” is no day and hour. Write for instance %(example)s.")
                % {"value": value, "example": f"{EXAMPLE_DAY.isoformat()} 14:30"},
                code="invalid",
            ) from error


class ReportForm(forms.Form):
    """What progress reports are about; the plan year is that of the reference date.

    As known now, unless the moment of another report or one of its own is chosen.
    """

    plan = CodedField(label=_("Plan"))
    minister = CodedField(label=_("Supervising minister"))
    reference_date = DateField(
        label=_("Reference date"),
        widget=DateInput(),
        help_text=_("Periods that ended on or before this day count."),
    )
    language = forms.MultipleChoiceField(
        label=_("Languages of the report"),
        choices=LANGUAGE_CHOICES,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one language.")},
    )
    same_as = forms.ChoiceField(
        label=_("As known at the moment of"),
        required=False,
        help_text=_("So that two reports can be compared, or say the same in both languages."),
        error_messages={
            "invalid_choice": _(
                "There is no such report, or it is not for you: choose one of the list."
            )
        },
    )
    known_at = MomentField(
        label=_("Or as known on"),
        required=False,
        help_text=_("Empty: as it is known now."),
    )

    def __init__(
        self,
        *args: Any,
        plans: Sequence[Plan],
        ministers: Sequence[SupervisingMinister],
        reports: Sequence[ProgressReport] = (),
        **kwargs: Any,
    ) -> None:
        """Offer the plans, the ministers who receive reports on one of them, and `reports` whose
        moment can be taken over.
        """
        super().__init__(*args, **kwargs)
        offer_plans(self, plans)
        offer_ministers(self, ministers)
        self._reports = {str(report.uuid): report for report in reports}
        field = self.fields["same_as"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 (for the type checker)
        field.choices = [
            ("", _("No other report")),
            *((key, _known_label(report)) for key, report in self._reports.items()),
        ]

    def clean(self) -> dict[str, Any]:
        """Refuse two moments at once."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("same_as") and data.get("known_at"):
            self.add_error(
                "known_at", _("Two moments are chosen: leave this one empty, or the other report.")
            )
        return data

    def moment(self) -> datetime | None:
        """Return as known at which moment, None for now; call it on a valid form."""
        report = self._reports.get(self.cleaned_data["same_as"])
        moment: datetime | None = report.known_at if report else self.cleaned_data["known_at"]
        return moment


def _known_label(report: ProgressReport) -> str:
    """Return a report with the moment as known at which it is."""
    moment = date_format(timezone.localtime(report.known_at), "SHORT_DATETIME_FORMAT")
    return f"{moment} · {report_label(report)}"


def offer_plans(form: forms.Form, plans: Sequence[Plan]) -> None:
    """Let a form choose among plans."""
    field = form.fields["plan"]
    assert isinstance(field, CodedField)  # noqa: S101 (for the type checker)
    field.offer(plans, {row.code: f"{row.code} {row.title}" for row in plans})


def offer_ministers(form: forms.Form, ministers: Sequence[SupervisingMinister]) -> None:
    """Let a form choose among ministers."""
    field = form.fields["minister"]
    assert isinstance(field, CodedField)  # noqa: S101 (for the type checker)
    field.offer(ministers, {row.code: str(row.short_title) for row in ministers})


class ReviewForm(forms.Form):
    """Until when the directorates read a report."""

    due_on = DateField(label=_("Read before"), widget=DateInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Start with a week from today."""
        kwargs.setdefault("initial", {})
        day = timezone.localdate() + timedelta(days=REVIEW_DAYS)
        kwargs["initial"].setdefault("due_on", day)
        super().__init__(*args, **kwargs)


class VerdictForm(forms.Form):
    """What the head of a directorate answers."""

    verdict = forms.ChoiceField(
        label=_("Your answer"),
        choices=ReviewVerdict.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose an answer.")},
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class ApproveForm(forms.Form):
    """What someone says when approving a report; the rules are in the service."""

    without_review = forms.CharField(
        label=_("Why is it approved without them?"),
        required=False,
        max_length=MAX_TEXT_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The report prints this reason."),
    )
    confirmed = forms.CharField(required=False, widget=forms.HiddenInput)
    accepted = forms.CharField(required=False, widget=forms.HiddenInput)


class CorrectionForm(forms.Form):
    """Why an issued report is made again, in its own language or in both."""

    reason = forms.CharField(
        label=_("What is wrong, and what is put right?"),
        max_length=MAX_TEXT_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The new edition and the mail that comes with it say this."),
        error_messages={"required": _("Say what the new edition puts right.")},
    )
    both = forms.BooleanField(label=_("Also in the other language"), required=False, initial=True)

    def __init__(self, *args: Any, has_other: bool = False, **kwargs: Any) -> None:
        """Offer the other language where that report was issued too."""
        super().__init__(*args, **kwargs)
        if not has_other:
            del self.fields["both"]


class SendForm(forms.Form):
    """To whom an issued report goes."""

    recipients = forms.MultipleChoiceField(
        label=_("Recipients"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one recipient.")},
    )

    def __init__(
        self,
        *args: Any,
        readers: Sequence[User],
        sendings: Iterable[ReportSending] = (),
        **kwargs: Any,
    ) -> None:
        """Offer those who did not get it yet; all of them are chosen at first."""
        super().__init__(*args, **kwargs)
        reached = reached_by(sendings)
        self._readers = {str(user.uuid): user for user in readers}
        left = {key: user for key, user in self._readers.items() if user.pk not in reached}
        # Of one who got it meanwhile the service says so.
        offered = self._readers if self.is_bound else left
        field = self.fields["recipients"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 (for the type checker)
        field.choices = [(key, f"{user} ({user.email})") for key, user in offered.items()]
        field.initial = list(left)
        self.is_empty = not offered

    def chosen(self) -> list[User]:
        """Return who was chosen; call it on a valid form."""
        return [self._readers[key] for key in self.cleaned_data["recipients"]]
