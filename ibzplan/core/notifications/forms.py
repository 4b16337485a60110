"""The form of how a user wants to be told."""

from django import forms
from django.utils.translation import gettext_lazy as _

LANGUAGE_CHOICES = [("", _("Language of the product")), ("nl", "Nederlands"), ("fr", "Français")]


class PreferenceForm(forms.Form):
    """Mute, and the language of mails and calendar."""

    is_muted = forms.BooleanField(
        label=_("Send me no mails"),
        required=False,
        help_text=_(
            "Messages stay on the page. When something of your directorate is more than a week "
            "late, its head is mailed all the same."
        ),
    )
    language = forms.ChoiceField(
        label=_("Language of mails and calendar"), choices=LANGUAGE_CHOICES, required=False
    )
