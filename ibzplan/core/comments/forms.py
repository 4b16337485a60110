"""What people type of a remark; the rules are in the service."""

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from ibzplan.core.services.texts import MAX_TEXT_CHARACTERS

# A record with more fields is remarked on from its own page, where each of them stands.
_MOST_OFFERED: Final = 100


class CommentForm(forms.Form):
    """A remark on a record or on one of its fields."""

    field = forms.ChoiceField(label=_("About"), required=False)
    text = forms.CharField(
        label=_("Remark"),
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": MAX_TEXT_CHARACTERS}),
        error_messages={"required": _("Write what you want to say.")},
    )
    asks_change = forms.BooleanField(
        label=_("Asks for a change"),
        required=False,
        help_text=_("It does not go on before this is settled."),
    )

    def __init__(self, *args: Any, fields: Mapping[str, str], **kwargs: Any) -> None:
        """Offer the record as a whole and its fields; of very many only the one that was asked."""
        super().__init__(*args, **kwargs)
        asked = self.data.get("field", "")
        if len(fields) > _MOST_OFFERED:
            fields = {asked: fields[asked]} if asked in fields else {}
        choice: Any = self.fields["field"]
        choice.choices = [("", _("The whole")), *fields.items()]


class AnswerForm(forms.Form):
    """An answer in a thread."""

    text = forms.CharField(
        label=_("Answer"),
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": MAX_TEXT_CHARACTERS}),
        error_messages={"required": _("Write what you want to say.")},
    )
