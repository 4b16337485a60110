"""The SMART check: the panel on the page of an objective, and the overview by directorate."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ibzplan.core.clocks import Clocks, year_in
from objectives.planning.choices import PlanState
from objectives.planning.forms.smart import MotivationForm
from objectives.planning.models import OperationalPlan
from objectives.planning.selectors.plan_years import all_plans, current_plan, plan_years
from objectives.planning.selectors.quality import READERS_OF_ALL, reads_quality
from objectives.planning.selectors.readings import ObjectiveReading
from objectives.planning.selectors.smart import (
    CHECKED,
    MotivatedFinding,
    SmartReading,
    smart_of_plan,
    smart_readings,
)
from objectives.planning.smart import SMART_VERSION, Aspect
from objectives.planning.smart_texts import aspect_label
from objectives.planning.views.facets import ALL, Facet, asked_filters, asked_with, facet_of
from objectives.planning.views.lookup import ObjectiveAccess, clocks_of
from personnel.access import Access, access_of
from personnel.models import OrganisationUnit
from personnel.structure import units_that_plan

OBJECTIVES_PER_PAGE: Final = 25


@dataclass(frozen=True, slots=True)
class SmartPanel:
    """What the page of an objective says of the check; `form` is for who plans for its unit."""

    reading: SmartReading
    form: MotivationForm | None
    version: int


def smart_panel(
    read: ObjectiveReading,
    found: ObjectiveAccess,
    clocks: Clocks,
    *,
    bound: MotivationForm | None = None,
) -> SmartPanel | None:
    """Return the panel of an objective as its page read it; None once it was approved.

    `bound` holds what could not be saved. Whoever sees a draft sees what is to be mended in it.
    """
    shown = read.objective
    if shown.state not in CHECKED:
        return None
    (reading,) = smart_readings([shown], clocks=clocks, access=found.access, read=[read])
    form = bound
    may_write = found.may_plan and found.objective.is_open and not clocks.pinned_known
    if form is None and may_write and reading.advisory:
        form = MotivationForm(findings=reading.advisory, version=found.objective.version)
    return SmartPanel(reading, form, SMART_VERSION)


@dataclass(frozen=True, slots=True)
class UnitScore:
    """What the check says of the objectives of a directorate (`unit` None: of all shown)."""

    unit: OrganisationUnit | None
    readings: tuple[SmartReading, ...]

    @property
    def drafts(self) -> int:
        """Return how many are still with their planner."""
        return sum(one.objective.state == PlanState.DRAFT for one in self.readings)

    @property
    def submitted(self) -> int:
        """Return how many wait for the committee."""
        return len(self.readings) - self.drafts

    @property
    def aspects(self) -> list[tuple[Aspect, Fraction, Fraction | None]]:
        """Return per letter the sum of the scores, and their mean (None without objectives)."""
        sums = {
            aspect: sum((one.score.aspects[aspect] for one in self.readings), Fraction(0))
            for aspect in Aspect
        }
        n = len(self.readings)
        return [(aspect, total, total / n if n else None) for aspect, total in sums.items()]

    @property
    def whole(self) -> Fraction | None:
        """Return the mean of the scores as a whole, or None without objectives."""
        wholes = [one.score.whole for one in self.readings]
        return sum(wholes, Fraction(0)) / len(wholes) if wholes else None

    @property
    def blocking(self) -> int:
        """Return how many findings stop a submission."""
        return sum(len(one.blocking) for one in self.readings)

    @property
    def advisory(self) -> int:
        """Return how many findings ask for a motivation, given or not."""
        return sum(len(one.advisory) for one in self.readings)

    @property
    def unmotivated(self) -> int:
        """Return how many of those wait for it."""
        return sum(len(one.unmotivated) for one in self.readings)


@dataclass(frozen=True, slots=True)
class Listed:
    """An objective of the list, with those of its findings that the filters leave."""

    reading: SmartReading
    findings: tuple[MotivatedFinding, ...]


BLOCKING: Final = "blocking"
OPEN: Final = "open"
MOTIVATED: Final = "motivated"


def _weight(one: MotivatedFinding) -> str:
    if one.is_blocking:
        return BLOCKING
    return OPEN if one.is_open else MOTIVATED


# name in the address -> the value that a finding of an objective has
FACETS: Final[Mapping[str, Callable[[SmartReading, MotivatedFinding], str]]] = {
    "unit": lambda reading, _one: reading.objective.unit.code,
    "aspect": lambda _reading, one: one.finding.aspect.value,
    "severity": lambda _reading, one: _weight(one),
}


def _listed(readings: Iterable[SmartReading], asked: Mapping[str, str]) -> list[Listed]:
    """Return the objectives with a finding that all filters leave; without filters every one.

    A directorate alone keeps its objectives without findings too.
    """
    unit = asked.get("unit")
    of_findings = {name: text for name, text in asked.items() if name != "unit"}
    rows = []
    for reading in readings:
        if unit is not None and reading.objective.unit.code != unit:
            continue
        left = tuple(
            one
            for one in reading.findings
            if all(FACETS[name](reading, one) == text for name, text in of_findings.items())
        )
        if left or not of_findings:
            rows.append(Listed(reading, left))
    return rows


def _facet(
    name: str,
    title: str,
    labels: Mapping[str, tuple[str, str]],
    readings: Sequence[SmartReading],
    asked: Mapping[str, str],
    base: str,
) -> Facet:
    """Return a filter with the number of objectives that each of its values leaves."""
    counts = {
        value: len(_listed(readings, asked_with(asked, name, value))) for value in (ALL, *labels)
    }
    return facet_of(name, title, labels, counts, asked=asked, base=base, anchor="objectives")


def _plan(request: HttpRequest) -> OperationalPlan | None:
    """Return the plan of the year asked for, else the one being written, else the running one."""
    text = request.GET.get("year", "")
    if not text:
        drafts = (plan for plan in all_plans() if plan.state == PlanState.DRAFT)
        return next(drafts, None) or current_plan(None)
    plan = current_plan(year_in(text)) if year_in(text) is not None else None
    if plan is None:
        raise Http404
    return plan


def _units(access: Access, readings: Sequence[SmartReading]) -> tuple[UnitScore, ...]:
    """Return a score per directorate that the user may compare, also of those with nothing yet."""
    every = access.has(*READERS_OF_ALL)
    known = {unit.pk: unit for unit in units_that_plan() if every or unit.pk in access.unit_ids}
    by_unit: dict[int, list[SmartReading]] = {}
    for reading in readings:
        known.setdefault(reading.objective.unit_id, reading.objective.unit)
        by_unit.setdefault(reading.objective.unit_id, []).append(reading)
    return tuple(UnitScore(unit, tuple(by_unit.get(pk, ()))) for pk, unit in known.items())


@require_safe
def smart_overview(request: HttpRequest) -> HttpResponse:
    """Show how SMART the objectives of a plan are that wait; every filter is in the address.

    Headline and directorates speak of all that the user sees, whichever part the list shows.
    """
    access = access_of(request.user)
    if not reads_quality(access):
        raise PermissionDenied
    plan, clocks = _plan(request), clocks_of(request)
    if plan is None:
        return render(request, "planning/plan_absent.html", {"heading": _("SMART check")})
    readings = smart_of_plan(plan, clocks=clocks, access=access)
    units = _units(access, readings)
    labels = {
        "severity": {
            BLOCKING: (_("Stops the submission"), ""),
            OPEN: (_("Waits for a motivation"), ""),
            MOTIVATED: (_("Motivated"), ""),
        },
        "aspect": {aspect.value: (aspect_label(aspect), "") for aspect in Aspect},
        "unit": {one.unit.code: (one.unit.code, str(one.unit.title)) for one in units if one.unit},
    }
    asked = asked_filters(request, FACETS, labels)
    base = clocks.query_with(plan.year)
    titles = {"severity": _("Severity"), "aspect": _("Letter"), "unit": _("Directorate")}
    rows = _listed(readings, asked)
    page = Paginator(rows, OBJECTIVES_PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "planning/smart_overview.html",
        {
            "plan": plan,
            "clocks": clocks,
            "years": plan_years(),
            "units": units,
            "total": UnitScore(None, tuple(readings)),
            "facets": [
                _facet(name, title, labels[name], readings, asked, base)
                for name, title in titles.items()
                if len(labels[name]) > 1
            ],
            "asked": asked,
            "rows": page.object_list,
            "page": page,
            "total_left": len(rows),
            "aspects": list(Aspect),
            "withheld": sum(one.withheld for one in readings),
            "version": SMART_VERSION,
            "demo_mark": plan.is_demo,
        },
    )
