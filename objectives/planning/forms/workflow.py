"""What people type when they take a step with an objective or with a plan."""

from typing import Any, Final

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ibzplan.core.services.texts import MAX_TEXT_CHARACTERS
from objectives.planning.choices import Step
from objectives.planning.forms.common import DateField, DateInput, textarea
from objectives.planning.models import OperationalPlan
from objectives.planning.remarks import FIELDS

COMMENT: Final = "comment_"


class StepForm(forms.Form):
    """A step of an objective, with the version that the user saw; a return says why.

    One box a field says what must change there.
    """

    step = forms.ChoiceField(choices=Step.choices, widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Why does it go back?"), required=False, widget=textarea(2), strip=True
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Add a box for each field that a remark can be anchored to."""
        super().__init__(*args, **kwargs)
        for name, label in FIELDS.items():
            self.fields[f"{COMMENT}{name}"] = forms.CharField(
                label=str(label),
                required=False,
                max_length=MAX_TEXT_CHARACTERS,
                widget=textarea(2),
            )

    @property
    def comment_boxes(self) -> list[forms.BoundField]:
        """Return the boxes of the fields."""
        return [self[f"{COMMENT}{name}"] for name in FIELDS]

    @property
    def has_comments(self) -> bool:
        """Tell whether one of the boxes was filled in, so that the page opens them."""
        return any(box.value() for box in self.comment_boxes)

    def comments(self) -> dict[str, str]:
        """Return what was asked, by field."""
        return {name: self.cleaned_data.get(f"{COMMENT}{name}", "") for name in FIELDS}


class BulkStepForm(forms.Form):
    """A step with many objectives; each box carries UUID and version."""

    step = forms.ChoiceField(choices=Step.choices)
    pick = forms.MultipleChoiceField(
        error_messages={"required": _("Tick at least one objective.")},
    )

    def __init__(self, *args: Any, offered: list[str], **kwargs: Any) -> None:
        """Take what the page offered; what is gone meanwhile is told by the service."""
        super().__init__(*args, **kwargs)
        picks: Any = self.fields["pick"]
        picks.choices = [(one, one) for one in offered]


class _PlanForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)


class PlanSubmitForm(_PlanForm):
    """Ask the committee to put the plan in force."""


class PlanReturnForm(_PlanForm):
    """Send the plan back to the corporate cell."""

    reason = forms.CharField(
        label=_("Why does it go back?"),
        widget=textarea(2),
        error_messages={"required": _("Say why it goes back.")},
    )


class PlanApproveForm(_PlanForm):
    """Put the plan in force; each draft that stays behind is confirmed."""

    approved_on = DateField(label=_("Approved on"), widget=DateInput())
    left_out = forms.MultipleChoiceField(
        label=_("These drafts are left out"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("They come into the plan later, by an amendment."),
    )

    def __init__(self, *args: Any, drafts: list[tuple[str, str]], **kwargs: Any) -> None:
        """Name the drafts; today is proposed."""
        super().__init__(*args, **kwargs)
        self.fields["approved_on"].initial = timezone.localdate()
        if drafts:
            choice: Any = self.fields["left_out"]
            choice.choices = drafts
        else:
            del self.fields["left_out"]


class PlanSendForm(_PlanForm):
    """The day on which the plan went to the ministers."""

    sent_on = DateField(label=_("Sent to the ministers on"), widget=DateInput())

    def __init__(self, *args: Any, plan: OperationalPlan, **kwargs: Any) -> None:
        """Start from the day noted, else from today."""
        super().__init__(*args, **kwargs)
        self.fields["sent_on"].initial = plan.sent_on or timezone.localdate()


class BudgetVoteForm(_PlanForm):
    """The day on which the Chamber approved the budget."""

    voted_on = DateField(
        label=_("The Chamber approved the budget on"),
        widget=DateInput(),
        help_text=_("The plan is due with the ministers one month later."),
    )

    def __init__(self, *args: Any, plan: OperationalPlan, **kwargs: Any) -> None:
        """Start from the day noted."""
        super().__init__(*args, **kwargs)
        self.fields["voted_on"].initial = plan.budget_voted_on
