"""What a head states beside the computed status."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from objectives.planning.forms.common import DateField, DateInput, offer_again, textarea
from objectives.planning.models import OperationalObjective, StatusOverride
from objectives.planning.services.overrides import (
    JUDGEMENTS,
    first_day,
    judgement_to_withdraw,
)

# What the button of the second form sends as `action`.
TAKE_BACK: Final = "take_back"


def judgement_day(objective: OperationalObjective, today: date) -> date:
    """Return the day that a form proposes: today, or the edge of the plan year nearest to it."""
    last_day = date(objective.plan.year, 12, 31)
    return max(first_day(objective), min(today, last_day))


class _ReasonForm(forms.Form):
    """What judging and taking back have in common; `seen` is the judgement that the user saw."""

    holds_from = DateField(
        label=_("Holds for reference dates from"),
        widget=DateInput(),
        error_messages={"required": _("Say from which day on it holds.")},
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        objective: OperationalObjective,
        before: StatusOverride | None,
        **kwargs: Any,
    ) -> None:
        """Start from today and from the judgement recorded last."""
        super().__init__(*args, **kwargs)
        self.now = str(before.uuid) if before else ""
        self.fields["seen"].initial = self.now
        self.fields["holds_from"].initial = judgement_day(objective, timezone.localdate())

    def look_again(self) -> None:
        """Take over the judgement that the page shows now: saving again is a choice."""
        offer_again(self, seen=self.now)


class JudgementForm(_ReasonForm):
    """A status beside the computed one."""

    status = forms.ChoiceField(
        label=_("Your judgement"),
        choices=[("", _("Choose a status")), *((one.value, one.label) for one in JUDGEMENTS)],
        error_messages={
            "required": _("Choose one of the statuses."),
            "invalid_choice": _("Choose one of the statuses."),
        },
    )
    reason = forms.CharField(
        label=_("Why this judgement?"),
        widget=textarea(3),
        help_text=_("Everyone who sees the objective reads it, also in the reports."),
        error_messages={"required": _("Give the reason: it stands beside your judgement.")},
    )
    field_order = ("status", "reason", "holds_from", "seen")


class TakeBackForm(_ReasonForm):
    """The judgement that holds no longer does."""

    reason = forms.CharField(
        label=_("Why do you take it back?"),
        widget=textarea(2),
        error_messages={"required": _("Give the reason: it stays on record.")},
    )
    field_order = ("reason", "holds_from", "seen")

    def __init__(self, *args: Any, held: StatusOverride | None, **kwargs: Any) -> None:
        """Start from the day on which the judgement that still holds began."""
        super().__init__(*args, **kwargs)
        if held is not None:
            self.fields["holds_from"].initial = held.holds_from


@dataclass(frozen=True, slots=True)
class JudgementForms:
    """The forms that a head finds on the page; there is nothing to take back without a judgement.

    `bound` is the one that was sent.
    """

    judge: JudgementForm
    take_back: TakeBackForm | None
    bound: JudgementForm | TakeBackForm


def judgement_forms(
    objective: OperationalObjective,
    before: StatusOverride | None,
    *,
    data: Mapping[str, Any] | None = None,
) -> JudgementForms:
    """Return both forms, one of them filled with `data`; `before` is what was recorded last."""
    taking_back = data is not None and data.get("action") == TAKE_BACK
    judge = JudgementForm(None if taking_back else data, objective=objective, before=before)
    held = judgement_to_withdraw(objective) if before else None
    take_back = TakeBackForm(
        data if taking_back else None,
        objective=objective,
        before=before,
        held=held,
        auto_id="take_back_%s",
    )
    shown = take_back if taking_back or held else None
    return JudgementForms(judge, shown, take_back if taking_back else judge)
