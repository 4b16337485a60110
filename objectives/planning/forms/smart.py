"""What planners say to the advice of the SMART check."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _

from objectives.planning.forms.common import offer_again
from objectives.planning.selectors.smart import MotivatedFinding

# More is a discussion, which belongs in the description.
MOTIVATION_LENGTH: Final = 1000

_PREFIX: Final = "why-"


class MotivationForm(forms.Form):
    """A field for each advisory finding, named by its token; `version` is what the user saw."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        findings: Iterable[MotivatedFinding],
        version: int,
    ) -> None:
        """Start from the motivations that are there."""
        super().__init__(data)
        self.fields["version"].initial = version
        for one in findings:
            self.fields[f"{_PREFIX}{one.key.token}"] = forms.CharField(
                required=False,
                max_length=MOTIVATION_LENGTH,
                label=_("Motivation"),
                widget=forms.Textarea(
                    attrs={
                        "rows": 2,
                        "class": "form-control",
                        "aria-describedby": f"finding-{one.key.token}",
                    }
                ),
                initial=one.motivation.reason if one.motivation else "",
            )

    def field_of(self, finding: MotivatedFinding) -> forms.BoundField | None:
        """Return the field in which a finding is motivated."""
        name = f"{_PREFIX}{finding.key.token}"
        return self[name] if name in self.fields else None

    def words(self) -> dict[str, str]:
        """Return what was typed, by token; what was not sent is left as it is."""
        return {
            name.removeprefix(_PREFIX): self.cleaned_data[name]
            for name in self.fields
            if name.startswith(_PREFIX) and name in self.data
        }

    def clean(self) -> dict[str, Any]:
        """Give back what was typed to a finding that is no longer there; nothing is saved then."""
        for name in self.data:
            typed = self.data[name].strip() if name.startswith(_PREFIX) else ""
            if typed and name not in self.fields:
                message = _(
                    "What “%(text)s” answers is no longer found. Look whether another finding took "
                    "its place, and save again."
                )
                self.add_error(None, message % {"text": typed})
        return self.cleaned_data

    def look_again(self, version: int) -> None:
        """Take over the version that the page shows now: saving again is a choice."""
        offer_again(self, version=str(version))
