"""The final evaluation of an objective, and opening it again."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from objectives.planning.choices import EvaluationResult
from objectives.planning.forms.common import localised_of, textarea
from objectives.planning.forms.grouped import OfferedMultipleField
from objectives.planning.models import FinalEvaluation, OperationalObjective
from objectives.planning.selectors.closing import continuations
from objectives.planning.services.evaluations import EvaluationSheet
from personnel.access import Access


class EvaluationForm(forms.Form):
    """What became of an objective; nothing is required before it is handed in."""

    result = forms.ChoiceField(
        label=_("Result"),
        required=False,
        choices=[("", _("Choose a result")), *EvaluationResult.choices],
        error_messages={"invalid_choice": _("Choose one of the results.")},
    )
    explanation_nl = forms.CharField(
        label=_("Explanation in Dutch"),
        required=False,
        widget=textarea(4),
        help_text=_(
            "What was reached, what was not, and why. Needed unless it was achieved, by its "
            "figures too."
        ),
    )
    explanation_fr = forms.CharField(
        label=_("Explanation in French"), required=False, widget=textarea(4)
    )
    lessons_nl = forms.CharField(
        label=_("Lessons in Dutch"),
        required=False,
        widget=textarea(3),
        help_text=_("What you would do again, and what not. Always needed, however short."),
    )
    lessons_fr = forms.CharField(label=_("Lessons in French"), required=False, widget=textarea(3))
    successors = OfferedMultipleField(
        label=_("Goes on next year in"),
        queryset=OperationalObjective.objects.none(),
        to_field_name="uuid",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "invalid_choice": _("“%(value)s” is not an objective of your unit in the next plan.")
        },
    )
    discontinued_because = forms.CharField(
        label=_("Or why it does not go on"), required=False, widget=textarea(2)
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        objective: OperationalObjective,
        evaluation: FinalEvaluation | None,
        access: Access,
        **kwargs: Any,
    ) -> None:
        """Offer the unit's objectives of the plan of next year."""
        super().__init__(*args, **kwargs)
        self.evaluation = evaluation
        fields: dict[str, Any] = self.fields
        fields["successors"].queryset = continuations(objective, access)
        offered = list(fields["successors"].queryset)
        fields["successors"].offered = offered
        if not offered:
            fields["successors"].help_text = _(
                "The plan of next year has no objective of your unit yet: make one first, or say "
                "below why this one stops."
            )

    @staticmethod
    def initial_of(
        objective: OperationalObjective, evaluation: FinalEvaluation | None
    ) -> dict[str, Any]:
        """Return what the form shows for what is stored."""
        links = objective.successor_links.current().filter(kind="continued")
        stored: dict[str, Any] = {
            "successors": [link.successor.uuid for link in links.select_related("successor")],
            "version": evaluation.version if evaluation else 0,
        }
        if evaluation is not None:
            stored |= {
                "result": evaluation.result,
                "explanation_nl": evaluation.explanation.get("nl", ""),
                "explanation_fr": evaluation.explanation.get("fr", ""),
                "lessons_nl": evaluation.lessons.get("nl", ""),
                "lessons_fr": evaluation.lessons.get("fr", ""),
                "discontinued_because": evaluation.discontinued_because,
            }
        return stored

    def sheet(self) -> EvaluationSheet:
        """Return what was typed, for the service."""
        data, before = self.cleaned_data, self.evaluation
        return EvaluationSheet(
            result=data["result"],
            explanation=localised_of(data, "explanation", before.explanation if before else None),
            lessons=localised_of(data, "lessons", before.lessons if before else None),
            discontinued_because=data["discontinued_because"],
            successors=tuple(data["successors"]),
        )


class ReopenForm(forms.Form):
    """Why an evaluation goes back to its unit."""

    reason = forms.CharField(
        label=_("Why is it opened again?"),
        widget=textarea(2),
        error_messages={"required": _("Say why it is opened again.")},
    )
