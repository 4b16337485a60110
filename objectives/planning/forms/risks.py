"""The form of a risk."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from objectives.planning.choices import RiskResponse
from objectives.planning.forms.common import localised_of, textarea
from objectives.planning.models import Risk
from objectives.planning.risk_texts import SCALE, scale_text
from objectives.planning.services import RiskSheet


def _scale_field(label: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(label=label, coerce=int, choices=_scale_choices)


def _scale_choices() -> list[tuple[Any, str]]:
    return [("", "—"), *((value, scale_text(value)) for value in SCALE)]


class RiskForm(forms.Form):
    """What could keep an objective from being achieved."""

    title_nl = forms.CharField(
        label=_("What could go wrong, in Dutch"), max_length=200, required=False
    )
    title_fr = forms.CharField(
        label=_("What could go wrong, in French"), max_length=200, required=False
    )
    likelihood = _scale_field(_("Likelihood"))
    impact = _scale_field(_("Impact"))
    response = forms.ChoiceField(
        label=_("Response"), choices=RiskResponse.choices, initial=RiskResponse.REDUCE
    )
    measure_nl = forms.CharField(
        label=_("What will be done, in Dutch"), required=False, widget=textarea(2)
    )
    measure_fr = forms.CharField(
        label=_("What will be done, in French"), required=False, widget=textarea(2)
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    # The identity of a new risk, given with the empty form: sent twice, it is made once.
    key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, risk: Risk | None = None, **kwargs: Any) -> None:
        """Keep the risk that is changed, whose other language an edit outdates."""
        super().__init__(*args, **kwargs)
        self.risk = risk

    @staticmethod
    def initial_of(risk: Risk) -> dict[str, Any]:
        """Return what the form shows for an existing risk."""
        return {
            "title_nl": risk.title.get("nl", ""),
            "title_fr": risk.title.get("fr", ""),
            "likelihood": risk.likelihood,
            "impact": risk.impact,
            "response": risk.response,
            "measure_nl": risk.measure.get("nl", ""),
            "measure_fr": risk.measure.get("fr", ""),
            "version": risk.version,
        }

    def sheet(self) -> RiskSheet:
        """Return what was typed, for the service."""
        data, before = self.cleaned_data, self.risk
        return RiskSheet(
            title=localised_of(data, "title", before.title if before else None),
            likelihood=data["likelihood"],
            impact=data["impact"],
            response=data["response"],
            measure=localised_of(data, "measure", before.measure if before else None),
        )

    def differences(self, stored: Risk) -> list[dict[str, str]]:
        """Return the fields in which the stored version and the typed one differ, in words."""
        theirs = self.initial_of(stored)
        rows = [
            (str(field.label), _word(name, theirs[name]), _word(name, self.cleaned_data[name]))
            for name, field in self.fields.items()
            if name in theirs and name != "version"
        ]
        return [
            {"label": label, "theirs": their, "mine": mine}
            for label, their, mine in rows
            if their != mine
        ]


def _word(name: str, value: Any) -> str:
    if name == "response":
        return str(RiskResponse(value).label)
    return scale_text(value) if name in ("likelihood", "impact") else str(value)
