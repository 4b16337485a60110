"""What people type of a question and of an answer; the rules are in the service."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ibzplan.core.choices import QuestionKind, Verdict
from ibzplan.core.forms import DateField, DateInput
from ibzplan.core.localised import LocalisedText
from ibzplan.core.questions.listing import QuestionFilter
from ibzplan.core.questions.rows import ANSWERED, OPEN, WITHDRAWN
from ibzplan.core.services.texts import MAX_TEXT_CHARACTERS

STATES = (
    (OPEN, pgettext_lazy("question", "Open")),
    (ANSWERED, _("Answered")),
    (WITHDRAWN, pgettext_lazy("question", "Withdrawn")),
)


class AskForm(forms.Form):
    """A question, a decision, or a request for one."""

    kind = forms.ChoiceField(label=_("Kind"))
    minister = forms.TypedChoiceField(label=_("Minister"), required=False, empty_value=None)
    anchor = forms.ChoiceField(label=_("About"), required=False)
    text = forms.CharField(
        label=_("What you ask or decide"),
        widget=forms.Textarea(attrs={"rows": 5, "maxlength": MAX_TEXT_CHARACTERS}),
        error_messages={"required": _("Write what you want to say.")},
        help_text=_("Both sides, the corporate cell, the committee and the auditor read it."),
    )
    options = forms.CharField(
        label=_("Options"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Each option to choose between on a line of its own."),
    )
    due_on = DateField(
        label=_("Answer by"),
        widget=DateInput(),
        error_messages={"required": _("Say by which day you need the answer.")},
    )

    def __init__(
        self,
        *args: Any,
        kinds: Sequence[str],
        offices: Mapping[Any, LocalisedText],
        places: Mapping[str, str],
        **kwargs: Any,
    ) -> None:
        """Offer what this user may put; what there is one of only is not asked."""
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["kind"].choices = [(one, QuestionKind(one).label) for one in kinds]
        fields["anchor"].choices = [("", _("The whole")), *places.items()]
        named = {str(uuid): uuid for uuid in offices}
        fields["minister"].choices = [(str(uuid), str(name)) for uuid, name in offices.items()]
        fields["minister"].coerce = named.__getitem__
        if len(kinds) == 1:
            fields["kind"].widget = forms.HiddenInput()
            fields["kind"].initial = kinds[0]
        if len(offices) == 1:
            del fields["minister"]
        if QuestionKind.REQUEST not in kinds:
            del fields["options"]

    def asked(self) -> dict[str, Any]:
        """Return what the service takes."""
        lines = self.cleaned_data.get("options", "").splitlines()
        return {**self.cleaned_data, "options": lines}


class AnswerForm(forms.Form):
    """An answer, of a cabinet to a request with its verdict."""

    verdict = forms.ChoiceField(
        label=_("Verdict"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Say whether it is agreed, refused or deferred.")},
    )
    text = forms.CharField(
        label=_("Answer"),
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": MAX_TEXT_CHARACTERS}),
        error_messages={"required": _("Write what you want to say.")},
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, verdict: str | None, **kwargs: Any) -> None:
        """Take the question of a verdict away where `verdict` is None: none is awaited.

        The first answer needs one; what has one, and is deferred, may be added to without.
        """
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        if verdict is None:
            del fields["verdict"]
        else:
            fields["verdict"].choices = Verdict.choices
            fields["verdict"].required = not verdict


class FilterForm(forms.Form):
    """What the list shows."""

    state = forms.ChoiceField(label=_("State"), required=False)
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    unit = forms.ChoiceField(label=_("Directorate"), required=False)
    minister = forms.ChoiceField(label=_("Minister"), required=False)
    q = forms.CharField(label=_("Words"), required=False, max_length=100)

    def __init__(
        self,
        *args: Any,
        units: Mapping[str, str],
        ministers: Mapping[str, str],
        **kwargs: Any,
    ) -> None:
        """Offer the units and ministers, by code."""
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["state"].choices = [("", _("All")), *STATES]
        fields["kind"].choices = [("", _("All")), *QuestionKind.choices]
        fields["unit"].choices = [("", _("All directorates")), *units.items()]
        fields["minister"].choices = [("", _("All ministers")), *ministers.items()]

    def wanted(self) -> QuestionFilter:
        """Return what is looked for; what is not one of the choices is left out."""
        self.is_valid()
        data = self.cleaned_data
        return QuestionFilter(
            state=data.get("state", ""),
            kind=data.get("kind", ""),
            unit=data.get("unit", ""),
            minister=data.get("minister", ""),
            text=data.get("q", ""),
        )

    def in_force(self) -> list[tuple[str, str]]:
        """Return the filters in force, in words."""
        fields: dict[str, Any] = self.fields
        return [
            (str(field.label), str(dict(getattr(field, "choices", ())).get(value, value)))
            for name, field in fields.items()
            if (value := self.cleaned_data.get(name, ""))
        ]
