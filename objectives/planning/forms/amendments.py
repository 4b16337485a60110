"""The forms of an amendment and of each kind of change that it proposes."""

from collections.abc import Sequence
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from ibzplan.core.localised import LocalisedText
from objectives.planning.choices import ChangeKind
from objectives.planning.forms.common import ask_for_name, localised_of, textarea
from objectives.planning.models import Amendment
from personnel.models import OrganisationUnit

MAX_MOTIVATION_CHARACTERS: Final = 2000
NEW: Final = "new"


class AmendmentForm(forms.Form):
    """What an amendment is called and why it is proposed."""

    title_nl = forms.CharField(label=_("Name in Dutch"), max_length=200, required=False)
    title_fr = forms.CharField(label=_("Name in French"), max_length=200, required=False)
    motivation_nl = forms.CharField(
        label=_("Why, in Dutch"),
        required=False,
        max_length=MAX_MOTIVATION_CHARACTERS,
        widget=textarea(),
    )
    motivation_fr = forms.CharField(
        label=_("Why, in French"),
        required=False,
        max_length=MAX_MOTIVATION_CHARACTERS,
        widget=textarea(),
    )
    unit = forms.ModelChoiceField(
        label=_("Proposed by"),
        queryset=OrganisationUnit.objects.none(),
        to_field_name="code",
        required=False,
        empty_label=_("The corporate cell"),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        units: Sequence[OrganisationUnit] = (),
        is_corporate: bool = False,
        amendment: Amendment | None = None,
        **kwargs: Any,
    ) -> None:
        """Offer the units that the user plans for, and the corporate cell to its own people."""
        super().__init__(*args, **kwargs)
        self.amendment = amendment
        if amendment is not None:
            del self.fields["unit"]
            self._start_from(amendment)
            return
        field: Any = self.fields["unit"]
        field.queryset = OrganisationUnit.objects.filter(pk__in=[unit.pk for unit in units])
        if not is_corporate:
            field.required, field.empty_label = True, None
            field.initial = units[0].code if units else None

    def _start_from(self, amendment: Amendment) -> None:
        for name in ("title", "motivation"):
            for language in ("nl", "fr"):
                text: LocalisedText = getattr(amendment, name)
                self.fields[f"{name}_{language}"].initial = text.get(language, "")
        self.fields["version"].initial = amendment.version

    def clean(self) -> dict[str, Any] | None:
        """Take a name in either language."""
        cleaned = super().clean()
        ask_for_name(self)
        return cleaned

    def texts(self) -> dict[str, LocalisedText]:
        """Return title and motivation as typed."""
        before = self.amendment
        return {
            name: localised_of(self.cleaned_data, name, getattr(before, name) if before else None)
            for name in ("title", "motivation")
        }


class StartForm(forms.Form):
    """Which change of an objective, and in which amendment."""

    kind = forms.ChoiceField(
        label=_("What changes?"),
        widget=forms.RadioSelect,
        choices=[
            (ChangeKind.CHANGE, _("Its text, dates, holder or links")),
            (ChangeKind.ACTIVITY, _("One of its activities, with its milestones")),
            (ChangeKind.RISK, _("One of its risks")),
            (ChangeKind.TARGET, _("The target of one of its indicators")),
            (ChangeKind.OWNER, _("The directorate that owns it")),
            (ChangeKind.SPLIT, _("It is split into several objectives")),
            (ChangeKind.MERGE, _("It is merged with others into one")),
            (ChangeKind.WITHDRAW, _("It is withdrawn")),
        ],
    )
    amendment = forms.ChoiceField(label=_("In which amendment?"))
    title_nl = forms.CharField(
        label=_("Name of the new amendment, in Dutch"), max_length=200, required=False
    )
    title_fr = forms.CharField(
        label=_("Name of the new amendment, in French"), max_length=200, required=False
    )

    def __init__(self, *args: Any, drafts: Sequence[Amendment], **kwargs: Any) -> None:
        """Offer the user's drafts, and a new one."""
        super().__init__(*args, **kwargs)
        field: Any = self.fields["amendment"]
        field.choices = [
            *((str(row.uuid), f"W{row.number} {row.title}") for row in drafts),
            (NEW, _("A new amendment")),
        ]


class AmendmentStepForm(forms.Form):
    """A step of an amendment, with the version that the user saw."""

    step = forms.ChoiceField(
        choices=[(name, name) for name in ("submit", "return", "approve", "reject", "withdraw")]
    )
    version = forms.IntegerField()
    reason = forms.CharField(required=False, max_length=MAX_MOTIVATION_CHARACTERS)


class VersionForm(forms.Form):
    """The version of a change that the user saw."""

    version = forms.IntegerField()
