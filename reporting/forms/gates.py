"""Forms of what a reviewer decides before a report is approved."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ibzplan.core.services.texts import MAX_TEXT_CHARACTERS


class WaiverForm(forms.Form):
    """Why a report is approved although Dutch and French differ; the rules are in the service."""

    reason = forms.CharField(
        label=_("Why may it be approved as it is?"),
        max_length=MAX_TEXT_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("The report prints this reason."),
        error_messages={"required": _("Say why: the report prints it.")},
    )
    findings = forms.CharField(widget=forms.HiddenInput)
