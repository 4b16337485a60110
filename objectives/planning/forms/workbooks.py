"""The form by which a workbook is handed in."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ibzplan.core.table_files import MAX_BYTES


class WorkbookForm(forms.Form):
    """One file."""

    file = forms.FileField(
        label=_("Workbook (.xlsx)"),
        widget=forms.ClearableFileInput(
            attrs={
                "accept": ".xlsx,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
            }
        ),
        error_messages={"required": _("Choose the workbook that you saved.")},
    )

    def clean_file(self) -> object:
        """Refuse what is too large before it is read."""
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(
                _(
                    "The file is larger than %(most)s MB. Leave out what does not belong to the "
                    "plan."
                )
                % {"most": MAX_BYTES // 1024**2}
            )
        return file
