"""The form of a day of the plan cycle."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from objectives.planning.forms.common import DateField, DateInput, localised_of
from personnel.models import OrganisationUnit
from personnel.selectors import planning_units
from reporting.choices import DeadlineKind
from reporting.models import Deadline
from reporting.services.calendar import DeadlineSheet


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
