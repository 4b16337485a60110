"""Forms of reporting."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from personnel.models import SupervisingMinister

LANGUAGE_CHOICES = [("nl", _("Dutch")), ("fr", _("French"))]


class ReportForm(forms.Form):
    """What a progress report is about; the plan is that of the reference date's year."""

    minister = forms.ModelChoiceField(
        label=_("Supervising minister"),
        queryset=SupervisingMinister.objects.none(),
        to_field_name="code",
        empty_label=None,
    )
    reference_date = forms.DateField(
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
