"""The form in which a unit tells of an objective over a quarter."""

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from objectives.planning.forms.common import localised_of, textarea
from objectives.planning.models import Narrative
from objectives.planning.services.narratives import NarrativeSheet

_FIELDS: Final = ("done", "planned", "obstacles")
_LONGEST: Final = 4000


def _told(label: Any, rows: int = 4) -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=_LONGEST, widget=textarea(rows))


class NarrativeForm(forms.Form):
    """Done, planned, in the way; in one language or both."""

    done_nl = _told(_("What was done, in Dutch"))
    done_fr = _told(_("What was done, in French"))
    planned_nl = _told(_("What comes next, in Dutch"), 3)
    planned_fr = _told(_("What comes next, in French"), 3)
    obstacles_nl = _told(_("What is in the way, in Dutch"), 3)
    obstacles_fr = _told(_("What is in the way, in French"), 3)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, before: Narrative | None = None, **kwargs: Any) -> None:
        """Keep what was told before, whose other language an edit outdates."""
        kwargs.setdefault("initial", self.initial_of(before))
        super().__init__(*args, **kwargs)
        self.before = before

    @staticmethod
    def initial_of(narrative: Narrative | None) -> dict[str, Any]:
        """Return what the form shows of what is told already."""
        texts = {
            f"{name}_{language}": getattr(narrative, name).get(language, "") if narrative else ""
            for name in _FIELDS
            for language in ("nl", "fr")
        }
        return {**texts, "version": narrative.version if narrative else 0}

    def sheet(self) -> NarrativeSheet:
        """Return what was typed, for the service."""
        data, before = self.cleaned_data, self.before
        texts = {
            name: localised_of(data, name, getattr(before, name) if before else None)
            for name in _FIELDS
        }
        return NarrativeSheet(**texts)
