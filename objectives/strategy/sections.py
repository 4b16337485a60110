"""The pages of a plan, as the row of links above each of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Crumb = dict[str, Any]


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


def plan_page_context(
    pages: tuple[tuple[str, Promise], ...],
    plan_name: Promise,
    url_name: str,
    title: object,
    trail: Sequence[Crumb] = (),
    **content: object,
) -> dict[str, object]:
    """Return what a page of a plan needs around its own content; the first of `pages` is its home.

    `trail` stands in the breadcrumb between that and the page itself.
    """
    home, _label = pages[0]
    crumbs = [{"label": plan_name, "url": reverse(home)}, *trail, {"label": title, "url": ""}]
    return {
        "title": title,
        "sections": sections(pages, url_name),
        "breadcrumb": [] if url_name == home else crumbs,
        **content,
    }
