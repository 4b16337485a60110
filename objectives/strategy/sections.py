"""The pages of a plan, as the row of links above each of them."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Section:
    """A page of a plan; the one that is open is current."""

    url: str
    label: Promise | str
    is_current: bool


STRATEGY = (
    ("strategy:overview", _("Overview")),
    ("strategy:identity", _("Mission, vision, values")),
    ("strategy:stakeholders", _("Stakeholders")),
    ("strategy:environment", _("PESTEL and SWOT")),
    ("strategy:rules", _("Planning rules")),
    ("strategy:communication", _("Communication plan")),
    ("strategy:organisation", _("Organisation")),
)


def sections(pages: tuple[tuple[str, Promise], ...], current: str) -> list[Section]:
    """Return the row of links; `current` is the name of the open page's address."""
    return [Section(reverse(name), label, name == current) for name, label in pages]
