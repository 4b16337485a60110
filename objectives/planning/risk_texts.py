"""The five steps of likelihood and impact, and what their product means, in words."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from objectives.planning.models.risks import HIGHEST, LOWEST

SCALE: Final = range(LOWEST, HIGHEST + 1)
_STEPS: Final[Mapping[int, Promise]] = {
    1: _("very low"),
    2: _("low"),
    3: _("medium"),
    4: _("high"),
    5: _("very high"),
}
# From this score on (1 to 25) a risk is called so.
_SERIOUS: Final = 15
_NOTABLE: Final = 6


def step_text(value: int) -> str:
    """Return 'high' for 4."""
    return str(_STEPS[value])


def scale_text(value: int) -> str:
    """Return '4, high'."""
    return f"{value}, {step_text(value)}"


def score_text(score: int) -> str:
    """Return what a score of 1 to 25 means."""
    if score >= _SERIOUS:
        return str(_("serious"))
    return str(_("notable")) if score >= _NOTABLE else str(_("minor"))


def score_mark(score: int) -> str:
    """Return the status whose colour and shape a score is shown with."""
    if score >= _SERIOUS:
        return "off_track"
    return "at_risk" if score >= _NOTABLE else "on_track"
